#!/usr/bin/env python3
"""How long the compiler itself takes to compile: compile_time.py [CMAKE_ARGUMENT...]

Builds the program in a new directory, as a release and without a compiler cache, and prints the processor time for each
1,000 lines of compiler/, and the wall time until the program is linked again after an edit of one command. Figures to be
looked at: it proves nothing and fails nothing.
"""
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
COMMAND = "validate.cpp"


def processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def build(directory: str) -> None:
    subprocess.run(["ninja", "-C", directory, "meshfedc"], check=True, stdout=sys.stderr)


def main(arguments: list[str]) -> int:
    sources = [path for path in (ROOT / "compiler").rglob("*") if path.suffix in (".cpp", ".hpp")]
    lines = sum(path.read_bytes().count(b"\n") for path in sources)
    command = next(path for path in sources if path.name == COMMAND)
    with tempfile.TemporaryDirectory() as directory:
        subprocess.run(["cmake", "-S", ROOT, "-B", directory, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release",
                        "-DMESHFED_TESTS=OFF", *arguments], check=True, stdout=sys.stderr)
        before = processor_seconds()
        build(directory)
        cold = processor_seconds() - before
        os.utime(command)
        begin = time.monotonic()
        build(directory)
        edited = time.monotonic() - begin
    print(f"cold: {cold:.0f} s of processor time for {lines:,} lines, {1000 * cold / lines:.1f} s for each 1,000")
    print(f"after an edit of {command.relative_to(ROOT)}: {edited:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
