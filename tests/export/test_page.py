"""The page of a journey: one file, no network, nothing of it runs but what we wrote."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from export.browser import CHROMIUM, Page
from export.conftest import HARM
from passerella.errors import CommandError
from passerella.export.page.html import embedded
from passerella.export.writing import Origin, write_export
from passerella.journeys.model import Journey
from passerella.tui.themes import THEMES

needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="qui non c'è Chromium")


def written(folder: Path, journey: Journey, origin: Origin) -> Path:
    path = folder / "viaggio.html"
    write_export("html", path, [journey], origin)
    return path


class _Shape(HTMLParser):
    """The elements of a document, and where it points to."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.addresses += [
            f"{name}={value}" for name, value in attrs if name in ("src", "href", "action", "srcset", "data")
        ]


def shape(text: str) -> _Shape:
    found = _Shape()
    found.feed(text)
    return found


def data_of(text: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    assert found is not None
    data: dict[str, Any] = json.loads(found[1])
    return data


def test_one_file_that_points_nowhere(tmp_path: Path, journey: Journey, origin: Origin) -> None:
    text = written(tmp_path, journey, origin).read_text("utf-8")
    assert shape(text).addresses == []
    assert not re.search(r"url\(|@import|fetch\(|XMLHttpRequest|innerHTML|insertAdjacent|document\.write|eval\(", text)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy is not None
    assert policy[1].startswith("default-src &#x27;none&#x27;; script-src &#x27;sha256-")
    assert "unsafe" not in policy[1]
    assert len(text) < 120_000


def test_what_it_shows_is_what_the_views_say(tmp_path: Path, journey: Journey, origin: Origin) -> None:
    data = data_of(written(tmp_path, journey, origin).read_text("utf-8"))
    assert data["heading"].startswith("Viaggio 1 · GET /ciao?nome=Ada → 200")
    assert [len(data["levels"][level]) for level in "123"] == sorted(len(data["levels"][level]) for level in "123")
    keys = {line["key"]: line for line in data["lines"]}
    assert keys["PATH_INFO"]["origin"] == "byte 4–8"
    assert keys["PATH_INFO"]["spans"] == [[4, 9]]
    assert data["code"][0][2] == [3, "riga 3"]
    assert "flask.app.Flask" in data["about"]


def test_no_path_of_the_machine_is_in_it(tmp_path: Path, journey: Journey, origin: Origin) -> None:
    assert "/x/site-packages" not in written(tmp_path, journey, origin).read_text("utf-8")


@pytest.mark.parametrize("text", [*HARM, "<>&\u2028\u2029", "</SCRIPT ", "<!--"])
def test_json_in_a_script_is_only_data(text: str) -> None:
    shown = embedded({"a": text, text: [text]})
    assert not set("<>&\u2028\u2029") & set(shown)
    if "\ud800" not in text:
        assert json.loads(shown) == {"a": text, text: [text]}


def test_hostile_data_adds_no_element(tmp_path: Path, journey: Journey, hostile: Journey, origin: Origin) -> None:
    plain = shape(written(tmp_path, journey, origin).read_text("utf-8"))
    harmful = shape(written(tmp_path, hostile, origin).read_text("utf-8"))
    assert harmful.elements == plain.elements
    assert harmful.addresses == []


def test_one_journey_a_page(tmp_path: Path, journey: Journey, origin: Origin) -> None:
    for journeys in ([], [journey, journey]):
        with pytest.raises(CommandError, match="--viaggio"):
            write_export("html", tmp_path / "a.html", journeys, origin)


def test_the_palette_is_that_of_the_themes() -> None:
    style = (Path(__file__).parents[2] / "app/passerella/export/page/page.css").read_text("utf-8")
    night, day = (set(re.findall(r"#[0-9a-f]{6}", part)) for part in style.split("prefers-color-scheme: light")[:2])
    for colours, theme in ((night, THEMES[0]), (day, THEMES[1])):
        known = {theme.foreground, theme.background, theme.surface, theme.panel, *theme.variables.values()}
        assert colours <= known


@needs_chromium
def test_it_is_walked_with_the_keyboard(tmp_path: Path, journey: Journey, origin: Origin, chromium: Page) -> None:
    chromium.problems.clear()
    chromium.open(written(tmp_path, journey, origin).as_uri())
    current = "document.querySelector('[aria-current]').textContent"
    first = chromium.run(current)
    chromium.press("ArrowRight")
    second = chromium.run(current)
    assert second != first
    assert chromium.run("document.getElementById('live').textContent").startswith("Passo 2 di")
    chromium.press("ArrowLeft")
    assert chromium.run(current) == first
    rows = "document.querySelectorAll('#steps li').length"
    counts = [chromium.run(rows)]
    chromium.press("-")
    counts.insert(0, chromium.run(rows))
    chromium.press("+")
    chromium.press("+")
    counts.append(chromium.run(rows))
    assert counts[0] < counts[1] <= counts[2]
    for tab, words in (("2", "47 45 54"), ("3", "riga 3"), ("4", "momento"), ("1", "PATH_INFO")):
        chromium.press("Home" if tab == "2" else "End")
        chromium.press(tab)
        assert words in chromium.run("document.getElementById('panel').textContent"), tab
        assert chromium.run(f"document.getElementById('tab-{tab}').getAttribute('aria-selected')") == "true"
    assert chromium.problems == []


@needs_chromium
def test_a_key_lights_its_bytes(tmp_path: Path, journey: Journey, origin: Origin, chromium: Page) -> None:
    chromium.open(written(tmp_path, journey, origin).as_uri() + "#passo=4")
    chromium.run("[...document.querySelectorAll('th button')].find((each) => each.textContent === 'PATH_INFO').click()")
    assert chromium.run("document.activeElement.textContent") == "PATH_INFO"
    assert "percorso" in chromium.run("document.getElementById('explanation').textContent").lower()
    chromium.press("2")
    lit = chromium.run("[...document.querySelectorAll('pre mark')].map((each) => each.textContent)")
    assert lit == ["2f 63 69 61 6f", "/ciao"]


@needs_chromium
def test_a_screen_reader_finds_its_way(tmp_path: Path, journey: Journey, origin: Origin, chromium: Page) -> None:
    chromium.open(written(tmp_path, journey, origin).as_uri() + "#passo=3")
    nodes = chromium.call("Accessibility.getFullAXTree")["nodes"]
    names: dict[str, list[str]] = {}
    for node in nodes:
        names.setdefault(node["role"]["value"], []).append(node.get("name", {}).get("value", ""))
    assert {"Mappa", "Passi", "Che cosa succede qui"} <= set(names["heading"])
    assert names["tab"] == ["1 environ", "2 byte", "3 codice", "4 spiegazione"] or len(names["tab"]) == 4
    assert any("Sei a" in name for name in names["image"])
    assert all(name.strip() for name in names["button"])
    assert names["status"]
    assert chromium.run("document.documentElement.lang") == "it"


@needs_chromium
@pytest.mark.parametrize("width", [320, 400, 1280])
def test_nothing_is_cut_off_at_any_width(
    tmp_path: Path, hostile: Journey, journey: Journey, origin: Origin, chromium: Page, width: int
) -> None:
    for each in (journey, hostile):
        chromium.open(written(tmp_path, each, origin).as_uri() + "#passo=4", width, 800)
        assert chromium.run("document.documentElement.scrollWidth") <= width


@needs_chromium
def test_hostile_data_runs_nothing_and_asks_for_nothing(
    tmp_path: Path, hostile: Journey, origin: Origin, chromium: Page
) -> None:
    chromium.problems.clear()
    address = written(tmp_path, hostile, origin).as_uri()
    chromium.open(address)
    steps = chromium.run("document.querySelectorAll('#steps li').length")
    for step in range(1, steps + 1):
        for tab in range(1, 5):
            chromium.press(str(tab))
        chromium.press("ArrowRight")
        assert chromium.run("document.getElementById('where').textContent").startswith(str(min(step + 1, steps)))
    assert chromium.run("document.title").startswith("Viaggio 1")
    assert chromium.run("document.title") != "PRESO"
    assert chromium.run("document.getElementById('preso')") is None
    strange = "[...document.querySelectorAll('*')].map((each) => each.localName)"
    assert not {"img", "base", "iframe", "object", "link", "form"} & set(chromium.run(strange))
    assert chromium.run("document.querySelectorAll('script').length") == 2
    assert chromium.problems == []
