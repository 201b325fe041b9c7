#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""events.py check FILE...        whether each line of the files is an event of
                              the schema; says which are not, and why
events.py get FILE NAME FIELD  the field of the first event of that name;
                              a.b is b of the object a
events.py count FILE NAME      how many there are of that name"""
import json
import os
import sys

import jsonschema

SCHEMA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "contrib", "log.schema.json")
LINE_MAX = 2048


def faults(validator, path):
    with open(path, "rb") as lines:
        for number, line in enumerate(lines, 1):
            where = f"{path}:{number}"
            if not line.endswith(b"\n") or len(line) > LINE_MAX:
                yield f"{where}: not a line: {line!r}"
                continue
            try:
                event = json.loads(line.decode())
            except ValueError as error:
                yield f"{where}: {error}: {line!r}"
                continue
            for error in validator.iter_errors(event):
                yield f"{where}: {error.message}: {line!r}"


def check(*paths):
    with open(SCHEMA, encoding="utf-8") as schema:
        validator = jsonschema.Draft202012Validator(json.load(schema))
    found = [fault for path in paths for fault in faults(validator, path)]
    print(*found, sep="\n")
    return bool(found)


def events(path, name):
    with open(path, encoding="utf-8") as lines:
        return [event for line in lines if (event := json.loads(line))["event"] == name]


def get(path, name, field):
    value = events(path, name)[0]
    for part in field.split("."):
        value = value[part]
    print(value)


def count(path, name):
    print(len(events(path, name)))


if __name__ == "__main__":
    commands = {"check": check, "get": get, "count": count}
    if len(sys.argv) < 3 or sys.argv[1] not in commands:
        sys.exit(__doc__)
    sys.exit(commands[sys.argv[1]](*sys.argv[2:]))
