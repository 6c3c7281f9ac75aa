import asyncio
import shutil
import subprocess

import pytest
from textual.events import Key
from textual.widgets import Input, TextArea

from passerella.tui.notice import Notice
from passerella.tui.page import Page
from passerella.tui.picker import Picker
from tui.driving import Open, Screen

SIZES = [(120, 40), (80, 24)]


def field(screen: Screen, name: str) -> Input:
    return screen.app.screen.query_one(name, Input)


def area(screen: Screen, name: str) -> TextArea:
    return screen.app.screen.query_one(name, TextArea)


async def journeys(screen: Screen, count: int) -> None:
    await screen.until(lambda: screen.lab.browsing.total >= count)
    await screen.until(lambda: all(each.complete for each in screen.lab.browsing.assembler.journeys))


def typed(screen: Screen, *keys: str) -> None:
    """All at once, as fast as a terminal can tell: nobody waits for what a key opens."""
    for key in keys:
        screen.app.post_message(Key(key, {"enter": "\r", "colon": ":", "space": " "}.get(key, key)))


async def test_keys_typed_before_a_dialog_is_ready_are_for_it(lab: Open) -> None:
    async with lab("wsgiref-wsgi") as screen:
        typed(screen, "r", "enter")
        await journeys(screen, 2)
        before = screen.app.theme
        typed(screen, "colon", *"tema", "enter")
        await screen.until(lambda: screen.app.theme != before)
        typed(screen, "slash", *"xyz")
        await screen.until(lambda: screen.lab.browsing.query == "xyz")


@pytest.mark.parametrize("size", SIZES)
async def test_a_new_request_is_composed_sent_and_looked_at(lab: Open, size: tuple[int, int]) -> None:
    async with lab("gunicorn-flask", size=size) as screen:
        await screen.walk_to("Vista 1")
        await screen.press("r")
        assert (field(screen, "#path").value, field(screen, "#query").value) == ("/ciao", "nome=Ada")
        await screen.press("up", "up", "up")
        assert (field(screen, "#method").value, field(screen, "#path").value) == ("POST", "/moduli")
        field(screen, "#path").value = "GET /ciao?nome=Bruno"
        await screen.pilot.pause()
        assert field(screen, "#path").value == "/ciao"
        area(screen, "#headers").text = "X-A: 1"
        area(screen, "#body").text = ""
        await screen.press("enter")
        await journeys(screen, 2)
        assert screen.journey.number == 2
        assert screen.lab.browsing.position == 0
        request = bytes(screen.journey.request)
        assert request.startswith(b"GET /ciao?nome=Bruno HTTP/1.1\r\n")
        assert b"X-A: 1" in request
        await screen.press("r")
        assert field(screen, "#query").value == "nome=Bruno"
        text = screen.text()
        for word in ("Metodo", "Intestazioni", "Corpo", "Volte", "F4 guasti", "esc indietro"):
            assert word in text, word


async def test_a_request_that_cannot_be_is_said(seen: Open) -> None:
    async with seen("gunicorn-flask") as screen:
        await screen.press("r")
        field(screen, "#path").value = "ciao"
        await screen.press("enter")
        await screen.until(lambda: "è arrivato" in screen.text())
        field(screen, "#path").value = "/"
        field(screen, "#copies").value = "900"
        await screen.press("enter")
        await screen.until(lambda: "da 1 a 200 volte" in screen.text())
        assert screen.lab.browsing.total == 1


async def test_help_while_one_writes_is_on_f1(seen: Open) -> None:
    async with seen("gunicorn-flask") as screen:
        for keys, told in ((("r",), "guasti famosi"), (("colon",), "restano solo le righe")):
            await screen.press(*keys, "f1")
            assert isinstance(screen.app.screen, Notice)
            assert told in " ".join(screen.app.screen.query_one(Page).said.split())
            await screen.press("escape", "escape")
        assert screen.app.screen is screen.lab


