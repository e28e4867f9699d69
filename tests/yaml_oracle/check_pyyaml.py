"""check_pyyaml.py DIR: compares DIR/document.yaml with DIR/strings.json as PyYAML (a YAML 1.1 reader) reads it."""

import json
import sys

import yaml


class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """Keeps a map as a list of pairs, so that order and a key that occurs twice show."""


Loader.add_constructor(
    "tag:yaml.org,2002:map",
    lambda loader, node: [tuple(pair) for pair in map(lambda kv: (loader.construct_object(kv[0], deep=True),
                                                                 loader.construct_object(kv[1], deep=True)), node.value)],
)

TYPES = [
    ("yes", True),
    ("no", False),
    ("nothing", None),
    ("zero", 0),
    ("most", 2**63 - 1),
    ("least", -(2**63)),
    ("list", []),
    ("map", []),
    ("lists", [[], [[], None, False], [1, "1"]]),
]


def differences(directory):
    with open(f"{directory}/strings.json", encoding="utf-8") as file:
        strings = json.load(file)
    with open(f"{directory}/document.yaml", encoding="utf-8", newline="") as file:
        document = yaml.load(file.read(), Loader=Loader)
    expected = {
        "types": TYPES,
        "items": strings,
        "values": [(f"v{i}", text) for i, text in enumerate(strings)],
        "keys": [(text, i) for i, text in enumerate(strings)],
        "nested": [[("outer", [[[("text", text), ("index", i)]]])] for i, text in enumerate(strings)],
    }
    if [name for name, _ in document] != list(expected):
        return 0, ["the sections differ"]
    found, compared = [], 0
    for name, values in document:
        compared += len(expected[name])
        if len(values) != len(expected[name]):
            found.append(f"{name}: {len(values)} instead of {len(expected[name])}")
        for index, (got, want) in enumerate(zip(values, expected[name])):
            if got != want or repr(got) != repr(want):  # repr: True == 1 in Python
                found.append(f"{name}[{index}]: read {got!r} instead of {want!r}")
    return compared, found


def main():
    compared, found = differences(sys.argv[1])
    for line in found[:20]:
        print(line, file=sys.stderr)
    print(f"PyYAML {yaml.__version__}: {compared} compared, {len(found)} differ")
    return 0 if compared and not found else 1


sys.exit(main())
