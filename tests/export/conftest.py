"""A journey made for showing, and one made to do harm."""

from collections.abc import Iterator

import pytest

from export.browser import CHROMIUM, Page, browser
from passerella.export.writing import Origin
from passerella.journeys.model import Journey
from recordings.made import ENVIRON, conversation, journeys_of, process

HARM = (
    "</script><script>document.title='PRESO'</script>",
    "<img id=preso src=x onerror=\"document.title='PRESO'\">",
    "]]><!--<script>alert(1)</script>-->",
    "\"'><svg/onload=alert(1)><base href=http://127.0.0.1:1/>",
    "\u2028\u2029{{7*7}}${7*7}\u202e\x1b[31m\x1b]0;PRESO\x07\x00\ud800",
    "javascript:alert(1)",
    "__proto__",
    "constructor",
)


@pytest.fixture
def origin() -> Origin:
    lines = {number: f"riga {number}" for number in range(1, 12)}
    return Origin(
        1_700_000_000.0, 0, "gunicorn 27.0.1", "flask.app.Flask", "http://127.0.0.1:8000", code=lambda _file: lines
    )


@pytest.fixture
def journey() -> Journey:
    return journeys_of([*process(), *conversation()])[0]


@pytest.fixture
def hostile() -> Journey:
    """Markup, escapes, NULs and a megabyte, in every place that a stranger can write in."""
    all_of_it = "".join(HARM)
    raw = all_of_it.encode("utf-8", "surrogatepass")
    request = b"GET /" + raw.replace(b" ", b"") + b" HTTP/1.1\r\nHost: " + raw + b"\r\n\r\n"
    body = raw * 20 + b"x" * 1_000_000
    response = (
        b"HTTP/1.1 200 "
        + raw
        + b"\r\nX: "
        + raw
        + b"\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(body)
        + body
    )
    environ = {**ENVIRON, **dict.fromkeys(HARM, all_of_it), "QUERY_STRING": all_of_it, "x": {all_of_it: [all_of_it]}}
    captured = {"app": all_of_it, "line": all_of_it, "headers": [[all_of_it, all_of_it]], all_of_it: "x" * 60_000}
    file = f"/x/site-packages/{all_of_it}.py"
    return journeys_of([*process(file=file), *conversation(request, response, environ, value=captured)])[0]


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    if CHROMIUM is None:
        pytest.skip("qui non c'è Chromium")
    with browser(tmp_path_factory.mktemp("chromium")) as page:
        yield page
