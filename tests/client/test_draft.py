import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerella.client.breakages import breakages
from passerella.client.draft import HOST, Draft, data_of, of_bytes, of_line, prepare
from passerella.client.prepared import Prepared
from passerella.client.raw_text import to_bytes, to_text
from passerella.client.request import compose
from passerella.errors import CommandError

SERVER = "127.0.0.1:8000"


@given(st.binary(max_size=200))
def test_bytes_come_back_from_their_text(data: bytes) -> None:
    assert to_bytes(to_text(data)) == data


@given(st.text("\r\n\\x0 è:", max_size=40))
def test_line_ends_and_backslashes_come_back(text: str) -> None:
    data = text.encode()
    assert to_bytes(to_text(data)) == data


@given(st.text(max_size=60))
def test_any_text_is_bytes_or_says_why(text: str) -> None:
    if "\\" not in text and not any("\ud800" <= each <= "\udfff" for each in text):
        assert to_bytes(text) == text.replace("\n", "\r\n").encode()


def test_the_notation() -> None:
    assert to_bytes("GET / HTTP/1.1\nHost: x\\n\\\n\\n") == b"GET / HTTP/1.1\r\nHost: x\n\n"
    assert to_bytes("a\\x00\\0\\t\\\\\\r") == b"a\x00\x00\t\\\r"
    assert to_text(b"a: caff\xc3\xa8\r\nb: \xff\x1b") == "a: caffè\nb: \\xff\\x1b"
    with pytest.raises(CommandError, match="due cifre esadecimali"):
        to_bytes("a\\q")


@pytest.mark.parametrize(
    "draft",
    [
        Draft(path="/ciao", query="nome=Ada"),
        Draft(method="POST", path="/moduli", body="nome=Ada&x=caffè"),
        Draft(method="PUT", path="/a", headers="X-A: 1\nX-A: 2", body="x\r\n\r\ny"),
        Draft(path="/", headers="User-Agent: altro\nAccept: text/html", keep_alive=False),
        Draft(method="DELETE", path="/x", query="a=b&c"),
    ],
)
def test_a_request_becomes_the_form_that_makes_it(draft: Draft) -> None:
    data = data_of(draft, SERVER)
    again = of_bytes(data)
    assert again.raw is None
    assert sorted(data_of(again, SERVER).split(b"\r\n")) == sorted(data.split(b"\r\n"))
    assert (again.method, again.path, again.query, again.body) == (draft.method, draft.path, draft.query, draft.body)


@given(st.binary(max_size=120), st.text("ab:é \r\n", max_size=20))
def test_whatever_came_can_be_sent_again(data: bytes, tail: str) -> None:
    for request in (data, b"GET /x HTTP/1.1\r\nHost: a\r\n" + tail.encode() + data):
        again = data_of(of_bytes(request), "a")
        assert sorted(again.split(b"\r\n")) == sorted(request.split(b"\r\n"))


def test_a_request_of_curl_is_sent_again_as_it_was() -> None:
    data = b"GET /ciao?nome=Ada HTTP/1.1\r\nHost: 127.0.0.1:8000\r\nUser-Agent: curl/8.14.1\r\nAccept: */*\r\n\r\n"
    again = of_bytes(data)
    assert again.headers == "User-Agent: curl/8.14.1\nAccept: */*"
    assert data_of(again, SERVER) == data


def test_a_line() -> None:
    assert of_line("GET /ciao?nome=Ada").line == "GET /ciao?nome=Ada"
    assert of_line("/ciao").line == "GET /ciao"
    assert of_line("/ciao", "x").method == "POST"
    with pytest.raises(CommandError, match="Manca il percorso"):
        data_of(Draft(path=" "), SERVER)
    with pytest.raises(CommandError, match="non è un'intestazione"):
        data_of(Draft(headers="niente"), SERVER)


def test_orders() -> None:
    one = data_of(Draft(), SERVER)
    assert prepare(Draft(), SERVER) == ([Prepared.of(one)], False)
    copies, same = prepare(Draft(copies=3, order="kept"), SERVER)
    assert (len(copies), same) == (3, True)
    copies, _same = prepare(Draft(copies=3, order="pipelined"), SERVER)
    assert len(copies) == 1
    assert copies[0].pipelined == ("GET", "GET")
    copies, _same = prepare(Draft(copies=3, order="together", piece=5, pause=0.5), SERVER)
    assert [each.manner.together for each in copies] == [False, True, True]
    assert copies[0].manner.pieces[0] == (5, 0.5)
    for count in (0, 201):
        with pytest.raises(CommandError, match="da 1 a 200"):
            prepare(Draft(copies=count), SERVER)


@pytest.mark.parametrize("name", list(breakages()))
def test_every_breakage_is_broken_and_explained(name: str) -> None:
    each = breakages()[name]
    data = data_of(Draft(raw=each.raw), SERVER)
    assert HOST.encode() not in data
    assert each.about.endswith((".", "?"))
    assert each.section.startswith(("RFC", "PEP"))
    assert each.title
    assert data != compose("GET /ciao?nome=Ada", host=SERVER)


def test_breakages_have_the_bytes_they_are_famous_for() -> None:
    def data(name: str) -> bytes:
        return data_of(Draft(raw=breakages()[name].raw), SERVER)

    assert b"Host" not in data("no-host")
    assert data("two-lengths").count(b"Content-Length") == 2
    assert b"\r" not in data("bare-lf")
    assert data("bare-lf").endswith(b"\n\n")
    assert b"uno\rX-Altra" in data("bare-cr")
    assert b"\r\n e continua" in data("folded")
    assert b"prima\0dopo" in data("nul-in-header")
    assert data("length-and-chunked").endswith(b"\r\n8\r\nnome=Ada\r\n0\r\n\r\n")
    assert data("not-http").startswith(b"\x16\x03\x01")
    assert len(data("huge-header")) > 100_000
