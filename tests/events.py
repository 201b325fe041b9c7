#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""events.py SCHEMA FILE...: whether each line of the files is an event.

Says which are not, and why.
"""
import json
import sys

import jsonschema


def faults(validator, path):
    with open(path, "rb") as lines:
        for number, line in enumerate(lines, 1):
            try:
                event = json.loads(line.decode("utf-8"))
            except ValueError as error:
                yield f"{path}:{number}: {error}: {line!r}"
                continue
            for error in validator.iter_errors(event):
                yield f"{path}:{number}: {error.message}: {line!r}"
            if not line.endswith(b"}\n") or len(line) > 2048:
                yield f"{path}:{number}: is no line"


def main():
    with open(sys.argv[1], encoding="utf-8") as schema:
        validator = jsonschema.Draft202012Validator(json.load(schema))
    found = [fault for path in sys.argv[2:] for fault in faults(validator, path)]
    for fault in found:
        print(fault)
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
