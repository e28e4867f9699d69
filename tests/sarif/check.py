"""Reads what `meshfedc validate --format sarif` prints as a code scanning service would.

usage: check.py MESHFEDC SCHEMA
"""

import copy
import glob
import json
import os
import re
import subprocess
import sys
import tempfile
import urllib.parse

import jsonschema

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
MESHFEDC = os.path.abspath(sys.argv[1])
URI = re.compile(r"(file:///)?([A-Za-z0-9._~!$&'()*+,;=@/-]|%[0-9A-F]{2})*")

# Where a good log is made bad, so that the schema is known to look.
BROKEN = [
    (("version",), "2.0.0"),
    (("runs", 0, "tool"), None),
    (("runs", 0, "columnKind"), "bytes"),
    (("runs", 0, "results", 0, "message"), None),
    (("runs", 0, "results", 0, "level"), "fatal"),
    (("runs", 0, "results", 0, "locations", 0, "physicalLocation", "region", "startLine"), 0),
    (("runs", 0, "results", 0, "code"), "MF0301"),
    (("runs", 0, "results", 0, "partialFingerprints", "primaryLocationLineHash"), 7),
]


def run(path, directory):
    """The log, as text."""
    done = subprocess.run([MESHFEDC, "validate", "--format", "sarif", "-f", path], cwd=directory, capture_output=True,
                          text=True, check=False)
    assert done.returncode in (0, 2, 4) and not done.stdout, done
    return done.stderr


def put(document, path, value):
    """A copy with the value at the path; None removes it."""
    changed = copy.deepcopy(document)
    place = changed
    for key in path[:-1]:
        place = place[key]
    if value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return changed


def locations(log):
    """Every physical location of the results, and of what belongs to them."""
    for result in log["runs"][0]["results"]:
        yield from (place["physicalLocation"] for place in result["locations"] + result.get("relatedLocations", []))
        for fix in result.get("fixes", []):
            for change in fix["artifactChanges"]:
                for replacement in change["replacements"]:
                    yield {"artifactLocation": change["artifactLocation"], "region": replacement["deletedRegion"]}


def wrong_place(location, root):
    """What is wrong with a place, in words."""
    uri = location["artifactLocation"]["uri"]
    if not URI.fullmatch(uri):
        return f"{uri} is no URI"
    if location["artifactLocation"].get("uriBaseId") != "%SRCROOT%":
        return f"{uri} is not relative to the repository"
    with open(os.path.join(root, urllib.parse.unquote(uri)), encoding="utf-8", errors="replace") as file:
        lines = file.read().split("\n")
    region = location["region"]
    for line, column in ((region["startLine"], region["startColumn"]), (region["endLine"], region["endColumn"])):
        if line > len(lines) or column > len(lines[line - 1]) + 1:
            return f"{uri}:{line}:{column} is outside of the file"
    return None


def wrong_rules(log):
    rules = log["runs"][0]["tool"]["driver"]["rules"]
    if len({rule["id"] for rule in rules}) != len(rules):
        return "a rule twice"
    for result in log["runs"][0]["results"]:
        if rules[result["ruleIndex"]]["id"] != result["ruleId"]:
            return f"{result['ruleId']} points to another rule"
    for rule in rules:
        if not (rule["shortDescription"]["text"] and rule["help"]["text"].startswith(rule["id"]) and rule["help"]["markdown"]):
            return f"{rule['id']} without an explanation"
    return None


def fingerprints(log):
    return [(r["ruleId"], r["partialFingerprints"]["primaryLocationLineHash"]) for r in log["runs"][0]["results"]]


def main():
    problems, passed = [], 0

    def expect(good, problem):
        nonlocal passed
        passed += bool(good)
        if not good:
            problems.append(problem)

    def expect_none(problem, where):
        expect(not problem, f"{where}: {problem}")

    with open(sys.argv[2], encoding="utf-8") as file:
        validator = jsonschema.Draft4Validator(json.load(file))

    def errors(log):
        return "; ".join(f"{'/'.join(map(str, error.path))}: {error.message[:200]}" for error in validator.iter_errors(log))

    seen = set()
    for path in sorted(glob.glob(ROOT + "/examples/*/federation.toml") + glob.glob(ROOT + "/tests/diag/*/federation.toml")):
        name = os.path.relpath(path, ROOT)
        # A repository of its own, and the working directory is not its root.
        with tempfile.TemporaryDirectory() as root:
            subprocess.run(["cp", "-r", os.path.dirname(path), root + "/a b"], check=True)
            os.mkdir(root + "/.git")
            text = run("federation.toml", root + "/a b")
            log = json.loads(text)
            places = [wrong_place(location, root) for location in locations(log)]
            expect(text == run("federation.toml", root + "/a b"), f"{name}: another text the second time")
        expect_none(errors(log), name)
        expect_none(next(filter(None, places), None), name)
        expect_none(wrong_rules(log), name)
        seen.update(result["ruleId"] for result in log["runs"][0]["results"])
    expect(len(seen) > 50, f"only {len(seen)} rules were seen")

    with tempfile.TemporaryDirectory() as root:
        missing = json.loads(run("missing.toml", root))
        expect_none(errors(missing), "a missing file")
        invocation = missing["runs"][0]["invocations"][0]
        expect(not invocation["executionSuccessful"] and invocation["toolExecutionNotifications"], "a missing file is no failure")

        with open(ROOT + "/examples/seed/federation.toml", encoding="utf-8") as file:
            seed = file.read().replace('to = ["east-mesh"]', 'to = ["east-mehs"]')
        logs = []
        for text in (seed, "# a new line\n\n" + seed):
            with open(root + "/federation.toml", "w", encoding="utf-8") as file:
                file.write(text)
            logs.append(json.loads(run("federation.toml", root)))
        expect(fingerprints(logs[0]) == fingerprints(logs[1]), "lines before a line change its fingerprint")
        expect(len(set(fingerprints(logs[0]))) == len(fingerprints(logs[0])), "two results with one fingerprint")
        for path, value in BROKEN:
            expect(errors(put(logs[0], path, value)), f"the schema accepts {path} = {value!r}")

    for problem in problems:
        print(problem)
    print(f"{passed} passed, {len(problems)} failed")
    return 1 if problems else 0


sys.exit(main())
