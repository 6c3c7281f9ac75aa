"""Reads ``catalogue.toml``, in whose order the scenarios are offered."""

import tomllib
from pathlib import Path

import msgspec

_HERE = Path(__file__).parent
APPS = _HERE / "apps"


class Scenario(msgspec.Struct, frozen=True, kw_only=True):
    """A server with an app on it, ready to run.

    :ivar server: a name of ``passerella.servers.SERVERS``.
    :ivar app: «module:attribute», to be started from ``folder``.
    :ivar shows: what one sees here that is not elsewhere: one Italian sentence.
    :ivar requests: request lines ready to be sent; ``bodies`` has the body that goes with some of them.
    :ivar needs: the distributions that the interpreter must have.
    """

    id: str
    server: str
    app: str
    interface: str
    title: str
    shows: str
    requests: list[str]
    bodies: dict[str, str] = {}
    needs: list[str] = []
    folder: Path = APPS


def _read() -> dict[str, Scenario]:
    tables = tomllib.loads((_HERE / "catalogue.toml").read_text(encoding="utf-8"))
    return {
        name: msgspec.convert({"id": name, **tables["comuni"], **table}, Scenario)
        for name, table in tables["scenari"].items()
    }


SCENARIOS: dict[str, Scenario] = _read()
