"""Runs what README.md tells people to run, in a copy of the tree, and compares what it quotes with what is there.

Every fenced `sh` block is run, in order, in one scratch copy that has the compiler as build/meshfedc. A comment right
before a block says more:

    <!-- elsewhere: WHERE -->   this block is run by WHERE, and not here
    <!-- exit N -->             this block ends with exit code N
    <!-- output -->             this block is all that the sh block before it printed
    <!-- file: PATH -->         this block is the file PATH, as it stands after the blocks before
    <!-- part: PATH -->         this block stands in that file, line for line

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
    """Exit code and everything printed, in the order in which it was."""
    done = subprocess.run(["sh", "-eu", "-c", script], cwd=directory, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return done.returncode, done.stdout


class Checker:
    def __init__(self, text, scratch, meshfedc):
        self.text, self.scratch, self.meshfedc = text, scratch, meshfedc
        self.passed, self.problems, self.stale = 0, [], []
        self.printed = ""

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
        word, _, rest = note.partition(" ")
        should = body
        if lang == "sh" and word != "elsewhere:":
            code, self.printed = run(body, self.scratch)
            wanted = int(rest) if word == "exit" else 0
            self.expect(code == wanted, match.start(), f"ends with {code}, not {wanted}:\n{body}{self.printed}")
        elif word == "output":
            should = self.printed
        elif word == "file:":
            should = self.read(rest)
        elif word == "part:":
            self.expect("\n" + body in "\n" + self.read(rest), match.start(), f"does not stand in {rest}")
        elif lang in ("text", "yaml", "json"):
            self.expect(not re.search(r"MF\d{4}|apiVersion", body), match.start(), "quotes output, and nothing checks it")
        if word in ("output", "file:"):
            self.expect(body == should, match.start(), f"is not {note} any more; it should be\n{should}", stale=True)
        return match[0][: len(match[0]) - len(body) - len("```")] + should + "```"

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
        print(f"{checker.passed} passed, {len(problems)} failed")
    return 1 if problems else 0


sys.exit(main())