async def test_the_form_is_turned_into_bytes_and_back(seen: Open) -> None:
    async with seen("gunicorn-flask") as screen:
        await screen.press("r", "f3")
        await screen.until(lambda: area(screen, "#raw").has_focus)
        assert area(screen, "#raw").text.startswith("GET /ciao?nome=Ada HTTP/1.1\nHost: {host}\n")
        area(screen, "#raw").text = area(screen, "#raw").text.replace("Ada", "Bruno")
        await screen.press("f3")
        assert field(screen, "#query").value == "nome=Bruno"
        await screen.press("f3")
        area(screen, "#raw").text = "GET /\\n\\\n\\n"
        await screen.press("f3")
        assert "non stanno nel modulo" in screen.text()


async def test_a_famous_breakage_is_sent(lab: Open) -> None:
    async with lab("gunicorn-flask") as screen:
        await screen.press("r", "f4", *"due content")
        assert "request smuggling" in screen.said("#about")
        await screen.press("enter")
        assert area(screen, "#raw").text.count("Content-Length") == 2
        assert "RFC 9112 §6.3" in screen.text()
        await screen.press("f2")
        await screen.until(lambda: screen.lab.browsing.total == 2)
        await screen.until(lambda: screen.journey.number == 2 and screen.journey.request_length > 0)
        assert bytes(screen.journey.request).count(b"Content-Length") == 2


async def test_many_at_once_in_line_and_in_pieces(lab: Open) -> None:
    async with lab("uvicorn-fastapi") as screen:
        await screen.press("r")
        field(screen, "#copies").value = "4"
        screen.app.screen.query_one("#order", Picker).value = "together"
        await screen.press("enter")
        await journeys(screen, 5)
        assert len({each.connection for each in screen.lab.browsing.assembler.journeys}) == 5
        await screen.press("r", "up")
        screen.app.screen.query_one("#order", Picker).value = "pipelined"
        field(screen, "#copies").value = "3"
        await screen.press("enter")
        await journeys(screen, 8)
        assert len({each.connection for each in screen.lab.browsing.assembler.journeys}) == 6
        await screen.press("r")
        field(screen, "#copies").value = "1"
        field(screen, "#piece").value = "20"
        field(screen, "#pause").value = "0,01"
        await screen.press("enter")
        await journeys(screen, 9)
        received = [step for step in screen.journey.steps if step.name == "recv"]
        assert len(received) > 1


async def test_history_and_editing_what_curl_sent(lab: Open) -> None:
    curl = shutil.which("curl")
    assert curl is not None
    async with lab("gunicorn-flask", []) as screen:
        url = screen.lab.status.url
        program = [curl, "-s", "-X", "PUT", "-d", "a=1", f"{url}/moduli?b=2"]
        await asyncio.to_thread(subprocess.run, program, capture_output=True, check=True, timeout=20)
        await journeys(screen, 1)
        await screen.press("colon", *"rispedisci", "enter")
        assert field(screen, "#method").value == "PUT"
        assert field(screen, "#query").value == "b=2"
        assert area(screen, "#body").text == "a=1"
        assert "User-Agent: curl/" in area(screen, "#headers").text
        area(screen, "#body").text = "a=22"
        field(screen, "#path").focus()
        await screen.press("enter")
        await journeys(screen, 2)
        assert bytes(screen.journey.request).endswith(b"\r\n\r\na=22")
        assert b"Content-Length: 4" in bytes(screen.journey.request)
        await screen.press("r", "f5")
        assert "PUT /moduli?b=2" in screen.text()
        await screen.press("escape", "escape")
        assert screen.app.screen is screen.lab


async def test_a_journey_is_copied_as_curl(seen: Open) -> None:
    async with seen("wsgiref-wsgi") as screen:
        await screen.press("colon", *"copia", "enter")
        assert "HTTPie" in screen.text()
        await screen.press(*"bash", "enter")
        await screen.until(lambda: "curl --include" in screen.text())
        copied = screen.app.clipboard
        assert copied.startswith("curl --include")
        assert "/ciao?nome=Ada" in copied
