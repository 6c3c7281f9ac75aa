"""The loader: variants, generic entries, translations, and nothing read before it is needed."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerella import texts
from passerella.errors import ContentError
from passerella.texts import loader


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the folders of texts where a translation can be tried."""
    source = tmp_path / loader.SOURCE
    source.mkdir()
    for file in (Path(loader.__file__).parent / loader.SOURCE).iterdir():
        (source / file.name).write_bytes(file.read_bytes())
    monkeypatch.setattr(loader, "_FOLDERS", tmp_path)
    forget()
    yield tmp_path
    forget()


def forget() -> None:
    loader._steps.cache_clear()
    loader._keys.cache_clear()
    loader._words.cache_clear()


def translate(folders: Path, file: str, words: str) -> None:
    folder = folders / "en"
    folder.mkdir(exist_ok=True)
    (folder / file).write_text(words, encoding="utf-8")


def test_a_step_has_its_text() -> None:
    assert texts.step_text("request_line").title == "riga di richiesta"


@pytest.mark.parametrize("landmark", ["transport.write", "transport.writelines"])
@pytest.mark.parametrize("name", ["headers_written", "body_written", "response_written"])
def test_bytes_handed_to_a_loop_are_not_called_sent(name: str, landmark: str) -> None:
    handed = texts.step_text(name, landmark)
    assert handed == texts.step_text(f"{name}.loop")
    assert handed != texts.step_text(name)
    assert "consegna" in handed.title
    assert "consegna al loop" in handed.text or "consegna insieme al loop" in handed.text


@pytest.mark.parametrize(
    "landmark", ["", "socket.sendall", "asyncio.selector_events:_SelectorSocketTransport.write", "mytransport.write"]
)
def test_other_landmarks_have_the_plain_text(landmark: str) -> None:
    assert texts.step_text("body_written", landmark) == texts.step_text("body_written")


def test_a_landmark_of_the_loop_without_a_variant_has_the_plain_text() -> None:
    assert texts.step_text("accept", "protocol.connection_made") == texts.step_text("accept")


def test_a_dotted_name_inherits() -> None:
    assert texts.step_text("recv.unheard_of") == texts.step_text("recv")


@pytest.mark.parametrize("name", ["", "unheard_of", "unheard_of.loop", ".loop"])
def test_an_unknown_step_is_an_error(name: str) -> None:
    with pytest.raises(KeyError):
        texts.step_text(name)


def test_the_two_interfaces_have_their_own_keys() -> None:
    assert texts.key_text("wsgi", "PATH_INFO").title == "percorso"
    assert texts.key_text("asgi", "PATH_INFO") == texts.key_text("asgi", "*")
    assert texts.key_text("wsgi", "raw_path") == texts.key_text("wsgi", "*")


def test_any_header_has_a_text() -> None:
    assert texts.key_text("wsgi", "HTTP_X_QUALUNQUE") == texts.key_text("wsgi", "HTTP_*")
    assert texts.key_text("wsgi", "HTTP_HOST") != texts.key_text("wsgi", "HTTP_*")
    assert texts.key_text("asgi", "HTTP_X_QUALUNQUE") == texts.key_text("asgi", "*")


def test_an_inner_path_has_the_text_of_its_key() -> None:
    assert texts.key_text("asgi", "headers[2]") == texts.key_text("asgi", "headers")
    assert texts.key_text("asgi", "fastapi[form_limits]") == texts.key_text("asgi", "fastapi")


@given(st.sampled_from(["wsgi", "asgi"]), st.text())
def test_no_key_fails(interface: loader.Interface, key: str) -> None:
    assert texts.key_text(interface, key).text


def test_words() -> None:
    assert texts.word("await") == texts.hold("await")
    assert texts.word("process") == texts.origin("process")
    assert texts.word("inbound").label == "andata"
    assert texts.direction("outbound").label == "ritorno"
    with pytest.raises(KeyError):
        texts.word("gateway")


def test_a_name_shared_by_an_origin_and_a_station_is_the_origin() -> None:
    assert texts.word("server") == texts.origin("server")
    assert texts.word("server") != texts.station("server")


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("client", "Client"),
        ("proxy", "Proxy"),
        ("socket", "Socket"),
        ("server", "Server"),
        ("gateway", "Ponte"),
        ("middleware", "Middleware"),
        ("framework", "Framework"),
        ("view", "Vista"),
    ],
)
def test_station_titles(name: str, title: str) -> None:
    assert texts.station_title(name) == title


def test_a_translation_speaks_and_italian_fills_in(folders: Path) -> None:
    translate(folders, "steps.toml", '[recv]\ntitle = "bytes read"\n')
    translate(folders, "keys.toml", '[environ.PATH_INFO]\ntitle = "path"\ntext = "T."\nreference = "R"\n')
    translate(folders, "words.toml", '[station.gateway]\nlabel = "Bridge"\n')
    assert texts.step_text("recv", language="en").title == "bytes read"
    assert texts.step_text("recv", language="en").text == texts.step_text("recv").text
    assert texts.step_text("view", language="en") == texts.step_text("view")
    assert texts.key_text("wsgi", "PATH_INFO", language="en") == texts.Text("path", "T.", "R")
    assert texts.key_text("asgi", "path", language="en") == texts.key_text("asgi", "path")
    assert texts.station_title("gateway", language="en") == "Bridge"
    assert texts.station_title("view", language="en") == "Vista"
    assert texts.step_text("recv").title == "byte letti"


def test_a_language_without_a_folder_is_italian() -> None:
    assert texts.step_text("recv", language="xx") == texts.step_text("recv")


@pytest.mark.parametrize(
    "words",
    [
        '[recv\ntitle = "x"',
        'recv = "x"',
        "[recv]\ntitle = 3",
        '[recv]\ntitel = "bytes read"',
        '[unheard_of]\ntitle = "no text, no reference"',
    ],
)
def test_a_wrong_translation_is_named(folders: Path, words: str) -> None:
    translate(folders, "steps.toml", words)
    with pytest.raises(ContentError) as caught:
        texts.step_text("recv", language="en")
    assert "en/steps.toml" in caught.value.message
    assert caught.value.details


def test_a_translation_that_is_not_text_is_named(folders: Path) -> None:
    translate(folders, "steps.toml", "")
    (folders / "en" / "steps.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ContentError):
        texts.step_text("recv", language="en")


def test_texts_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        texts.step_text("recv").title = "altro"  # type: ignore[misc]


READS = """
import sys
opened = []
sys.addaudithook(lambda event, args: opened.append(args[0]) if event == "open" and str(args[0]).endswith(".toml") else None)
from passerella import texts
assert not opened, opened
texts.step_text("recv")
texts.step_text("view", "protocol.data_received")
assert len(opened) == 1, opened
texts.key_text("wsgi", "PATH_INFO")
texts.key_text("asgi", "path")
texts.word("await")
texts.station_title("view")
assert len(opened) == 3, opened
"""


def test_each_file_is_read_once_and_only_when_needed() -> None:
    subprocess.run([sys.executable, "-c", READS], check=True)
