# SPDX-License-Identifier: ISC
"""peers SCRIPT ARGUMENT...: peers that no ordinary tool is: they reset, stall,
and count.  What a script returns is the exit status."""
import importlib
import pathlib
import sys

from registry import SCRIPTS

FOLDER = pathlib.Path(__file__).parent


def main():
    for path in sorted(FOLDER.glob("[a-z]*.py")):
        importlib.import_module(path.stem)
    name, arguments = "".join(sys.argv[1:2]), sys.argv[2:]
    if name not in SCRIPTS:
        print(__doc__, *sorted(SCRIPTS), sep="\n", file=sys.stderr)
        return 2
    return SCRIPTS[name](*arguments)


sys.exit(main())
