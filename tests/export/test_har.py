"""HAR 1.2: every field that the format requires, of its type, whatever the journey."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from passerella.export.writing import Origin, write_export
from passerella.journeys.model import Journey
from recordings.made import conversation, journeys_of, process

_PAIRS = {"name": str, "value": str}
_CONTENT = {"size": int, "mimeType": str}
# The required fields of http://www.softwareishard.com/blog/har-12-spec, by object.
_ENTRY = {
    "startedDateTime": str, "time": (int, float), "request": dict, "response": dict, "cache": dict, "timings": dict,
}  # fmt: skip
_REQUEST = {
    "method": str, "url": str, "httpVersion": str, "cookies": list, "headers": list, "queryString": list,
    "headersSize": int, "bodySize": int,
}  # fmt: skip
_RESPONSE = {
    "status": int, "statusText": str, "httpVersion": str, "cookies": list, "headers": list, "content": dict,
    "redirectURL": str, "headersSize": int, "bodySize": int,
}  # fmt: skip
_TIMINGS = {"send": (int, float), "wait": (int, float), "receive": (int, float)}


def _has(found: dict[str, Any], fields: dict[str, Any]) -> None:
    for name, kind in fields.items():
        assert isinstance(found[name], kind), name
        assert not isinstance(found[name], bool)


def log_of(folder: Path, journeys: list[Journey], origin: Origin) -> dict[str, Any]:
    write_export("har", folder / "a.har", journeys, origin)
    log: dict[str, Any] = json.loads((folder / "a.har").read_text("ascii"))["log"]
    assert log["version"] == "1.2"
    _has(log["creator"], {"name": str, "version": str})
    for entry in log["entries"]:
        _has(entry, _ENTRY)
        datetime.fromisoformat(entry["startedDateTime"])
        _has(entry["request"], _REQUEST)
        _has(entry["response"], _RESPONSE)
        _has(entry["response"]["content"], _CONTENT)
        _has(entry["timings"], _TIMINGS)
        assert all(number >= 0 for number in entry["timings"].values())
        assert abs(sum(entry["timings"].values()) - entry["time"]) < 0.01
        for side in ("request", "response"):
            for each in (*entry[side]["headers"], *entry[side]["cookies"]):
                _has(each, _PAIRS)
        for each in entry["request"]["queryString"]:
            _has(each, _PAIRS)
        if "postData" in entry["request"]:
            _has(entry["request"]["postData"], {"mimeType": str, "params": list, "text": str})
    return log


def test_a_plain_journey(tmp_path: Path, journey: Journey, origin: Origin) -> None:
    (entry,) = log_of(tmp_path, [journey], origin)["entries"]
    assert entry["startedDateTime"] == "2023-11-14T22:13:20.001Z"
    assert entry["request"]["url"] == "http://127.0.0.1:8000/ciao?nome=Ada"
    assert entry["request"]["queryString"] == [{"name": "nome", "value": "Ada"}]
    assert entry["request"]["headersSize"] == 40
    assert (entry["response"]["status"], entry["response"]["statusText"]) == (200, "OK")
    assert entry["response"]["content"] == {"size": 2, "mimeType": "", "text": "ok"}
    assert entry["response"]["bodySize"] == 2


def test_bodies_cookies_chunks_and_bytes(tmp_path: Path, origin: Origin) -> None:
    request = b"POST /moduli HTTP/1.1\r\nHost: x\r\nCookie: a=1; b\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
    response = (
        b"HTTP/1.1 302 Found\r\nLocation: /altrove\r\nSet-Cookie: sid=x; Path=/\r\nContent-Type: image/png\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n2\r\n\x89P\r\n1\r\nN\r\n0\r\n\r\n"
    )
    journeys = journeys_of([*process(), *conversation(request, response)])
    (entry,) = log_of(tmp_path, journeys, origin)["entries"]
    assert entry["request"]["postData"] == {"mimeType": "application/json", "params": [], "text": "{}"}
    assert entry["request"]["cookies"][0] == {"name": "a", "value": "1"}
    assert entry["response"]["cookies"] == [{"name": "sid", "value": "x"}]
    assert entry["response"]["redirectURL"] == "/altrove"
    assert entry["response"]["content"] == {"size": 3, "mimeType": "image/png", "text": "iVBO", "encoding": "base64"}


def test_hostile_and_broken_journeys(tmp_path: Path, hostile: Journey, origin: Origin) -> None:
    broken = [
        journeys_of(conversation(request, response))[0]
        for request, response in (
            (b"\x00\xff", b""),
            (b"GET http://[ HTTP/1.1\r\nHost: [\r\n\r\n", b"boh"),
            (b"G", b"H"),
        )
    ]
    assert len(log_of(tmp_path, [hostile, *broken], origin)["entries"]) == 4
