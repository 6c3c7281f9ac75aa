"""The configurations of the web servers in front: whole, explained, and accepted by the real programs."""

import re
import subprocess
from pathlib import Path

import pytest

from passerella.servers.fronts.every import FRONTS
from passerella.servers.fronts.model import DEFAULT, RECOMMENDED, Front, Place

EACH = pytest.mark.parametrize("front", FRONTS.values(), ids=lambda front: front.name)
EACH_WAY = pytest.mark.parametrize("configuration", [RECOMMENDED, DEFAULT])
EACH_UPSTREAM = pytest.mark.parametrize("upstream", ["127.0.0.1:8001", "/casa/app.sock"], ids=["tcp", "unix"])


def place(front: Front, folder: Path, configuration: str = DEFAULT, upstream: str = "127.0.0.1:8001") -> Place:
    files = folder / "file"
    (files / "static").mkdir(parents=True)
    return Place(
        folder=folder,
        port=18080,
        closed=18081,
        upstream=upstream,
        files=files,
        log=folder / "registro",
        token="parola",
        configuration=configuration,
        modules=front.modules(),
        script="/casa/app.wsgi" if front.runs else "",
    )


@EACH
@EACH_WAY
@EACH_UPSTREAM
def test_nothing_is_left_to_fill_in(front: Front, configuration: str, upstream: str, tmp_path: Path) -> None:
    text = front.configured(place(front, tmp_path, configuration, upstream))
    names = [
        "folder",
        "file",
        "port",
        "closed",
        "upstream",
        "files",
        "log",
        "token",
        "user",
        "group",
        "modules",
        "script",
    ]
    assert not [name for name in names if f"{{{name}}}" in text]
    assert "upstream port" not in text
    assert ("/casa/app.wsgi" if front.runs else upstream) in text


@EACH
@EACH_WAY
def test_blocks_are_closed(front: Front, configuration: str, tmp_path: Path) -> None:
    lines = front.configured(place(front, tmp_path, configuration)).splitlines()
    assert not lines[-1].startswith(" ")
    assert not any(re.match(r" {24}", line) for line in lines)


@EACH
def test_the_recommended_one_says_more_than_the_default(front: Front, tmp_path: Path) -> None:
    for name in (DEFAULT, RECOMMENDED):
        (tmp_path / name).mkdir()
    default = front.explained(place(front, tmp_path / DEFAULT, DEFAULT))
    recommended = front.explained(place(front, tmp_path / RECOMMENDED, RECOMMENDED))
    assert len(recommended) > len(default)
    assert all(why.endswith(".") for _words, why in recommended)


@EACH
def test_not_installed(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("passerella.servers.fronts.model._BINARY_FOLDERS", ())
    assert front.program() is None
    assert front.install.startswith("sudo apt-get install ")


@EACH_WAY
@EACH_UPSTREAM
@pytest.mark.nginx
def test_nginx_takes_it(configuration: str, upstream: str, tmp_path: Path) -> None:
    front = FRONTS["nginx"]
    where = place(front, tmp_path, configuration, upstream)
    (tmp_path / front.file).write_text(front.configured(where), encoding="utf-8")
    program = front.program()
    assert program is not None
    done = subprocess.run([*front.command(program, where), "-t"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "warn" not in done.stderr


@EACH_WAY
@EACH_UPSTREAM
@pytest.mark.apache
def test_apache_takes_it(configuration: str, upstream: str, tmp_path: Path) -> None:
    front = FRONTS["apache"]
    where = place(front, tmp_path, configuration, upstream)
    (tmp_path / front.file).write_text(front.configured(where), encoding="utf-8")
    program = front.program()
    assert program is not None
    command = [word for word in front.command(program, where) if word != "-DFOREGROUND"]
    done = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
