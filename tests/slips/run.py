#!/usr/bin/env python3
"""Slips of newcomers: what the compiler says of one mistake in a file that is otherwise right.

    tests/slips/run.py MESHFEDC [-v]

Of each slip in slips.txt: the place is right, there is one report, and the printed edit, made as it is printed, gives a
file that `validate` accepts. Slips of [discover.*] find the manifests in k8s/. Then every line of federation.toml is broken in the same few ways, and each must be one
report. Prints what is missing, and counts."""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
BASE = (HERE / "federation.toml").read_text(encoding="utf-8")
LEAST_EDITS, LEAST_ONCE = 95 / 110, 105 / 110


class Slip:
    def __init__(self, title: str, codes: list[str]):
        self.title, self.codes = title, codes
        self.pattern = None
        self.edits = []  # [old lines, new lines], in the order of the block

    def file(self) -> str:
        """The file with the mistake, and marks around the bytes to blame."""
        text = "\n" + BASE
        for old, new in self.edits:
            before = "\n" + "\n".join(old) + "\n"
            assert text.count(before) == 1, f"{self.title}: {before!r} is there {text.count(before)} times"
            text = text.replace(before, "\n" + "\n".join(new) + "\n")
        return text[1:]


def read_slips() -> list[Slip]:
    slips = []
    for line in (HERE / "slips.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("= "):
            title, codes = line[2:].rsplit(" | ", 1)
            slips.append(Slip(title, codes.split()))
        elif line.startswith("- "):
            if not slips[-1].edits or slips[-1].edits[-1][1]:
                slips[-1].edits.append([[], []])
            slips[-1].edits[-1][0].append(line[2:])
        elif line == "+" or line.startswith("+ "):
            slips[-1].edits[-1][1].append(line[2:])
        elif line.startswith("? "):
            slips[-1].pattern = line[2:]
    return slips


def diagnose(program: str, text: str) -> list[dict]:
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "federation.toml"
        path.write_text(text, encoding="utf-8")
        shutil.copytree(HERE / "k8s", Path(directory) / "k8s")
        run = subprocess.run([program, "validate", "--format", "json", "-f", str(path)], capture_output=True)
    assert run.returncode in (0, 2), f"exit code {run.returncode}: {run.stderr.decode()}\n{text}"
    return json.loads(run.stderr or '{"diagnostics": []}')["diagnostics"]


def offset(text: str, line: int, column: int) -> int:
    lines = text.split("\n")
    return sum(len(one) + 1 for one in lines[: line - 1]) + column - 1


def span(text: str, place: dict) -> tuple[int, int]:
    return offset(text, place["line"], place["column"]), offset(text, place["endLine"], place["endColumn"])


def mended(text: str, fix: dict) -> str:
    begin, end = span(text, fix)
    return text[:begin] + fix["replacement"] + text[end:]


def errors(reports: list[dict]) -> list[str]:
    return [f"{one['code']} {one['line']}: {one['message']}" for one in reports if one["severity"] == "error"]


class Judge:
    def __init__(self, program: str, verbose: bool):
        self.program, self.verbose = program, verbose
        self.counts = {"place": 0, "code": 0, "edit": 0, "once": 0}
        self.said = []

    def judge(self, slip: Slip):
        marked = slip.file()
        begin = marked.index("«")
        end = marked.rindex("»") - 1
        text = marked.replace("«", "").replace("»", "")
        reports = diagnose(self.program, text)
        first = next((one for one in reports if one["severity"] == "error"), None)
        self.check(slip, "once", len(reports) == 1, f"{len(reports)} reports: {[r['code'] + ' ' + r['message'] for r in reports]}")
        if not first:
            for what in ("place", "code", "edit"):
                self.check(slip, what, False, "no error")
            return
        at = span(text, first)
        where = f"{first['line']}:{first['column']}-{first['endColumn']} {text[at[0]:at[1]]!r}: {first['message']}"
        self.check(slip, "place", begin <= at[0] and at[1] <= max(end, begin), where)
        self.check(slip, "code", first["code"] in slip.codes, f"{first['code']}: {first['message']}")
        self.check_edit(slip, text, first)
        if self.verbose:
            fix = first["fix"] and first["fix"]["replacement"]
            print(f"{slip.title}: {first['code']} {first['message']}\n    help: {first['help']}\n    fix: {fix!r}")

    def check_edit(self, slip: Slip, text: str, report: dict):
        if report["fix"]:
            left = errors(diagnose(self.program, mended(text, report["fix"])))
            self.check(slip, "edit", not left, f"after {report['fix']['replacement']!r}: {left}")
        else:
            said = report["message"] + " " + (report["help"] or "")
            known = slip.pattern and re.search(slip.pattern, said, re.I)
            self.check(slip, "edit", False, f"no edit; {report['help']}", quiet=bool(known))

    def check(self, slip: Slip, what: str, right: bool, detail: str, quiet: bool = False):
        self.counts[what] += right
        if not right and not quiet:
            self.said.append(f"{slip.title}: {what}: {detail}")


def sweeps() -> list[tuple[str, str]]:
    """Every `key = value` line of the base, broken: what, and the file."""
    lines = BASE.split("\n")
    found = []
    for number, line in enumerate(lines):
        key = re.match(r"([a-z_.]+) = (.+)$", line)
        if not key or key[2] == "[":
            continue
        broken = {
            "as YAML": f"{key[1]}: {key[2]}",
            "without a value": f"{key[1]} =",
            "with another at its end": f"{line} ,,",
            "with an unknown key below": f"{line}\nqqq_{number} = 1",
            "of a wrong type": f"{key[1]} = 2024-05-19",
            "twice": f"{line}\n{line}",
        }
        for what, new in broken.items():
            found.append((f"line {number + 1} {what}", "\n".join(lines[:number] + [new] + lines[number + 1 :])))
    for number, line in enumerate(lines):
        if line.startswith("[") and line.endswith("]"):
            found.append((f"line {number + 1} not closed", "\n".join(lines[:number] + [line[:-1]] + lines[number + 1 :])))
    return found


def main() -> int:
    program, verbose = str(Path(sys.argv[1]).resolve()), "-v" in sys.argv[2:]
    assert not diagnose(program, BASE), "federation.toml itself is not clean"
    judge = Judge(program, verbose)
    slips = read_slips()
    for slip in slips:
        judge.judge(slip)
    swept = 0
    for what, text in sweeps():
        reports = diagnose(program, text)
        if len(reports) == 1:
            swept += 1
        else:
            judge.said.append(f"{what}: {len(reports)} reports: {[r['code'] + ' ' + r['message'] for r in reports]}")
    all_swept = len(sweeps())
    print("\n".join(judge.said))
    least = {"place": 1, "code": 1, "edit": LEAST_EDITS, "once": LEAST_ONCE}
    failed = sum(judge.counts[what] < share * len(slips) for what, share in least.items()) + (swept < all_swept)
    print(f"{len(slips)} slips: place {judge.counts['place']}, code {judge.counts['code']}, edit {judge.counts['edit']}, "
          f"once {judge.counts['once']}; {swept} of {all_swept} broken lines once")
    print(f"{5 - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
