"""Compares schema/ with what the compiler prints, and federation.schema.json with what the compiler accepts, by an
independent reader of JSON Schema.

usage: check.py MESHFEDC
"""

import copy
import glob
import json
import os
import subprocess
import sys
import tempfile
import tomllib

import jsonschema

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SCHEMA = os.path.join(ROOT, "schema")
SEED = os.path.join(ROOT, "examples", "seed", "federation.toml")

# Where the seed is made wrong, and how.
WRONG = [
    (("version",), 2),
    (("version",), "1"),
    (("federation", "name"), None),
    (("federation", "name"), 7),
    (("federation", "naming"), "local"),
    (("defaults", "istio"), 1.26),
    (("defaults", "istio"), "1.25"),
    (("defaults", "istio"), "1.30.x"),
    (("defaults", "istio"), "1.25.1"),
    (("defaults", "dataplane"), "waypoint"),
    (("defaults", "outlier"), True),
    (("defaults", "outlier"), {"errors": 0}),
    (("defaults", "outlier"), {"interval": "10 seconds"}),
    (("defaults", "mtls"), "on"),
    (("defaults", "egres"), "direct"),
    (("defaults", "egress"), "proxy"),
    (("defaults", "dns_capture"), "yes"),
    (("cluster", "east-cluster", "mesh"), None),
    (("cluster", "east-cluster", "network"), ["east-network"]),
    (("cluster", "west-cluster", "gateway", "addresses"), "172.18.255.1"),
    (("cluster", "west-cluster", "gateway", "addresses"), [f"192.0.2.{n}" for n in range(1, 18)]),
    (("cluster", "west-cluster", "gateway", "port"), 65536),
    (("cluster", "west-cluster", "gateway", "adresses"), ["192.0.2.1"]),
    (("cluster", "west-cluster", "gateway", "replicas"), 0),
    (("cluster", "west-cluster", "gateway", "replicas"), {"min": 2}),
    (("cluster", "west-cluster", "gateway", "replicas"), {"min": 2, "max": 3, "target": 80}),
    (("network", "west-network", "egress_port"), 0),
    (("export", "httpbin", "namespace"), None),
    (("export", "httpbin", "ports"), []),
    (("export", "httpbin", "ports"), [{"name": "http"}]),
    (("export", "httpbin", "ports"), [{"name": "http", "number": 80, "portocol": "http"}]),
    (("export", "httpbin", "from"), "west-mesh"),
    (("export", "httpbin", "prefer"), "closest"),
    (("export", "httpbin", "weight"), 1001),
    (("export", "httpbin", "at"), ["west-mesh"]),
    (("export", "httpbin", "at"), {"west-mesh": {"targets": {"http": 0}}}),
    (("export", "httpbin", "at"), {"east-mesh": {"share": {}}}),
    (("export", "httpbin", "at"), {"east-mesh": {"share": {"local": "80"}}}),
    (("export", "httpbin", "at"), {"east-mesh": {"callers": ["west-mesh/*"]}}),
    (("export", "httpbin", "at"), {"east-mesh": {"alias": "a.example"}}),
    (("export", "httpbin", "at"), {"east-mesh": {"outlier": False}}),
    (("export", "httpbin", "alias"), "a.example"),
    (("export", "httpbin", "connection_pool"), {"tcp": {"max_connections": 1}}),
    (("export", "httpbin", "connection_pool"), {"http": {"h2UpgradePolicy": "upgrade"}}),
    (("exports",), {}),
]


def text_of(folder, name):
    """None if there is no such file."""
    path = os.path.join(folder, name)
    if not os.path.exists(path):
        return None
    with open(path, encoding="utf-8") as file:
        return file.read()


def load(path):
    with open(path, "rb") as file:
        return tomllib.load(file)


def put(document, path, value):
    """A copy with the value at the path; None removes it."""
    changed = copy.deepcopy(document)
    table = changed
    for key in path[:-1]:
        table = table.setdefault(key, {})
    if value is None:
        del table[path[-1]]
    else:
        table[path[-1]] = value
    return changed


def run(*words):
    return subprocess.run([sys.argv[1], *words], check=False, capture_output=True, text=True).stdout


