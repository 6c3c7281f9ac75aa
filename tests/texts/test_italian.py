"""The Italian texts: none is missing, each has the shape that the screens expect and reads as Italian."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from passerella import texts
from passerella.probe import vocabulary

FOLDER = Path(texts.__file__).parent / "it"

STEPS = """
request_sent response_received client_closed
accept recv recv.loop recv_end recv_end.loop headers_written headers_written.loop body_written body_written.loop
response_written response_written.loop shutdown close close.loop connection_lost
worker connection data_received request_line headers headers_read body_reader body message_complete queue service task
handle_request response_head write sendfile keep_alive finish error_response connection_closed server_step
environ scope call start_response write_callable iterable chunk iterable_end iterable_close receive received_event
send_start send_body send app_return app_error lifespan adapter adapter_return
ws_connect ws_accept ws_receive ws_send ws_close ws_disconnect ws_denial
closed_box frame_parsed frame_built upgrade upgrade.loop frame_in frame_out frame_out.loop client_frame_sent client_frame_received
middleware middleware_return builtin_middleware builtin_middleware_return proxy_headers proxy_headers_return
framework_call framework_return request_object context routing route_match hooks_before hook hooks_after dispatch
dependencies thread_pool thread_return serialization response_object response_call body_read error_handler teardown
framework_step
view view_return view_error mark mark_return
front_accept front_read front_request front_headers front_location front_body front_upstream front_forward
front_connect front_forwarded front_answer front_response_head front_kept front_relay front_static front_trouble
front_client_trouble front_client_error front_keep_alive front_close front_done
"""

ENVIRON = """
REQUEST_METHOD SCRIPT_NAME PATH_INFO QUERY_STRING CONTENT_TYPE CONTENT_LENGTH SERVER_NAME SERVER_PORT SERVER_PROTOCOL
SERVER_SOFTWARE GATEWAY_INTERFACE REMOTE_ADDR REMOTE_PORT REMOTE_HOST REMOTE_USER REMOTE_IDENT AUTH_TYPE PATH_TRANSLATED
REQUEST_URI RAW_URI HTTPS
HTTP_* HTTP_HOST HTTP_USER_AGENT HTTP_ACCEPT HTTP_COOKIE HTTP_CONNECTION HTTP_AUTHORIZATION HTTP_X_FORWARDED_FOR
HTTP_X_FORWARDED_PROTO HTTP_TRANSFER_ENCODING HTTP_EXPECT
wsgi.version wsgi.url_scheme wsgi.input wsgi.errors wsgi.multithread wsgi.multiprocess wsgi.run_once wsgi.file_wrapper
wsgi.input_terminated wsgi.early_hints gunicorn.socket waitress.client_disconnected
mod_wsgi.* UNIQUE_ID SCRIPT_FILENAME DOCUMENT_ROOT
*
"""

SCOPE = """
type asgi http_version method scheme path raw_path query_string root_path headers client server state extensions
subprotocols
app router route endpoint path_params user session fastapi fastapi_inner_astack
*
"""

ORIGINS = ("socket", "server", "process", "middleware")

TITLE_WIDTH = 28
TEXT_LENGTH = 210  # three lines of an 80-column screen, inside a border
REFERENCE_WIDTH = 60

SENTENCE_END = re.compile(r"[.!?](?=\s|$)")
ENGLISH = re.compile(
    r"(?<!-)\b(the|of|and|is|are|was|with|when|which|this|that|these|your|you|from|by|not|to|for|it|its|an|as|be|has)\b",
    re.IGNORECASE,
)
WRONG_ACCENTS = re.compile(
    r"\b(e|perche|piu|puo|gia|cioe|pero|cosi|finche|poiche|affinche|citta|sara|potra|dovra|c'e|cos'e)'"
    r"|\b(perche|piu|puo|cioe|cosi|finche|poiche)\b"
    r"|perchè|finchè|poichè|nè\b|\bpò\b|\bqual'è|\bsè\b|é'|\bE'",
    re.IGNORECASE,
)
NOT_TYPED_HERE = re.compile("[\u2018\u2019\u201c\u201d\u2013\u2014\u2026\u00a0\t\r\n]|  | $|^ ")

PEP_SECTIONS = {
    "The Application/Framework Side",
    "The Server/Gateway Side",
    "Middleware",
    "Specification Details",
    "environ Variables",
    "Input and Error Streams",
    "The start_response() Callable",
    "Handling the Content-Length Header",
    "Buffering and Streaming",
    "Middleware Handling of Block Boundaries",
    "The write() Callable",
    "Unicode Issues",
    "Error Handling",
    "HTTP 1.1 Expect/Continue",
    "Other HTTP Features",
    "Thread Support",
    "URL Reconstruction",
    "Optional Platform-Specific File Handling",
}
ASGI_SECTIONS = {
    "Connection Scope",
    "Applications",
    "Middleware",
    "Error Handling",
    "Extensions",
    "HTTP Connection Scope",
    "Request",
    "Response Start",
    "Response Body",
    "Websocket Connection Scope",
    "Lifespan Protocol",
    "Lifespan State",
}
SOURCES = re.compile(
    r"(PEP 3333 · |ASGI · |RFC \d{4} §\d|Python · |asyncio · |(Flask|Werkzeug|Starlette|FastAPI|Uvicorn|Waitress) · "
    r"|Codice (di|del|della) |Passerella · )"
)


def table(file: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / file).read_text(encoding="utf-8"))


def entries(tables: dict[str, Any], path: str) -> Iterator[tuple[str, dict[str, str]]]:
    for key, value in tables.items():
        if "text" in value:
            yield f"{path}:{key}", value
        else:
            yield from entries(value, f"{path}:{key}")


EXPLANATIONS = [pair for file in ("steps.toml", "keys.toml") for pair in entries(table(file), file)]
WORDS = list(entries(table("words.toml"), "words.toml"))

each_explanation = pytest.mark.parametrize(
    "entry", [e for _, e in EXPLANATIONS], ids=[name for name, _ in EXPLANATIONS]
)
each_entry = pytest.mark.parametrize(
    "entry", [e for _, e in EXPLANATIONS + WORDS], ids=[name for name, _ in EXPLANATIONS + WORDS]
)


@pytest.mark.parametrize("name", STEPS.split())
def test_each_kind_of_step_has_its_own_text(name: str) -> None:
    assert name in table("steps.toml")


@pytest.mark.parametrize(
    ("mapping", "key"), [("environ", k) for k in ENVIRON.split()] + [("scope", k) for k in SCOPE.split()]
)
def test_each_standard_key_has_its_own_text(mapping: str, key: str) -> None:
    assert key in table("keys.toml")[mapping]


def test_words_cover_the_vocabulary() -> None:
    words = table("words.toml")
    assert set(words["station"]) == set(vocabulary.STATIONS)
    assert set(words["direction"]) == set(vocabulary.DIRECTIONS)
    assert set(words["hold"]) == set(vocabulary.HOLDS)
    assert set(words["origin"]) == set(ORIGINS)


def test_a_variant_is_a_variant_of_something() -> None:
    steps = table("steps.toml")
    assert all(name.partition(".")[0] in steps for name in steps)


@each_explanation
def test_an_explanation_is_two_short_sentences(entry: dict[str, str]) -> None:
    ends = SENTENCE_END.findall(entry["text"])
    assert len(ends) == 2
    assert entry["text"].endswith(".")
    assert len(entry["text"]) <= TEXT_LENGTH


@pytest.mark.parametrize("entry", [e for _, e in WORDS], ids=[name for name, _ in WORDS])
def test_a_word_is_a_label_and_one_sentence(entry: dict[str, str]) -> None:
    assert entry["label"]
    assert len(entry["label"]) <= TITLE_WIDTH
    assert SENTENCE_END.findall(entry["text"]) == ["."]
    assert entry["text"].endswith(".")


@each_entry
def test_a_sentence_starts_with_a_capital(entry: dict[str, str]) -> None:
    starts = [part.lstrip()[0] for part in SENTENCE_END.split(entry["text"]) if part.strip()]
    assert all(start.isupper() for start in starts), starts


@each_explanation
def test_a_title_fits_and_has_no_full_stop(entry: dict[str, str]) -> None:
    assert entry["title"]
    assert len(entry["title"]) <= TITLE_WIDTH
    assert not entry["title"].endswith(".")


@each_entry
def test_it_is_typed_plainly_and_in_italian(entry: dict[str, str]) -> None:
    for field, words in entry.items():
        assert not NOT_TYPED_HERE.search(words), (field, words)
        assert not WRONG_ACCENTS.search(words), (field, words)
        assert field == "reference" or not ENGLISH.search(words), (field, ENGLISH.search(words))


@each_explanation
def test_a_reference_names_something_that_exists(entry: dict[str, str]) -> None:
    assert 0 < len(entry["reference"]) <= REFERENCE_WIDTH
    for reference in entry["reference"].split("; "):
        assert SOURCES.match(reference), reference
        source, _, section = reference.partition(" · ")
        known = {"PEP 3333": PEP_SECTIONS, "ASGI": ASGI_SECTIONS}.get(source)
        assert known is None or set(section.split(", ")) <= known, reference


@pytest.mark.parametrize(
    ("pattern", "wrong"),
    [
        (WRONG_ACCENTS, "perche' no"),
        (WRONG_ACCENTS, "questo e' uno"),
        (WRONG_ACCENTS, "non piu' di uno"),
        (WRONG_ACCENTS, "perchè no"),
        (WRONG_ACCENTS, "E' vero"),
        (NOT_TYPED_HERE, "l\u2019app"),
        (NOT_TYPED_HERE, "due  spazi"),
        (ENGLISH, "legge the request"),
    ],
)
def test_the_checks_can_fail(pattern: re.Pattern[str], wrong: str) -> None:
    assert pattern.search(wrong)


@pytest.mark.parametrize("right", ["c'è un po' di tempo", "perché è più", "dell'app, né l'environ", "se n'è andato"])
def test_the_checks_let_good_italian_pass(right: str) -> None:
    assert not any(pattern.search(right) for pattern in (WRONG_ACCENTS, NOT_TYPED_HERE, ENGLISH))
