import re

import h11
import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerella.client.request import compose, parse_line, user_agent
from passerella.errors import CommandError

HOST = "127.0.0.1:8000"


def lines_of(request: bytes) -> list[str]:
    return request.partition(b"\r\n\r\n")[0].decode("utf-8").split("\r\n")


def body_of(request: bytes) -> bytes:
    return request.partition(b"\r\n\r\n")[2]


def read_by_h11(request: bytes) -> tuple[h11.Request, bytes]:
    server = h11.Connection(h11.SERVER)
    server.receive_data(request)
    asked = server.next_event()
    assert isinstance(asked, h11.Request)
    body = b""
    while isinstance(event := server.next_event(), h11.Data):
        body += bytes(event.data)
    assert isinstance(event, h11.EndOfMessage)
    assert server.trailing_data == (b"", False)
    return asked, body


def test_a_plain_get_byte_for_byte() -> None:
    expected = f"GET /ciao?nome=Ada HTTP/1.1\r\nHost: {HOST}\r\nUser-Agent: {user_agent()}\r\nAccept: */*\r\n\r\n"
    assert compose("GET /ciao?nome=Ada", host=HOST) == expected.encode("ascii")


def test_the_user_agent_has_our_version() -> None:
    assert re.fullmatch(r"passerella/\d+\.\d+\.\d+\S*", user_agent())


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("/ciao", "GET /ciao HTTP/1.1"),
        ("  DELETE   /ciao  ", "DELETE /ciao HTTP/1.1"),
        ("GET /ciao HTTP/1.0", "GET /ciao HTTP/1.0"),
        ("/ciao HTTP/1.1", "GET /ciao HTTP/1.1"),
        ("get /ciao", "get /ciao HTTP/1.1"),
        ("OPTIONS *", "OPTIONS * HTTP/1.1"),
        ("CONNECT esempio.it:443", "CONNECT esempio.it:443 HTTP/1.1"),
        ("GET http://127.0.0.1:8000/ciao", "GET http://127.0.0.1:8000/ciao HTTP/1.1"),
        ("GET /caffè", "GET /caff%C3%A8 HTTP/1.1"),
        ("GET /due parole?nome=Ada Lovelace", "GET /due%20parole?nome=Ada%20Lovelace HTTP/1.1"),
        ("GET /caff%c3%a8/100%?q=%", "GET /caff%c3%a8/100%?q=% HTTP/1.1"),
        ("GET /ciao#cima", "GET /ciao HTTP/1.1"),
        ("GET /a{b}|c?d={e}|f&g='h'", "GET /a%7Bb%7D|c?d={e}|f&g=%27h%27 HTTP/1.1"),
        ("GET /\x1b[31m\x7f", "GET /%1B[31m%7F HTTP/1.1"),
        ("GET /caff\udce8", "GET /caff%E8 HTTP/1.1"),
    ],
)
def test_the_request_line(line: str, expected: str) -> None:
    assert lines_of(compose(line, host=HOST))[0] == expected


@pytest.mark.parametrize(
    "line", ["", "   ", "GET", "ciao", "GET ciao", "GET HTTP/1.0", "GET *", "GET #cima", "GET ://x"]
)
def test_a_line_that_is_no_request_says_what_was_expected(line: str) -> None:
    with pytest.raises(CommandError, match=r"GET /ciao\?nome=Ada"):
        compose(line, host=HOST)


@pytest.mark.parametrize("version", ["2", "2.0", "0.9", "1.1.1"])
def test_other_versions_are_left_to_raw_bytes(version: str) -> None:
    with pytest.raises(CommandError, match="--byte"):
        compose(f"GET / HTTP/{version}", host=HOST)


@pytest.mark.parametrize("evil", ["\r", "\n", "\0", "\ud800"])
@pytest.mark.parametrize("place", ["line", "name", "value", "host"])
def test_nothing_can_end_a_line_early(evil: str, place: str) -> None:
    texts = {"line": "GET /a{}b", "name": "X{}Y", "value": "a{}b", "host": "a{}b"}
    texts = {key: text.format(evil if key == place else "") for key, text in texts.items()}
    with pytest.raises(CommandError) as error:
        compose(texts["line"], host=texts["host"], headers=[(texts["name"], texts["value"])])
    assert evil not in error.value.message


@pytest.mark.parametrize("name", ["", "X Y", "X:", "però", "X\t"])
def test_a_header_name_is_a_token(name: str) -> None:
    with pytest.raises(CommandError, match="Accept-Language: it"):
        compose("/", host=HOST, headers=[(name, "a")])


def test_errors_show_hostile_text_short_and_harmless() -> None:
    with pytest.raises(CommandError) as error:
        compose("\x1b[2J" + "x" * 10_000, host=HOST)
    assert "\x1b" not in error.value.message
    assert len(error.value.message) < 400


