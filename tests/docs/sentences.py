#!/usr/bin/env python3
"""Draws sentences at random from all that a user reads, to be read by an editor, and prints each with its source.

The sources are the messages, helps and explanations of the catalog, the descriptions of keys, the risks that `diff` names,
the prose of all pages, the comments of the examples and, if the program is given, the help of each command. With the
same seed and the same texts, the same sentences are drawn.

usage: sentences.py [--seed N] [--count N] [MESHFEDC]
"""

import argparse
import ast
import glob
import os
import random
import re
import subprocess

import pages

ROW = re.compile(r'^MF_DIAG\((\d+), .*?,\s*((?:"(?:[^"\\]|\\.)*"\s*)+),\s*((?:"(?:[^"\\]|\\.)*"\s*)+),\s*R"\(\n(.*?)\n\)"',
                 re.M | re.S)
LITERAL = re.compile(r'"(?:[^"\\\n]|\\.)*"(?:\s*"(?:[^"\\\n]|\\.)*")*')
END = re.compile(r"(?:(?<=[.!?])|(?<=[.!?]\))|(?<=[.!?]\*\*))\s+(?=[A-Z0-9`*\[(])")
EXAMPLE_COMMENTS = ("examples/**/*.toml", "examples/**/*.yaml", "examples/**/Containerfile", "examples/*.sh",
                    "compiler/cli/command/starter.cpp")


def sentences(text):
    """Those of one paragraph. A full stop ends one only where a capital, a digit or code follows."""
    return [found for found in (" ".join(part.split()) for part in END.split(text)) if len(found.split()) > 2]


def literal(text):
    """The value of adjacent C++ string literals."""
    return ast.literal_eval(f"({text})")


def of_catalog():
    for path in sorted(glob.glob("compiler/diag/catalog/*.def")):
        for code, message, help_text, why in ROW.findall(pages.read(path)):
            where = f"{path} MF{int(code):04}"
            for text in (literal(message), literal(help_text)):
                if len(text.split()) > 2:
                    yield where, text
            for paragraph in why.split("\n\n"):
                if not paragraph.startswith(" "):
                    yield from ((where, found) for found in sentences(paragraph))


def of_literals(path):
    """Whole sentences among the strings of a source file: what has several words."""
    for found in LITERAL.findall(pages.read(path)):
        value = literal(found)
        if len(value.split()) > 3 and not value.startswith("%"):
            yield from ((path, one) for one in sentences(value))


def of_pages():
    for path in sorted(pages.all_pages()):
        if path.startswith("schema/") or path.endswith("limits.md"):  # the first is generated, the other quotes rules
            continue
        text = re.sub(r"<!--.*?-->|<picture>.*?</picture>", "", pages.BLOCK.sub("", pages.read(path)), flags=re.S)
        for block in re.split(r"\n\s*\n|\n(?=[-|#]|\d+\. )", text):
            block = block.strip()
            if block.startswith("|"):
                cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", block)]
                yield from ((path, found) for cell in cells if len(cell.split()) > 3 for found in sentences(cell))
            elif not block.startswith("#"):
                yield from ((path, found) for found in sentences(re.sub(r"^(- |\d+\. )", "", block)))


def of_comments():
    for pattern in EXAMPLE_COMMENTS:
        for path in sorted(glob.glob(pattern, recursive=True)):
            block = []
            for line in pages.read(path).split("\n") + [""]:
                whole = re.match(r"\s*#(?![:!]) ?(.*)", line)
                if whole and whole[1]:
                    block.append(whole[1])
                    continue
                yield from ((path, found) for found in sentences(" ".join(block)))
                block = []
                behind = re.search(r"\s# (.*)", line)
                if behind and not whole:
                    yield from ((path, found) for found in sentences(behind[1]))


def of_help(meshfedc, command=()):
    shown = subprocess.run([meshfedc, *command, "--help"], capture_output=True, text=True, check=True).stdout
    where = " ".join(["meshfedc", *command, "--help"])
    head, _, examples = re.sub(r"^Usage: .*\n", "\n", shown, flags=re.M).partition("\nExamples:\n")
    for block in re.split(r"\n[ \t]*\n|\n(?= {2}\S)", head):
        text = re.sub(r"^ +\S.*? {2,}", "", " ".join(block.split("\n")))  # the option, or the command
        yield from ((where, found) for found in sentences(text))
    for comment in re.findall(r" # (.*)", examples):
        yield from ((where, found) for found in sentences(comment))
    for child in re.findall(r"^  ([a-z]+) {2,}", head.partition("Subcommands:")[2], re.M):
        yield from of_help(meshfedc, (*command, child))


def main():
    options = argparse.ArgumentParser(usage=__doc__.rpartition("usage: ")[2].strip())
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--count", type=int, default=20)
    options.add_argument("meshfedc", nargs="?")
    given = options.parse_args()
    meshfedc = os.path.abspath(given.meshfedc) if given.meshfedc else None
    os.chdir(pages.ROOT)
    found = [*of_catalog(), *of_literals("compiler/parse/keys.cpp"), *of_literals("compiler/diff/risks.cpp"), *of_pages(),
             *of_comments()]
    if meshfedc:
        found += of_help(meshfedc)
    everything = list(dict.fromkeys(found))
    print(f"seed {given.seed}, {given.count} of {len(everything)} sentences")
    for where, text in random.Random(given.seed).sample(everything, min(given.count, len(everything))):
        print(f"\n{where}\n    {text}")


if __name__ == "__main__":
    main()
