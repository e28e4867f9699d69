"""Runs what the pages tell people to run, each page in a copy of the tree of its own, and compares what they quote.

Every .md file of the tree is a page. Its fenced `sh` blocks are run as if typed into one shell, which begins in the root of
the copy: each begins in the directory, and with the exported variables, of the one before. The compiler is build/meshfedc. A
comment right before a block says more:

    <!-- elsewhere: FILE -->    this block is run by FILE, and not here
    <!-- needs COMMAND -->      this block is run only where there is such a command; with CI=true there must be
    <!-- exit N -->             this block ends with exit code N
    <!-- pretend: COMMAND… -->  these commands are not run; it is only checked that the files that they name exist
    <!-- output -->             this block is all that the sh block before it printed
    <!-- file: PATH -->         this block is the file PATH of the copy, as it stands after the blocks before
    <!-- part: PATH -->         this block stands in that file, line for line

Several of them are separated by ", ". Links to files and headings of the tree must lead somewhere, and what stands in
backquotes and looks like a path of the tree must be one.

usage: pages.py [--update] MESHFEDC
"""

import concurrent.futures
import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BLOCK = re.compile(r"(?:^<!-- (?P<note>[^\n]*?) -->\n)?^```(?P<lang>\w+)\n(?P<body>.*?)^```$", re.M | re.S)
CODE = re.compile(r"^```.*?^```$|`[^`\n]*`", re.M | re.S)
PATH = re.compile(r"`((?:\.ci|compiler|examples|schema|tests)/[\w.\-/]*)`")
LINK = re.compile(r"\]\(([^()\s]+)\)|\b(?:src|srcset|href)=\"([^\"]+)\"")
HEADING = re.compile(r"^#+ +(.*?) *$", re.M)
NO_PAGES = re.compile(r"\.|build(-|$)|__pycache__$")  # folders


# What stands in for commands that need Docker or a cluster: `-f FILE`, `-k DIRECTORY` and `--from-file=FILE` must be there.
PRETEND = """
pretend() {
  pretend_before=
  for pretend_word; do
    case $pretend_before,$pretend_word in
      -[fk],http*) ;;
      -[fk],*) ls -d -- "$pretend_word" >/dev/null ;;
      *,--from-file=*) ls -d -- "${pretend_word#*=}" >/dev/null ;;
    esac
    pretend_before=$pretend_word
  done
}
"""


def pretended(commands):
    return PRETEND + "".join(f'{command}() {{ pretend "$@"; }}\n' for command in commands.split()) if commands else ""


def all_pages():
    """Paths in the tree, in order."""
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [name for name in folders if not NO_PAGES.match(name)]
        yield from (os.path.relpath(os.path.join(folder, name), ROOT) for name in files if name.endswith(".md"))


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def scratch_copy(into, meshfedc):
    """The tree without Git and builds, and the compiler where examples/run.sh would build it."""
    skip = shutil.ignore_patterns(".git", "build", "build-*")
    shutil.copytree(ROOT, into, ignore=skip, symlinks=True)
    os.mkdir(os.path.join(into, "build"))
    os.symlink(meshfedc, os.path.join(into, "build", "meshfedc"))


# Where a block ended is where the next one begins. A failing command ends a block, as it ends this.
SESSION = """
if [ -e "$SESSION/variables" ]; then . "$SESSION/variables"; cd "$(cat "$SESSION/directory")"; fi
trap 'export -p >"$SESSION/variables"; pwd >"$SESSION/directory"' EXIT
"""


def run(script, work, root):
    """Exit code and everything printed, in the order in which it was. Nobody's own configuration has a say."""
    home = os.path.join(work, "home")
    os.makedirs(home, exist_ok=True)
    environment = {**os.environ, "HOME": home, "XDG_CACHE_HOME": home, "XDG_CONFIG_HOME": home, "GIT_CONFIG_NOSYSTEM": "1",
                   "SESSION": work}
    done = subprocess.run(["sh", "-eu", "-c", SESSION + script], cwd=root, stdin=subprocess.DEVNULL, env=environment,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return done.returncode, done.stdout


def anchors(text):
    """What links to the headings of a page end with, as GitHub makes it."""
    words = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in HEADING.findall(BLOCK.sub("", text)))
    return {word.replace(" ", "-") for word in words}


