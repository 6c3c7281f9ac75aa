import os
import stat
from pathlib import Path

import pytest

from passerella.errors import CommandError
from passerella.tui.bytes_panel import BytesPanel
from passerella.tui.editor import editor_command
from passerella.tui.mapping_panel import MappingPanel
from tui.driving import Open, Screen

LONG = "GET /ciao?nome=" + "Ada" * 100


def mapping(screen: Screen) -> MappingPanel:
    return screen.lab.query_one(MappingPanel)


def hexes(screen: Screen) -> BytesPanel:
    return screen.lab.query_one(BytesPanel)


def texts(panel: MappingPanel, width: int = 100) -> list[str]:
    return ["".join(text for text, _token in panel._make(index, width)) for index in range(panel.count)]


async def to_key(screen: Screen, key: str) -> None:
    panel = mapping(screen)
    panel.focus()
    await screen.press("home")
    for _ in range(panel.count):
        if panel._under_cursor.key.key == key:
            return
        await screen.press("down")
    raise AssertionError(key)


async def test_a_long_value_unfolds_and_folds(seen: Open) -> None:
    async with seen("gunicorn-flask", [LONG]) as screen:
        await screen.walk_to("Ponte 1")
        await to_key(screen, "QUERY_STRING")
        before = mapping(screen).count
        await screen.press("enter")
        assert mapping(screen).count > before
        whole = "".join(line.strip() for line in texts(mapping(screen)))
        assert "nome=" + "Ada" * 100 in whole
        await screen.press("enter")
        assert mapping(screen).count == before


async def test_types_are_shown_where_there_is_room_and_told_elsewhere(seen: Open) -> None:
    async with seen("uvicorn-fastapi", size=(200, 50)) as screen:
        await screen.walk_to("Ponte 1")
        line = next(line for line in texts(mapping(screen), 118) if " headers " in line and "list" in line)
        assert "list" in line
    async with seen("gunicorn-flask") as screen:
        await screen.walk_to("Ponte 1")
        await to_key(screen, "wsgi.version")
        assert "tuple" in screen.said("#explain")


async def test_any_step_is_compared_with_the_marked_one(seen: Open) -> None:
    async with seen("uvicorn-starlette") as screen:
        await screen.walk_to("Ponte 1")
        await screen.press("m")
        assert "◆" in screen.shown("#steps")
        await screen.walk_to("Vista 1")
        about = screen.said("#tabs")
        assert "da Ponte 1" in about
        assert "+" in about
        lines = texts(mapping(screen))
        assert not any(line.startswith("+ ") and " path " in line for line in lines)
        assert any(line.startswith("+ ") and "path_params" in line for line in lines)
        screen.lab.query_one("#steps").focus()
        await screen.press("home")
        await screen.walk_to("Ponte 1")
        await screen.press("m")
        assert "◆" not in screen.shown("#steps")
        assert "da Ponte 1" not in screen.said("#tabs")


async def test_from_a_byte_to_its_key_and_back(seen: Open) -> None:
    async with seen("gunicorn-flask") as screen:
        await screen.walk_to("Ponte 1")
        await screen.press("2")
        hexes(screen).focus()
        await screen.press("home", *["right"] * 6)
        assert hexes(screen).position == 6
        assert screen.said("#explain").startswith("PATH_INFO")
        lit = [token for _text, token in hexes(screen)._make(0, 100) if token in ("lit", "under")]
        assert lit.count("under") == 2
        assert len([text for text, token in hexes(screen)._make(0, 100) if token == "lit"]) >= 8
        await screen.press("1")
        assert mapping(screen).has_focus
        assert mapping(screen)._under_cursor.key.key == "PATH_INFO"
        await to_key(screen, "HTTP_HOST")
        await screen.press("2")
        start = screen.journey.origins["HTTP_HOST"][0][0]
        assert isinstance(start, int)
        assert hexes(screen).position in range(start - 6, start + 1)
        keys = screen.said("#keys")
        assert "byte" in keys
        assert "dettaglio" not in keys
        await screen.press("escape")
        assert screen.lab.query_one("#steps").has_focus


async def test_a_byte_that_gave_no_key_says_what_it_is(seen: Open) -> None:
    async with seen("gunicorn-flask") as screen:
        await screen.walk_to("Ponte 1")
        await screen.press("2")
        hexes(screen).focus()
        await screen.press("end")
        assert "fine di riga" in screen.said("#explain")


@pytest.mark.parametrize("scenario", ["gunicorn-flask", "uvicorn-fastapi", "waitress-flask", "wsgiref-wsgi"])
async def test_each_byte_of_the_response_has_who_wrote_it(seen: Open, scenario: str) -> None:
    async with seen(scenario) as screen:
        await screen.walk_to("Client 2")
        await screen.press("2")
        hexes(screen).focus()
        await screen.press("home")
        assert "Socket · " in screen.said("#explain")
        assert "Li ha scritti" in screen.said("#explain")
        await screen.press("end")
        assert "della risposta" in screen.said("#explain")


async def test_the_mouse_points_at_a_byte(seen: Open) -> None:
    async with seen("gunicorn-flask") as screen:
        await screen.walk_to("Ponte 1")
        await screen.press("2")
        await screen.pilot.click("#bytes", offset=(6 + 3 * 2, 1))
        assert hexes(screen).position == 18


async def test_the_source_is_opened_in_the_editor(seen: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script, told = tmp_path / "nano", tmp_path / "told"
    script.write_text(f'#!/bin/sh\necho "$@" > {told}\n')
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    async with seen("gunicorn-flask") as screen:
        await screen.walk_to("Vista 1")
        await screen.press("3")
        screen.lab.query_one("#source").focus()
        monkeypatch.delenv("VISUAL", raising=False)
        monkeypatch.delenv("EDITOR", raising=False)
        await screen.press("enter")
        await screen.until(lambda: any("Non so quale editor usare" in each for each in screen.notices))
        monkeypatch.setenv("EDITOR", str(script))
        await screen.press("enter")
        await screen.until(lambda: any("non posso lasciare il terminale" in each for each in screen.notices))


@pytest.mark.parametrize(
    ("editor", "arguments"),
    [
        ("vim -u NONE", ["-u", "NONE", "+12", "/a b.py"]),
        ("nano", ["+12", "/a b.py"]),
        ("code", ["--wait", "--goto", "/a b.py:12"]),
        ("hx", ["/a b.py:12"]),
        ("altro", ["/a b.py"]),
    ],
)
def test_editors(tmp_path: Path, editor: str, arguments: list[str]) -> None:
    program = tmp_path / editor.split()[0]
    program.write_text("")
    program.chmod(0o755)
    environment = {"EDITOR": editor, "PATH": os.fspath(tmp_path)}
    assert editor_command("/a b.py", 12, environment) == [str(program), *arguments]


def test_an_editor_that_is_not_there() -> None:
    with pytest.raises(CommandError, match="non si trova"):
        editor_command("/x", 1, {"EDITOR": "nessuno", "PATH": ""})
    with pytest.raises(CommandError, match="export EDITOR"):
        editor_command("/x", 1, {})