def test_a_header_given_replaces_ours_whatever_its_case() -> None:
    headers = [("user-agent", "Ada"), ("HOST", "esempio.it"), ("X-Prova", "1"), ("X-Prova", "2")]
    assert lines_of(compose("/", host=HOST, headers=headers))[1:] == [
        "HOST: esempio.it",
        "Accept: */*",
        "user-agent: Ada",
        "X-Prova: 1",
        "X-Prova: 2",
    ]


def test_a_body_is_counted_and_is_a_form_unless_said() -> None:
    request = compose("POST /moduli", host=HOST, body="nome=però".encode())
    assert lines_of(request)[-2:] == ["Content-Type: application/x-www-form-urlencoded", "Content-Length: 10"]
    assert body_of(request) == "nome=però".encode()
    json = compose("POST /", host=HOST, body=b"{}", headers=[("content-type", "application/json")])
    assert "Content-Type: application/x-www-form-urlencoded" not in lines_of(json)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_methods_that_carry_a_body_say_when_there_is_none(method: str) -> None:
    lines = lines_of(compose(f"{method} /", host=HOST))
    assert "Content-Length: 0" in lines
    assert not any(line.startswith("Content-Type") for line in lines)


@pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE", "OPTIONS"])
def test_other_methods_say_no_length(method: str) -> None:
    assert "Content-Length" not in compose(f"{method} /", host=HOST).decode()


def test_a_length_given_stays_even_if_wrong() -> None:
    request = compose("POST /", host=HOST, body=b"abc", headers=[("Content-Length", "1")])
    assert [line for line in lines_of(request) if line.startswith("Content-Length")] == ["Content-Length: 1"]
    assert body_of(request) == b"abc"


def test_a_chunked_body_goes_in_one_chunk_without_a_length() -> None:
    headers = [("Transfer-Encoding", "chunked")]
    request = compose("POST /", host=HOST, body=b"ciao a tutti quanti", headers=headers)
    assert "Content-Length" not in request.decode()
    assert body_of(request) == b"13\r\nciao a tutti quanti\r\n0\r\n\r\n"
    assert body_of(compose("POST /", host=HOST, headers=headers)) == b"0\r\n\r\n"


def test_connection_close_only_when_asked() -> None:
    assert "Connection: close" in lines_of(compose("/", host=HOST, keep_alive=False))
    assert "Connection" not in compose("/", host=HOST).decode()


_TOKENS = st.text("abcXYZ019-_.!~", min_size=1, max_size=12)
# h11 takes whatever is visible or above ASCII; blanks only inside.
_WORDS = st.text(st.characters(min_codepoint=0x21, exclude_characters="\x7f\x85", exclude_categories=["Cs", "Cc", "Z"]))
_VALUES = st.lists(_WORDS.filter(bool), max_size=3).map(" ".join)
_HEADERS = st.lists(st.tuples(_TOKENS.map("X-{}".format), _VALUES), max_size=5)


@given(method=st.sampled_from(["GET", "POST", "PROVA", "put"]), headers=_HEADERS, body=st.none() | st.binary())
def test_h11_reads_back_what_was_asked(method: str, headers: list[tuple[str, str]], body: bytes | None) -> None:
    asked, received = read_by_h11(compose(f"{method} /ciao?nome=Ada", host=HOST, headers=headers, body=body))
    assert (asked.method, asked.target, asked.http_version) == (method.encode(), b"/ciao?nome=Ada", b"1.1")
    sent = [(name.lower().encode(), value.encode()) for name, value in headers]
    assert [field for field in asked.headers if field[0].startswith(b"x-")] == sent
    assert dict(asked.headers)[b"host"] == HOST.encode()
    assert received == (body or b"")


@given(path=st.text(), query=st.text())
def test_any_target_survives_percent_encoding(path: str, query: str) -> None:
    """What is decoded on the other side is what was typed: the target never breaks the line."""
    typed = f"/{path}?{query}"
    if any(character in typed for character in "\r\n\0"):
        with pytest.raises(CommandError):
            compose(typed, host=HOST)
        return
    version = re.search(r"[ \t]HTTP/\S+[ \t]*$", typed, re.IGNORECASE)
    if version:
        return
    asked, _body = read_by_h11(compose(f"GET {typed}", host=HOST))
    wanted = typed.rstrip(" \t").partition("#")[0].encode()
    assert _decoded(asked.target) == _decoded(wanted)


def _decoded(target: bytes) -> bytes:
    return re.sub(rb"%([0-9A-Fa-f]{2})", lambda match: bytes.fromhex(match[1].decode()), target)


@given(st.text())
def test_parse_line_answers_or_refuses(line: str) -> None:
    try:
        method, target, version = parse_line(line)
    except CommandError:
        return
    assert re.fullmatch(r"[!-~]+", target)
    assert re.fullmatch(r"[!-~]+", method)
    assert version in {"1.0", "1.1"}