class Page:
    def __init__(self, path, meshfedc):
        self.path, self.meshfedc = path, meshfedc
        self.text = read(os.path.join(ROOT, path))
        self.passed, self.skipped, self.problems, self.stale = 0, [], [], []
        self.scratch = None
        self.printed = ""  # by the last block that was run; None after one that was not

    def expect(self, good, offset, problem, stale=False):
        """`stale` is what an update corrects."""
        if good:
            self.passed += 1
        else:
            line = self.text.count("\n", 0, offset) + 1
            (self.stale if stale else self.problems).append(f"{self.path}:{line}: {problem}")

    def block(self, match):
        """The block as it should be."""
        note, lang, body = match["note"] or "", match["lang"], match["body"]
        notes = dict(one.partition(" ")[::2] for one in note.split(", "))
        should = body
        if "elsewhere:" in notes:
            where = notes["elsewhere:"]
            self.expect(os.path.isfile(os.path.join(ROOT, where)), match.start(), f"there is no {where}")
        elif lang == "sh":
            self.command(match, notes)
        elif "output" in notes and self.printed is None:
            return match[0]
        elif "output" in notes:
            should = self.printed
        elif "file:" in notes:
            should = read(os.path.join(self.scratch, notes["file:"]))
        elif "part:" in notes:
            whole = read(os.path.join(self.scratch, notes["part:"]))
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
                self.skipped.append(f"{self.path}: SKIPPED, there is no {needed}:\n{body}")
            return
        code, self.printed = run(pretended(notes.get("pretend:")) + body, os.path.dirname(self.scratch), self.scratch)
        wanted = int(notes.get("exit", 0))
        self.expect(code == wanted, match.start(), f"ends with {code}, not {wanted}:\n{body}{self.printed}")

    def links(self):
        prose = CODE.sub(lambda match: " " * len(match[0]), self.text)
        for match in LINK.finditer(prose):
            target = match[1] or match[2]
            if re.match(r"[a-z]+:", target):
                continue
            path, _, anchor = target.partition("#")
            file = os.path.normpath(os.path.join(ROOT, os.path.dirname(self.path), path)) if path else None
            there = os.path.exists(file) if file else True
            if there and anchor:
                there = anchor in anchors(read(file) if file else self.text)
            self.expect(there, match.start(), f"{target} leads nowhere")

    def paths(self):
        for match in PATH.finditer(BLOCK.sub(lambda block: " " * len(block[0]), self.text)):
            self.expect(os.path.exists(os.path.join(ROOT, match[1])), match.start(), f"there is no {match[1]}")

    def check(self):
        """The text as it should be, which is what an update writes."""
        self.links()
        self.paths()
        commands = any(match["lang"] == "sh" or match["note"] for match in BLOCK.finditer(self.text))
        with tempfile.TemporaryDirectory() as work:
            self.scratch = os.path.join(work, "meshfedc")
            if commands:
                scratch_copy(self.scratch, self.meshfedc)
            text = BLOCK.sub(self.block, self.text)
        self.expect(self.stale or text == self.text, 0, "an update would change what is right", stale=True)
        return text


def main():
    update, meshfedc = sys.argv[1] == "--update", os.path.abspath(sys.argv[-1])
    pages = [Page(path, meshfedc) for path in sorted(all_pages())]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        texts = list(pool.map(Page.check, pages))
    problems = []
    for page, text in zip(pages, texts):
        if update and text != page.text:
            with open(os.path.join(ROOT, page.path), "w", encoding="utf-8") as file:
                file.write(text)
        problems += page.problems if update else page.problems + page.stale
        if not update:
            problems_here = len(page.problems) + len(page.stale)
            print(f"{page.path}: {page.passed} right, {problems_here} wrong")
            print("".join(page.skipped), end="")
    for problem in problems:
        print(problem)
    if not update:
        skips = sum(len(page.skipped) for page in pages)
        skipped = f", {skips} skipped" if skips else ""
        print(f"{sum(page.passed for page in pages)} passed, {len(problems)} failed{skipped}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
