#!/usr/bin/env python3
"""Who may include whom. Link libraries cannot stop an #include that climbs; this does.

    layering.py ROOT         checks ROOT/compiler and ROOT/tests, prints each violation, exits 1 if there is one
    layering.py --self-test  checks trees that are wrong in one way each, and one that is right
    layering.py --floors     prints the table from the top floor down: a folder includes only what is on lower floors
"""

import re
import sys
import tempfile
from pathlib import Path

# Folder of compiler/: the folders that it may include besides itself and base. A new folder needs a row.
STAGES = {
    "base": "",
    "git": "",  # a library's cage that knows nothing of federations
    "source": "",
    "diag": "source",
    "model": "source",
    "syntax": "source diag",
    "discover": "yaml source diag model",
    "parse": "source diag model syntax discover",
    "resolve": "source diag model",
    "bounds": "source diag model resolve",
    "check": "source diag model resolve bounds",
    "yaml": "",
    "graph": "source diag model",
    "interpret": "yaml",  # what it makes of manifests must not depend on who wrote them
    "ask": "interpret yaml source diag",
    "k8s": "yaml source diag",
    "lower": "source model check k8s",
    "install": "source model check k8s",
    "require": "source model check install k8s yaml",
    "emit": "k8s yaml",
    "diff": "yaml k8s",
    "publish": "emit git",
    "driver": "source diag model parse check yaml k8s lower install emit diff publish git graph ask interpret",
    "cli": "driver require diff graph git diag source parse ask interpret",
    "package": "",
}
MAIN = ("compiler/main.cpp", "cli git base")

# Library: the folders that may include it.
CAGES = {
    r"toml\+\+/|toml\.hpp": "syntax package",
    r"CLI/": "cli",
    r"git2(\.h|/)": "git",
    r"nlohmann/": "diag parse yaml diff graph require ask cli",
    r"openssl/": "base git",
    r"spdlog/": "cli package",
    r"yaml-cpp/": "yaml",
    r"utf8proc\.h": "base",
    r"zlib\.h": "git",
    r"doctest(\.h|/)": "",
}

ROOT = Path(__file__).resolve().parents[2]

