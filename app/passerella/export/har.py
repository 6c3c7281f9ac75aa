"""HAR 1.2: what browsers and proxies call the log of some requests (w3c HAR 1.2; times in milliseconds)."""

import base64
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from passerella.journeys.model import Journey
from passerella.language import _

_HEAD_END = b"\r\n\r\n"
_NONE = -1  # what HAR writes for a number that is not known
_CLOSED = 0


def har(journeys: Iterable[Journey], *, program: str, started: float, origin: int, url: str) -> str:
    """The log. ``started`` is in seconds since 1970, when the monotonic clock said ``origin``; ``url`` is the server's."""
    entries = [_entry(journey, started, origin, url) for journey in journeys if journey.protocol != "lifespan"]
    name, _space, version = program.partition(" ")
    log = {
        "version": "1.2",
        "creator": {"name": name or "passerella", "version": version or "0"},
        "entries": sorted(entries, key=lambda entry: str(entry["startedDateTime"])),
        "comment": _("Registrato dentro il server: i tempi sono i suoi, non quelli di un browser."),
    }
    return json.dumps({"log": log}, ensure_ascii=True, allow_nan=False, indent=1)


def _entry(journey: Journey, started: float, origin: int, url: str) -> dict[str, Any]:
    moment = datetime.fromtimestamp(started + (journey.started - origin) / 1e9, UTC)
    total = journey.duration / 1e6
    first = next((step.t for step in journey.steps if step.bytes is not None and step.direction == "outbound"), None)
    wait = (
        min(total, max(0.0, (first - journey.started - journey.held_by(first)) / 1e6)) if first is not None else total
    )
    return {
        "startedDateTime": moment.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z",
        "time": round(total, 3),
        "request": _request(journey, url),
        "response": _response(journey),
        "cache": {},
        "timings": {"send": 0, "wait": round(wait, 3), "receive": round(total - wait, 3)},
        "connection": journey.connection,
    }


def _request(journey: Journey, url: str) -> dict[str, Any]:
    line, headers, body = _message(bytes(journey.request))
    target = journey.target or ""
    shown: dict[str, Any] = {
        "method": journey.method or "",
        "url": target if "://" in target else url.rstrip("/") + (target if target.startswith("/") else f"/{target}"),
        "httpVersion": _version(line.rpartition(" ")[2]),
        "cookies": [
            {"name": name, "value": value} for value in _values(headers, "cookie") for name, value in _pairs(value)
        ],
        "headers": headers,
        "queryString": [{"name": name, "value": value} for name, value in _query(target)],
        "headersSize": _head_size(journey.request, journey.request_length),
        "bodySize": _body_size(journey.request, journey.request_length),
    }
    if body:
        mime = next(iter(_values(headers, "content-type")), "")
        shown["postData"] = {"mimeType": mime, "params": [], "text": body.decode("utf-8", "replace")}
    return shown


def _response(journey: Journey) -> dict[str, Any]:
    line, headers, body = _message(bytes(journey.response))
    mime = next(iter(_values(headers, "content-type")), "")
    text, encoding = _text(body)
    content: dict[str, Any] = {"size": len(body), "mimeType": mime, "text": text}
    if encoding:
        content["encoding"] = encoding
    return {
        "status": journey.status or 0,
        "statusText": line.split(" ", 2)[2] if line.count(" ") >= 2 else "",
        "httpVersion": _version(line.partition(" ")[0]),
        "cookies": [
            {"name": name, "value": value}
            for each in _values(headers, "set-cookie")
            for name, value in list(_pairs(each))[:1]
        ],
        "headers": headers,
        "content": content,
        "redirectURL": next(iter(_values(headers, "location")), ""),
        "headersSize": _head_size(journey.response, journey.response_length),
        "bodySize": _body_size(journey.response, journey.response_length),
    }


def _message(data: bytes) -> tuple[str, list[dict[str, str]], bytes]:
    """The first line, the fields and the body, chunks joined."""
    head, _end, body = data.partition(_HEAD_END)
    first, *lines = head.decode("latin-1").replace("\r\n", "\n").split("\n")
    headers: list[dict[str, str]] = []
    for line in lines:
        name, colon, value = line.partition(":")
        if line[:1] in (" ", "\t") and headers:
            headers[-1]["value"] += " " + line.strip()
        elif colon:
            headers.append({"name": name.strip(), "value": value.strip()})
    chunked = any("chunked" in value.lower() for value in _values(headers, "transfer-encoding"))
    return first, headers, _joined(body) if chunked else body


def _joined(body: bytes) -> bytes:
    """The data of the chunks, as far as they go."""
    data = bytearray()
    while body:
        line, _end, rest = body.partition(b"\r\n")
        try:
            size = int(line.partition(b";")[0], 16)
        except ValueError:
            break
        if size <= 0:
            break
        data += rest[:size]
        body = rest[size + 2 :]
    return bytes(data)


def _values(headers: list[dict[str, str]], name: str) -> list[str]:
    return [field["value"] for field in headers if field["name"].lower() == name]


def _pairs(text: str) -> Iterable[tuple[str, str]]:
    for part in text.split(";"):
        name, equals, value = part.strip().partition("=")
        if name or equals:
            yield name, value


def _query(target: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(urlsplit(target).query, keep_blank_values=True, max_num_fields=1000)
    except ValueError:
        return []


def _version(text: str) -> str:
    return text if text.upper().startswith("HTTP/") else "unknown"


def _text(body: bytes) -> tuple[str, str]:
    try:
        return body.decode("utf-8"), ""
    except UnicodeDecodeError:
        return base64.b64encode(body).decode("ascii"), "base64"


def _head_size(data: bytearray, length: int) -> int:
    end = data.find(_HEAD_END)
    return end + len(_HEAD_END) if end >= 0 else _NONE if length else _CLOSED


def _body_size(data: bytearray, length: int) -> int:
    end = data.find(_HEAD_END)
    return length - end - len(_HEAD_END) if end >= 0 else _NONE
