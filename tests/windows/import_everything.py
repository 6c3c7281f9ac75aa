"""Imports every module of Passerella and prints, one a line, those that cannot be, with the reason."""

import importlib
import pkgutil

import passerella

if __name__ == "__main__":
    names = [found.name for found in pkgutil.walk_packages(passerella.__path__, "passerella.", onerror=print)]
    for name in names:
        if name.endswith((".__main__", ".sitecustomize")):  # they run, instead of being imported
            continue
        try:
            importlib.import_module(name)
        except Exception as error:
            print(f"{name}: {type(error).__name__}: {error}")  # noqa: T201
    print(len(names))  # noqa: T201
