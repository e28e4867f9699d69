"""Types unfinished command lines and Tab into shells on a pseudo-terminal, and looks at what has become of them.

Behind the Tab, Ctrl-A goes to the start of the line and puts the command `show` there, which writes its arguments to a
file: the line itself is then what is looked at, and no screen has to be read.

usage: typed.py MESHFEDC
"""

import os
import pty
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

MESHFEDC = os.path.abspath(sys.argv[1])
PATIENCE = 60  # seconds; only a failure takes so long

# What is typed behind `meshfedc `, and the arguments that it becomes.
LINES = [
    ("val", ["validate"]),
    ("-v expl", ["-v", "explain"]),
    ("build --dry", ["build", "--dry-run"]),
    ("build --format gi", ["build", "--format", "github"]),
    ("build --format=gi", ["build", "--format=github"]),
    ("build --cluster we", ["build", "--cluster", "west-cluster"]),
    ("build -f other/federation.toml --cluster no", ["build", "-f", "other/federation.toml", "--cluster", "north"]),
    ("validate -f fede", ["validate", "-f", "federation.toml"]),
    ("validate --file=fede", ["validate", "--file=federation.toml"]),
    ("build -o my", ["build", "-o", "my manifests"]),
    ("explain MF03", None),  # several codes: the line stays, up to what they share
    ("completion z", ["completion", "zsh"]),
    ("nonsense x", ["nonsense", "x"]),
]

SHELLS = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], "source <(meshfedc completion bash)"),
    "zsh": (["zsh", "-f", "-i"],
            "autoload -Uz compinit && compinit -u -D && source <(meshfedc completion zsh)"),
    "zsh, installed": (["zsh", "-f", "-i"],
                       "meshfedc completion zsh > functions/_meshfedc; fpath=($PWD/functions $fpath); "
                       "autoload -Uz compinit && compinit -u -D"),
    "fish": (["fish", "-i"], "meshfedc completion fish | source"),
}


def scene(directory):
    """A working directory with something to complete, and a folder of programs."""
    os.makedirs(directory + "/bin")
    os.symlink(MESHFEDC, directory + "/bin/meshfedc")
    with open(directory + "/bin/show", "w", encoding="utf-8") as file:
        file.write('#!/bin/sh\nfor word; do printf "%s\\n" "$word"; done >"$SHOWN.new"\nmv "$SHOWN.new" "$SHOWN"\n')
    os.chmod(directory + "/bin/show", 0o755)
    for name in ("here/functions", "here/my manifests", "here/other", "home"):
        os.makedirs(f"{directory}/{name}")
    # Where this is missing, fish fills it in the background, and is not done when the shell ends.
    os.makedirs(directory + "/home/.local/share/fish/generated_completions")
    subprocess.run([MESHFEDC, "init"], cwd=directory + "/here", check=True, capture_output=True)
    with open(directory + "/here/other/federation.toml", "w", encoding="utf-8") as file:
        file.write("[cluster.north]\n")
    with open(directory + "/here/my text", "w", encoding="utf-8"):
        pass  # what is no directory is not offered where one is asked for


class Terminal:
    """A shell that believes that somebody types."""

    def __init__(self, command, directory):
        self.shown = directory + "/shown"
        self.screen = b""
        environment = {"PATH": directory + "/bin:" + os.environ["PATH"], "HOME": directory + "/home", "TERM": "xterm",
                       "SHOWN": self.shown, "LC_ALL": "C.UTF-8", "PS1": "> "}
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.chdir(directory + "/here")
            os.execvpe(command[0], command, environment)
        threading.Thread(target=self.drain, daemon=True).start()

    def drain(self):
        try:
            while data := os.read(self.terminal, 4096):
                self.screen += data
        except OSError:
            pass  # the shell is gone

    def type(self, text):
        """What `show` was given; None if it was not run."""
        if os.path.exists(self.shown):
            os.remove(self.shown)
        os.write(self.terminal, text.encode())
        for _ in range(PATIENCE * 20):
            if os.path.exists(self.shown):
                with open(self.shown, encoding="utf-8") as file:
                    return file.read().split("\n")[:-1]
            time.sleep(0.05)
        return None

    def close(self):
        os.kill(self.pid, signal.SIGKILL)  # interactive shells mind no politer signal
        os.waitpid(self.pid, 0)


def typed_into(name, directory):
    """Each line with what it became; stops at a shell that does not answer any more."""
    command, setup = SHELLS[name]
    terminal = Terminal(command, directory)
    try:
        if terminal.type(f"{setup}; show ready\r") != ["ready"]:
            yield "the start", "ready", terminal.screen[-400:]
            return
        for line, wanted in LINES:
            found = terminal.type(f"meshfedc {line}\t\x01show \r")
            if wanted is None:
                wanted = line.split()
                found = found and [*found[1:-1], found[-1][: len(wanted[-1])]]
            else:
                wanted = ["meshfedc", *wanted]
            # Zsh takes the slash behind a directory away again when the cursor leaves it.
            yield line, wanted, found and [word.removesuffix("/") for word in found]
            if found is None:
                return
    finally:
        terminal.close()


def main():
    passed, failed, skipped = 0, 0, 0
    for name, (command, _) in SHELLS.items():
        if not shutil.which(command[0]):
            print(f"{name}: no {command[0]}: {'FAILED' if os.environ.get('CI') == 'true' else 'SKIPPED'}")
            failed += os.environ.get("CI") == "true"
            skipped += os.environ.get("CI") != "true"
            continue
        with tempfile.TemporaryDirectory() as directory:
            scene(directory)
            for line, wanted, found in typed_into(name, directory):
                passed += wanted == found
                if wanted != found:
                    failed += 1
                    print(f"{name}: `meshfedc {line}` and Tab became {found}, not {wanted}")
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed else 0


sys.exit(main())
