import shlex
import subprocess
import sys
import threading
from collections.abc import Iterator
from queue import SimpleQueue
from socketserver import StreamRequestHandler, ThreadingTCPServer

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from passerella.client.request import compose
from passerella.errors import CommandError
from passerella.views.copy_as import _bash_quoted, _crt_quoted, copy_as, forms

SERVER = "127.0.0.1:8000"


class _Echo(ThreadingTCPServer):
    """Keeps the bytes of each request."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        self.got: SimpleQueue[bytes] = SimpleQueue()
        super().__init__(("127.0.0.1", 0), _Keep)

    @property
    def name(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"


class _Keep(StreamRequestHandler):
    def handle(self) -> None:
        data = b""
        self.connection.settimeout(0.3)
        try:
            while piece := self.connection.recv(65536):
                data += piece
        except TimeoutError:
            pass
        assert isinstance(self.server, _Echo)
        self.server.got.put(data)
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")


@pytest.fixture
def echo() -> Iterator[_Echo]:
    with _Echo() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@given(st.text(st.characters(min_codepoint=1, max_codepoint=255, exclude_characters=""), max_size=40))
def test_a_word_is_one_word_to_bash_and_the_same(word: str) -> None:
    quoted = _bash_quoted(word)
    if not quoted.startswith("$'"):
        assert shlex.split(quoted) == [word.encode("latin-1").decode("utf-8")]
    assert "\n" not in quoted


@settings(max_examples=15)
@given(st.lists(st.binary(max_size=30).map(lambda data: data.replace(b"\0", b"")), max_size=4))
def test_bash_itself_reads_the_very_bytes(words: list[bytes]) -> None:
    quoted = " ".join(_bash_quoted(word.decode("latin-1")) for word in words)
    done = subprocess.run(["bash", "-c", f"printf '%s\\0' {quoted}"], capture_output=True, check=True)
    expected = [*words] or [b""]
    assert done.stdout.split(b"\0")[:-1] == expected


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40))
def test_windows_programs_read_the_same_word(word: str) -> None:
    assert _crt_parsed(_crt_quoted(word)) == word


def _crt_parsed(quoted: str) -> str:
    """Microsoft, «Parsing C command-line arguments»: 2n backslashes before a quote are n, 2n+1 are n and a quote."""
    found, backslashes = "", 0
    for character in quoted:
        if character == "\\":
            backslashes += 1
            continue
        if character == '"':
            found += "\\" * (backslashes // 2) + ('"' if backslashes % 2 else "")
        else:
            found += "\\" * backslashes + character
        backslashes = 0
    return found + "\\" * backslashes


REQUESTS = {
    "plain": compose("GET /ciao?nome=Ada&x=[1]", host="{host}"),
    "posted": compose("POST /moduli", host="{host}", body='nome=Ada\'s "caffè" $HOME `x` !'.encode()),
    "empty header": compose("GET /a/../b", host="{host}", headers=[("X-Vuota", ""), ("X-Apici", "a'b\"c")]),
    "bytes": compose(
        "PUT /x", host="{host}", headers=[("Content-Type", "application/octet-stream")], body=b"\x00\xff@\n"
    ),
    "no agent": b"DELETE /x HTTP/1.1\r\nHost: {host}\r\n\r\n",
    "star": b"OPTIONS * HTTP/1.1\r\nHost: {host}\r\nAccept: */*\r\n\r\n",
    "old": b"GET / HTTP/1.0\r\nHost: {host}\r\nAccept: a\r\nUser-Agent: b\r\n\r\n",
    "at": compose("POST /m", host="{host}", body=b"@/etc/hostname"),
}


@pytest.mark.parametrize("name", REQUESTS)
def test_curl_in_bash_sends_the_same_request(name: str, echo: _Echo) -> None:
    data = REQUESTS[name].replace(b"{host}", echo.name.encode())
    subprocess.run(["bash", "-c", copy_as("bash", data, echo.name)], capture_output=True, check=True, timeout=20)
    assert _told(echo.got.get(timeout=20)) == _told(data)


@pytest.mark.parametrize("name", [*REQUESTS, "broken"])
def test_python_sends_the_very_bytes(name: str, echo: _Echo) -> None:
    data = REQUESTS.get(name, b"GET /\x00'\"\\ HTTP/9\n\xff\n\n").replace(b"{host}", echo.name.encode())
    program = copy_as("python", data, echo.name)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, timeout=20)
    assert echo.got.get(timeout=20) == data
    assert echo.got.empty()
    assert done.stdout.endswith(b"ok")


def _told(data: bytes) -> tuple[bytes, list[bytes], bytes]:
    head, _end, body = data.partition(b"\r\n\r\n")
    line, *fields = head.split(b"\r\n")
    return line, sorted(field.lower().replace(b": ", b":").rstrip() for field in fields), body


def test_powershell_and_cmd() -> None:
    data = compose("GET /ciao?a=%C3%A8&b=1", host=SERVER, headers=[("X-A", 'due "parole" & 100%')])
    powershell = copy_as("powershell", data, SERVER)
    assert powershell.startswith("curl.exe --% --include")
    assert r'"X-A: due \"parole\" & 100%"' in powershell
    cmd = copy_as("cmd", data, SERVER)
    assert r"^\"parole\^" not in cmd
    assert 'X-A: due \\^"parole\\^" ^& 100^%^"' in cmd
    assert "a=^%C3^%A8^&b=1" in cmd
    with pytest.raises(CommandError, match="Windows"):
        copy_as("cmd", compose("POST /m", host=SERVER, body=b"a\nb"), SERVER)


def test_httpie() -> None:
    data = compose("POST /m?x=1", host=SERVER, headers=[("X-A", "=1")], body=b'{"a": 1}')
    words = shlex.split(copy_as("httpie", data, SERVER))
    assert words[:5] == ["http", "--ignore-stdin", "--path-as-is", "POST", f"http://{SERVER}/m?x=1"]
    assert r"X-A:\=1" in words
    assert words[-1] == '--raw={"a": 1}'
    data = compose("POST /m", host=SERVER, body=b"-d x")
    assert shlex.split(copy_as("httpie", data, SERVER))[-1] == "--raw=-d x", "it would be taken for an option"


@pytest.mark.parametrize(
    "data",
    [
        b"GET /a[1] HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /%41 HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /%c3 HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /? HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.0\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX-A: \xe8\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n\xe8",
    ],
)
def test_httpie_is_not_given_what_it_would_send_in_another_way(data: bytes) -> None:
    with pytest.raises(CommandError, match="per curl"):
        copy_as("httpie", data, SERVER)
    assert copy_as("bash", data, SERVER)


@pytest.mark.parametrize("form", [form for form in forms() if form != "python"])
def test_a_broken_request_is_refused_in_words(form: str) -> None:
    with pytest.raises(CommandError, match="solo Python"):
        copy_as(form, b"GET /\r\n\r\n", SERVER)


@given(st.binary(max_size=60), st.sampled_from(list(forms())))
def test_anything_is_copied_or_refused(data: bytes, form: str) -> None:
    for request in (data, b"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % len(data) + data):
        try:
            assert copy_as(form, request, SERVER).isprintable() or form == "python"
        except CommandError as error:
            assert error.message  # noqa: PT017 - both are right, according to the bytes
