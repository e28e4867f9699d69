"""What `list` and `show` print as JSON fits the schemas that `schema` prints; pictures are well-formed XML.

usage: schemas.py MESHFEDC SVG…
"""

import glob
import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ET

import jsonschema

MESHFEDC = sys.argv[1]
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def printed(*arguments):
    return json.loads(subprocess.run([MESHFEDC, *arguments], check=True, capture_output=True).stdout)


def names_of(federation):
    for kind in ("meshes", "networks", "clusters", "exports"):
        for item in printed("list", kind, federation, "--format", "json")[kind]:
            yield f"{'mesh' if kind == 'meshes' else kind[:-1]}:{item['name']}"
    for item in printed("list", "hosts", federation, "--format", "json")["hosts"]:
        yield f"host:{item['host']}"


def main():
    passed = failed = 0

    def expect(name, check):
        nonlocal passed, failed
        try:
            check()
            passed += 1
        except (jsonschema.ValidationError, ET.ParseError) as error:
            failed += 1
            print(f"{name}: {str(error)[:500]}")

    validators = {}
    for command in ("list", "show"):
        schema = printed("schema", command)
        jsonschema.Draft7Validator.check_schema(schema)
        validators[command] = jsonschema.Draft7Validator(schema)
    for federation in sorted(glob.glob(ROOT + "/examples/*/federation.toml")):
        name = os.path.basename(os.path.dirname(federation))
        for kind in ("meshes", "networks", "clusters", "exports", "hosts"):
            answer = printed("list", kind, federation, "--format", "json")
            expect(f"{name}: list {kind}", lambda answer=answer: validators["list"].validate(answer))
        for thing in names_of(federation):
            answer = printed("show", thing, federation, "--format", "json")
            expect(f"{name}: show {thing}", lambda answer=answer: validators["show"].validate(answer))
    wrong = {"version": 1, "clusters": [{"name": "a"}]}
    assert not validators["list"].is_valid(wrong) and not validators["show"].is_valid({"version": 2, "mesh": {}})
    for path in sys.argv[2:]:
        expect(path, lambda path=path: ET.parse(path))
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


main()
