"""Runs the steps of a workflow as a runner does, on pull requests of a repository made for it.

usage: run.py MESHFEDC ACTIONLINT WORKFLOW

A runner's own part is played here: expressions (the few that the workflow has), the merge that `actions/checkout` leaves, and
`gh`, which writes down what it was called with. The rest is the real thing.
"""

import os
import re
import subprocess
import sys
import tempfile

import yaml

MESHFEDC, ACTIONLINT, WORKFLOW = sys.argv[1:]
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SEED = os.path.join(ROOT, "examples/seed/federation.toml")
EXPRESSIONS = {"github.token": "token", "github.event.pull_request.number": "17",
               "github.server_url": "https://git.example.com", "github.repository": "mesh/federation",
               "github.run_id": "4711"}
IF_RIGHT = "${{ !cancelled() && steps.right.outcome == 'success' }}"
GH = """#!/bin/sh
printf '%s\\n' "$GH_TOKEN $*" > "$RUNNER_TEMP/gh"
while [ "$1" != --body-file ]; do shift; done
cat "$2" > "$RUNNER_TEMP/posted"
"""


def steps():
    with open(WORKFLOW, encoding="utf-8") as file:
        return [step for step in yaml.safe_load(file)["jobs"]["federation"]["steps"] if "run" in step]


def evaluated(text):
    return re.sub(r"\$\{\{ (.*?) \}\}", lambda found: EXPRESSIONS[found[1]], str(text))


class Repository:
    """A base with a built tree, and the merge of a pull request into it checked out."""

    def __init__(self, work, source, build):
        self.path = os.path.join(work, "repository")
        self.temporary = os.path.join(work, "temporary")
        tools = os.path.join(work, "bin")
        for folder in (self.path, self.temporary, tools):
            os.mkdir(folder)
        os.symlink(MESHFEDC, os.path.join(tools, "meshfedc"))
        with open(os.path.join(tools, "gh"), "w", encoding="utf-8") as file:
            file.write(GH)
        os.chmod(file.name, 0o755)
        self.environment = {"PATH": tools + ":" + os.environ["PATH"], "HOME": work, "RUNNER_TEMP": self.temporary,
                            "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.com",
                            "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.com"}
        with open(SEED, encoding="utf-8") as file:
            base = file.read().replace("#:schema ../../schema/federation.schema.json\n", "")
        self.git("init", "-q", "-b", "main")
        self.commit(base, True)
        self.git("checkout", "-q", "-b", "change")
        self.commit(source(base), build)
        self.git("checkout", "-q", "--detach", "main")
        self.git("merge", "-q", "--no-ff", "-m", "merge", "change")

    def git(self, *arguments):
        subprocess.run(["git", *arguments], cwd=self.path, env=self.environment, check=True)

    def commit(self, source, build):
        with open(os.path.join(self.path, "federation.toml"), "w", encoding="utf-8") as file:
            file.write(source)
        if build:
            subprocess.run(["meshfedc", "build", "-o", "clusters"], cwd=self.path, env=self.environment, check=True,
                           capture_output=True)
        self.git("add", "--all")
        self.git("commit", "-q", "-m", "change")

    def run(self):
        """The outcome of each step by its name, and what all of them printed."""
        outcomes, said, right = {}, "", False
        for step in steps():
            condition = step.get("if", "success()")
            assert condition in ("success()", IF_RIGHT), condition
            due = right if condition == IF_RIGHT else "failure" not in outcomes.values()
            if not due:
                outcomes[step["name"]] = "skipped"
                continue
            added = {name: evaluated(value) for name, value in step.get("env", {}).items()}
            done = subprocess.run(["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]], cwd=self.path,
                                  env=self.environment | added, text=True, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, check=False)
            outcomes[step["name"]] = "failure" if done.returncode else "success"
            right = right or (step.get("id") == "right" and not done.returncode)
            said += done.stdout
        return list(outcomes.values()), said

    def temporary_file(self, name):
        path = os.path.join(self.temporary, name)
        if not os.path.exists(path):
            return ""
        with open(path, encoding="utf-8") as file:
            return file.read()


def moved(text):
    return text.replace("number = 8000", "number = 8001")


def misspelt(text):
    return text.replace('from = ["west-mesh"]', 'from = ["wset-mesh"]')


CASES = [
    ("a change that was built", moved, True, ["success", "success", "success", "success"], [], ["8000", "8001"]),
    ("a change that was not built", moved, False, ["success", "failure", "success", "success"],
     ["different clusters/east-cluster/httpbin/httpbin.mesh.global.yaml"], ["8000", "8001"]),
    ("a mistake", misspelt, False, ["failure", "skipped", "skipped", "skipped"],
     ["::error file=federation.toml,line=", "MF0301"], []),
    ("a comment in the source", lambda text: text + "# nothing\n", True, ["success", "success", "success", "success"], [],
     ["no differences in 2 clusters"]),
]


def case(work, source, build, outcomes, says, posts):
    repository = Repository(work, source, build)
    found, said = repository.run()
    assert found == outcomes, (found, said)
    for part in says:
        assert part in said, (part, said)
    posted = repository.temporary_file("posted")
    assert bool(posted) == bool(posts), posted
    for part in posts:
        assert part in posted, (part, posted)
    page = repository.temporary_file("federation.html")
    assert page.startswith("<!doctype html>") == bool(posts), page[:100]
    if posts:
        assert "(https://git.example.com/mesh/federation/actions/runs/4711)" in posted, posted
        called = repository.temporary_file("gh")
        assert re.fullmatch(r"token pr comment 17 --body-file \S+ --edit-last --create-if-none\n", called), called


def lint(path):
    return subprocess.run([ACTIONLINT, path], capture_output=True, text=True, check=False)


def broken_is_seen(work):
    with open(WORKFLOW, encoding="utf-8") as file:
        text = file.read()
    path = os.path.join(work, "broken.yaml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace("steps.right.outcome", "steps.wrong.outcome"))
    assert lint(path).returncode == 1


def clean(_):
    done = lint(WORKFLOW)
    assert done.returncode == 0, done.stdout


def main():
    tests = [("actionlint has nothing to say", clean), ("actionlint sees a step that is not there", broken_is_seen)]
    for name, *rest in CASES:
        tests.append((name, lambda work, rest=rest: case(work, *rest)))
    failed = 0
    for name, test in tests:
        with tempfile.TemporaryDirectory() as work:
            try:
                test(work)
            except (AssertionError, subprocess.CalledProcessError) as problem:
                failed += 1
                print(f"{name}: FAILED: {problem}")
    print(f"{len(tests) - failed} passed, {failed} failed")
    return failed > 0


sys.exit(main())
