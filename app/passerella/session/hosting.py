"""What a web server that runs the app inside itself must find: the app, the packages that it needs, the probe.

Its processes have the system's Python and, started by root, another user: who may not read our folders gets copies.
"""

import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from importlib import metadata
from pathlib import Path

import msgspec

_LAUNCHER = Path(__file__).parent.parent / "servers" / "launchers" / "passerella_modwsgi.py"
_PROBE = Path(__file__).parent.parent / "probe"
_NAME = re.compile(r"[A-Za-z0-9][-_.A-Za-z0-9]*")
_COMPILED = shutil.ignore_patterns("__pycache__", ".mypy_cache")


class Hosted(msgspec.Struct, frozen=True):
    """An app that a web server is to run: «module:attribute», found from ``folder``, and the distributions it needs."""

    app: str
    folder: Path
    needs: Sequence[str] = ()


def where_it_is(hosted: Hosted) -> list[Path]:
    """The folders in which the app and what it needs are found, as they are."""
    found = [hosted.folder, _LAUNCHER.parent]
    for distribution in _all_needed(hosted.needs):
        place = Path(str(distribution.locate_file("")))
        if place not in found:
            found.append(place)
    return found


def copied(hosted: Hosted, into: Path) -> list[Path]:
    """The same, for who may not read them there: copies inside ``into``."""
    app, packages = into / "app", into / "site-packages"
    shutil.copytree(hosted.folder, app, ignore=_COMPILED)
    shutil.copy(_LAUNCHER, app)
    for distribution in _all_needed(hosted.needs):
        for file in distribution.files or ():
            source = Path(str(distribution.locate_file(file)))
            if ".." not in file.parts and source.suffix != ".pyc" and source.is_file():
                target = packages / Path(*file.parts)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, target)
    return [app, packages]


def with_copied_probe(environment: Mapping[str, str], into: Path) -> dict[str, str]:
    """``environment``, whose first folder of Python modules is the probe's, with a copy of the probe instead."""
    shutil.copytree(_PROBE, into / "sonda", ignore=_COMPILED)
    _ours, *others = environment["PYTHONPATH"].split(os.pathsep)
    return {**environment, "PYTHONPATH": os.pathsep.join([str(into / "sonda" / "inject"), *others])}


def _all_needed(names: Sequence[str]) -> Iterator[metadata.Distribution]:
    """The distributions, what they require, and so on; not those that are not installed, nor extras."""
    seen: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        yield distribution
        for requirement in distribution.requires or ():
            match = _NAME.match(requirement)
            if match is not None and "extra" not in requirement.partition(";")[2]:
                waiting.append(match[0].lower())