MAX_LINES = 500
LONG_FILES = "compiler/diag/catalog/"  # tables of text

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include\b[ \t]*(?:(["<])([^">\n]+)[">])?', re.MULTILINE)
USING = re.compile(r"^[ \t]*using[ \t]+namespace\b", re.MULTILINE)


def allowed(name: str):
    """The folders that a file of compiler/, by its path, may include; None if the table does not know it."""
    if name == MAIN[0]:
        return set(MAIN[1].split())
    stage = name.split("/")[1]
    return {stage, "base", *STAGES[stage].split()} if stage in STAGES else None


def include_violations(name: str, text: str):
    may = allowed(name)
    if may is None:
        yield "the table in tests/layering/layering.py has no row for this folder"
        return
    stage = "main.cpp" if name == MAIN[0] else name.split("/")[1]
    for match in INCLUDE.finditer(text):
        quote, header = match.groups()
        if quote is None:
            yield "includes something that only the preprocessor knows"
        elif "/" not in header and quote == '"':
            yield f'includes "{header}" without its folder'
        elif quote == '"' and header.split("/")[0] not in may:
            yield f'includes "{header}": {stage} may include {", ".join(sorted(may - {stage})) or "nothing"}'
        elif quote == "<" and header.split("/")[0] in STAGES:
            yield f"includes <{header}>: our own headers stand in quotes"
        for library, folders in CAGES.items():
            if re.match(library, header or "") and stage not in folders.split():
                yield f"includes <{header}>: only for {', '.join(folders.split()) or 'nothing in compiler/'}"


def violations(root: Path):
    """Each violation as (path, what), by path."""
    for top in ("compiler", "tests"):
        for path in sorted((root / top).rglob("*")):
            name = path.relative_to(root).as_posix()
            if path.suffix not in (".cpp", ".hpp", ".h", ".cc", ".def", ".inc") or not path.is_file():
                continue
            text = path.read_text(encoding="utf-8")
            if top == "compiler":
                yield from ((name, what) for what in include_violations(name, text))
            if path.suffix not in (".cpp", ".cc") and USING.search(text):
                yield name, "`using namespace` in a header"
            lines = text.count("\n")
            if path.suffix in (".cpp", ".hpp") and lines > MAX_LINES and not name.startswith(LONG_FILES):
                yield name, f"{lines} lines, more than {MAX_LINES}"


# A tree of one or two files, and what must be said of it; None: nothing.
CASES = [
    ("compiler/k8s/a.cpp", '#include <map>\n#include "base/fs.hpp"\n#include "k8s/a.hpp"\n#include "yaml/v.hpp"\n', None),
    ("compiler/main.cpp", '#include "base/disk_fs.hpp"\n#include "cli/main.hpp"\n', None),
    ("compiler/main.cpp", '#include "driver/build.hpp"\n', "main.cpp may include"),
    ("compiler/k8s/a.cpp", '#include "model/federation.hpp"\n', 'includes "model/federation.hpp"'),
    ("compiler/base/a.hpp", '  #  include "source/span.hpp"\n', 'includes "source/span.hpp"'),
    ("compiler/lower/a.cpp", '#include "parse/bind.hpp"\n', 'includes "parse/bind.hpp"'),
    ("compiler/driver/a.cpp", '#include "publish/prepare.hpp"\n', None),
    ("compiler/driver/a.cpp", '#include "cli/run.hpp"\n', 'includes "cli/run.hpp"'),
    ("compiler/git/a.cpp", '#include "publish/path.hpp"\n', 'includes "publish/path.hpp"'),
    ("compiler/emit/a.cpp", '#include "nowhere/a.hpp"\n', 'includes "nowhere/a.hpp"'),
    ("compiler/emit/a.cpp", '#include "tree.hpp"\n', "without its folder"),
    ("compiler/emit/a.cpp", '#include "../model/a.hpp"\n', 'includes "../model/a.hpp"'),
    ("compiler/emit/a.cpp", "#include <model/a.hpp>\n", "stand in quotes"),
    ("compiler/emit/a.cpp", "#include HEADER\n", "only the preprocessor knows"),
    ("compiler/emit/deep/a.cpp", '#include "model/a.hpp"\n', 'includes "model/a.hpp"'),
    ("compiler/newfolder/a.cpp", "\n", "no row for this folder"),
    ("compiler/stray.cpp", "\n", "no row for this folder"),
    ("compiler/syntax/a.cpp", "#include <toml++/toml.h>\n", None),
    ("compiler/model/a.cpp", "#include <toml++/toml.h>\n", "only for syntax"),
    ("compiler/driver/a.cpp", "#include <CLI/CLI.hpp>\n", "only for cli"),
    ("compiler/emit/a.cpp", "#include <git2.h>\n", "only for git"),
    ("compiler/driver/a.cpp", "#include <nlohmann/json.hpp>\n", "only for diag, parse, yaml, diff, graph, require, ask, cli"),
    ("compiler/publish/a.cpp", "#include <openssl/evp.h>\n", "only for base, git"),
    ("compiler/check/a.cpp", "#include <spdlog/spdlog.h>\n", "only for cli, package"),
    ("compiler/yaml/a.cpp", "#include <utf8proc.h>\n", "only for base"),
    ("compiler/yaml/a.cpp", "#include <yaml-cpp/yaml.h>\n", None),
    ("compiler/diff/a.cpp", "#include <yaml-cpp/yaml.h>\n", "only for yaml"),
    ("compiler/cli/a.cpp", "#include <doctest/doctest.h>\n", "nothing in compiler/"),
    ("compiler/emit/a.hpp", "namespace x {\n  using namespace y;\n}\n", "in a header"),
    ("compiler/emit/a.cpp", "using namespace y;\n", None),
    ("tests/support/a.hpp", "using namespace y;\n", "in a header"),
    ("tests/unit/a.cpp", '#include "model/a.hpp"\n', None),
    ("compiler/emit/a.cpp", "// using namespace in words\n" * 500, None),
    ("compiler/emit/a.cpp", "\n" * 501, "more than 500"),
    ("tests/unit/a.cpp", "\n" * 501, "more than 500"),
    ("compiler/diag/catalog/a.cpp", "\n" * 501, None),
]


def self_test() -> int:
    failures = 0
    for name, text, expected in CASES:
        with tempfile.TemporaryDirectory() as root:
            path = Path(root) / name
            path.parent.mkdir(parents=True)
            path.write_text(text)
            found = list(violations(Path(root)))
        good = not found if expected is None else len(found) == 1 and found[0][0] == name and expected in found[0][1]
        if not good:
            failures += 1
            print(f"{name} with {text[:60]!r}: expected {expected!r}, found {found}")
    print(f"{len(CASES)} trees, {failures} judged wrongly")
    return 1 if failures else 0


def floors() -> int:
    """A folder's floor is one above the highest that it may include."""
    floor = {"base": 0}

    def floor_of(stage: str) -> int:
        if stage not in floor:
            floor[stage] = 1 + max(map(floor_of, ["base", *STAGES[stage].split()]))
        return floor[stage]

    stages = [stage for stage in STAGES if any((ROOT / "compiler" / stage).glob("*.cpp"))]
    before = None
    for stage in sorted(stages, key=lambda stage: (-floor_of(stage), stage)):
        number = "" if floor_of(stage) == before else str(floor_of(stage))
        before = floor_of(stage)
        print(f"{number:>2} | {stage:<8} {STAGES[stage]}".rstrip())
    return 0


def main(arguments: list[str]) -> int:
    if arguments == ["--self-test"]:
        return self_test()
    if arguments == ["--floors"]:
        return floors()
    if len(arguments) != 1 or not (Path(arguments[0]) / "compiler").is_dir():
        print(__doc__, file=sys.stderr)
        return 64
    found = list(violations(Path(arguments[0])))
    for name, what in found:
        print(f"{name}: {what}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
