"""Runs what README.md tells people to run, in a copy of the tree, and compares what it quotes with what is there.

Every fenced `sh` block is run, in order, in one scratch copy that has the compiler as build/meshfedc. A comment right
before a block says more:

    <!-- elsewhere: WHERE -->   this block is run by WHERE, and not here
    <!-- needs COMMAND -->      this block is run only where there is such a command; with CI=true there must be
    <!-- exit N -->             this block ends with exit code N
    <!-- output -->             this block is all that the sh block before it printed
    <!-- file: PATH -->         this block is the file PATH, as it stands after the blocks before
    <!-- part: PATH -->         this block stands in that file, line for line

Several of them are separated by ", ".

What stands between <!-- keys --> and <!-- end of keys --> is the compiler's own key reference.

usage: readme.py [--update] MESHFEDC
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
README = os.path.join(ROOT, "README.md")
BLOCK = re.compile(r"(?:^<!-- (?P<note>[^\n]*?) -->\n)?^```(?P<lang>\w+)\n(?P<body>.*?)^```$", re.M | re.S)
KEYS = re.compile(r"(?<=^<!-- keys -->\n).*?(?=^<!-- end of keys -->$)", re.M | re.S)


def scratch_copy(into, meshfedc):
    """The tree without Git and builds, and the compiler where examples/run.sh would build it."""
    skip = shutil.ignore_patterns(".git", "build", "build-*")
    shutil.copytree(ROOT, into, ignore=skip, symlinks=True)
    os.mkdir(os.path.join(into, "build"))
    os.symlink(os.path.abspath(meshfedc), os.path.join(into, "build", "meshfedc"))


def run(script, directory):
    """Exit code and everything printed, in the order in which it was. Nobody's own configuration has a say."""
    home = os.path.join(os.path.dirname(directory), "home")
    os.makedirs(home, exist_ok=True)
    environment = {**os.environ, "HOME": home, "XDG_CACHE_HOME": home, "XDG_CONFIG_HOME": home, "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(["sh", "-eu", "-c", script], cwd=directory, stdin=subprocess.DEVNULL, env=environment,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return done.returncode, done.stdout


class Checker:
    def __init__(self, text, scratch, meshfedc):
        self.text, self.scratch, self.meshfedc = text, scratch, meshfedc
        self.passed, self.skipped, self.problems, self.stale = 0, 0, [], []
        self.printed = ""  # by the last block that was run; None after one that was not

    def expect(self, good, offset, problem, stale=False):
        """Stale is what an update mends."""
        if good:
            self.passed += 1
        else:
            line = self.text.count("\n", 0, offset) + 1
            (self.stale if stale else self.problems).append(f"README.md:{line}: {problem}")

    def read(self, path):
        with open(os.path.join(self.scratch, path), encoding="utf-8") as file:
            return file.read()

    def block(self, match):
        """The block as it should be."""
        note, lang, body = match["note"] or "", match["lang"], match["body"]
        notes = dict(one.partition(" ")[::2] for one in note.split(", "))
        should = body
        if lang == "sh" and "elsewhere:" not in notes:
            self.command(match, notes)
        elif "output" in notes and self.printed is None:
            return match[0]
        elif "output" in notes:
            should = self.printed
        elif "file:" in notes:
            should = self.read(notes["file:"])
        elif "part:" in notes:
            whole = self.read(notes["part:"])
            self.expect("\n" + body in "\n" + whole, match.start(), f"does not stand in {notes['part:']}")
        elif lang in ("text", "yaml", "json"):
            self.expect(not re.search(r"MF\d{4}|apiVersion", body), match.start(), "quotes output, and nothing checks it")
        if "output" in notes or "file:" in notes:
            self.expect(body == should, match.start(), f"is not {note} any more; it should be\n{should}", stale=True)
        return match[0][: len(match[0]) - len(body) - len("```")] + should + "```"

    def command(self, match, notes):
        body, needed = match["body"], notes.get("needs")
        if needed and not shutil.which(needed):
            self.printed = None
            if os.environ.get("CI") == "true":
                self.expect(False, match.start(), f"cannot be run: there is no {needed}")
            else:
                self.skipped += 1
                print(f"README.md: SKIPPED, there is no {needed}:\n{body}")
            return
        code, self.printed = run(body, self.scratch)
        wanted = int(notes.get("exit", 0))
        self.expect(code == wanted, match.start(), f"ends with {code}, not {wanted}:\n{body}{self.printed}")

    def keys(self, match):
        done = subprocess.run([self.meshfedc, "schema", "--format", "markdown"], stdout=subprocess.PIPE, text=True,
                              check=True)
        should = "\n" + done.stdout.strip("\n") + "\n\n"
        self.expect(match[0] == should, match.start(), "the key reference is not the compiler's", stale=True)
        return should

    def all(self):
        text = BLOCK.sub(self.block, self.text)
        reference = KEYS.search(text)
        self.expect(reference is not None, 0, "no place for the key reference")
        return KEYS.sub(self.keys, text)


def main():
    update, meshfedc = sys.argv[1] == "--update", sys.argv[-1]
    with open(README, encoding="utf-8") as file:
        text = file.read()
    with tempfile.TemporaryDirectory() as work:
        scratch = os.path.join(work, "meshfedc")
        scratch_copy(scratch, meshfedc)
        checker = Checker(text, scratch, os.path.abspath(meshfedc))
        updated = checker.all()
    if update and updated != text:
        with open(README, "w", encoding="utf-8") as file:
            file.write(updated)
    problems = checker.problems if update else checker.problems + checker.stale
    for problem in problems:
        print(problem)
    if not update:
        skipped = f", {checker.skipped} skipped" if checker.skipped else ""
        print(f"{checker.passed} passed, {len(problems)} failed{skipped}")
    return 1 if problems else 0


sys.exit(main())
