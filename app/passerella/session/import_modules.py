"""Imports the modules named on its command line; those that are not there are passed over.

It stands alone: it runs under the interpreter that is being diagnosed.
"""

import contextlib
import importlib
import sys


def main() -> None:
    for name in sys.argv[1:]:
        with contextlib.suppress(Exception):
            importlib.import_module(name)


if __name__ == "__main__":
    main()