def differences_fit(expect):
    """So does what `trace --against` prints: of directories without anything."""
    validator = jsonschema.Draft7Validator(json.loads(run("schema", "trace-against")))
    with tempfile.TemporaryDirectory() as nothing:
        for cluster in ("east-cluster", "west-cluster"):
            os.mkdir(os.path.join(nothing, cluster))
        printed = json.loads(run("trace", "--all", "--against", nothing, "--format", "json", "-f", SEED))
    expect(len(printed["changes"]) == 2 and validator.is_valid(printed), "trace --against does not fit")
    del printed["changes"][0]["client"]
    expect(not validator.is_valid(printed), "trace --against is accepted without who calls")


def outputs_fit(expect):
    """What `trace`, `exposure` and `facts` print of each example fits their schemas; what has lost or gained a key does not."""
    outputs = {"trace": ["--all", "--format", "json"], "exposure": ["--format", "json"], "facts": []}
    for command, options in outputs.items():
        schema = json.loads(run("schema", command))
        jsonschema.Draft7Validator.check_schema(schema)
        validator = jsonschema.Draft7Validator(schema)
        for source in sorted(glob.glob(ROOT + "/examples/*/federation.toml")):
            printed = json.loads(run(command, *options, "-f", source))
            name = f"{command} of {os.path.relpath(source, ROOT)}"
            errors = [f"{'/'.join(map(str, error.path))}: {error.message}" for error in validator.iter_errors(printed)]
            expect(not errors, f"{name}: {'; '.join(errors[:3])}")
            for key in printed:
                wrong = {other: value for other, value in printed.items() if other != key}
                optional = command == "facts" and key == "assumptions"
                expect(optional or not validator.is_valid(wrong), f"{name} is accepted without {key}")
            expect(not validator.is_valid(printed | {"more": 1}), f"{name} is accepted with more")
    story = json.loads(run("trace", "east-cluster", "httpbin.mesh.global", "--format", "json", "-f", SEED))
    expect(story["answers"][0]["hops"] and jsonschema.Draft7Validator(json.loads(run("schema", "trace"))).is_valid(story),
           "trace of one call does not fit")
    differences_fit(expect)


def main():
    problems, passed = [], 0

    def expect(good, problem):
        nonlocal passed
        passed += good
        if not good:
            problems.append(problem)

    with tempfile.TemporaryDirectory() as printed:
        update = os.path.join(os.path.dirname(os.path.abspath(__file__)), "update.sh")
        subprocess.run([update, sys.argv[1], printed], check=True)
        for name in sorted({*os.listdir(SCHEMA), *os.listdir(printed)}):
            expect(text_of(SCHEMA, name) == text_of(printed, name),
                   f"schema/{name} is not what the compiler prints: run tests/schema/update.sh")
        schema = json.loads(text_of(printed, "federation.schema.json"))
        requirements = jsonschema.Draft7Validator(json.loads(text_of(printed, "requirements.schema.json")))
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)

    right = sorted(glob.glob(ROOT + "/examples/**/*.toml", recursive=True) +
                   glob.glob(ROOT + "/tests/golden/*/federation.toml"))
    for path in right:
        errors = [f"{'/'.join(map(str, error.path))}: {error.message}" for error in validator.iter_errors(load(path))]
        expect(not errors, f"{os.path.relpath(path, ROOT)}: {'; '.join(errors)}")
    for path in sorted(glob.glob(ROOT + "/examples/*/federation.toml")):
        answer = subprocess.run([sys.argv[1], "requirements", "--format", "json", path], check=True, capture_output=True)
        errors = [error.message for error in requirements.iter_errors(json.loads(answer.stdout))]
        expect(not errors, f"requirements of {os.path.relpath(path, ROOT)}: {'; '.join(errors)}")
    for steps in (["--rotate-root", "west-mesh"], ["--upgrade", "west-cluster=1.31.1"]):
        command = [sys.argv[1], "requirements", "--format", "json", *steps, SEED]
        answer = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
        errors = [error.message for error in requirements.iter_errors(answer)]
        expect(answer["procedures"] and not errors, f"requirements {' '.join(steps)}: {'; '.join(errors)}")
    seed = load(SEED)
    for path, value in WRONG:
        expect(not validator.is_valid(put(seed, path, value)), f"accepts {'.'.join(path)} = {value!r}")

    outputs_fit(expect)

    for problem in problems:
        print(problem)
    print(f"{passed} passed, {len(problems)} failed")
    return 1 if problems else 0


sys.exit(main())
