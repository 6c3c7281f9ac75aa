"""The few words that tell one step from another of its kind: «97 byte», «200 OK», «/ciao»."""

from collections.abc import Callable, Sequence

from passerella.journeys.model import Step
from passerella.language import _
from passerella.views.numbers import bytes_count, keys_count
from passerella.views.values import items, shown, text_of
from passerella.views.visible import visible

_LIMIT = 80
_NAMES = 12

Tell = Callable[[Sequence[Step]], str]


def detail(steps: Sequence[Step]) -> str:
    """About steps of one kind that are shown as one row; empty when there is nothing to add."""
    failed = next((step for step in reversed(steps) if step.error), None)
    if failed is not None:
        return visible(_exception(failed), _LIMIT)
    if steps[0].name in _FRAMES:
        return visible(", ".join(_frame(step) for step in steps), _LIMIT)
    if any(step.bytes is not None for step in steps):
        return bytes_count(sum(step.bytes.end - step.bytes.start for step in steps if step.bytes is not None))
    tell = _TELLERS.get(steps[0].name)
    return visible(tell(steps), _LIMIT) if tell is not None else ""


def _exception(step: Step) -> str:
    """«KeyError: cappuccino»."""
    message = step.value.get("message")
    return f"{step.error}: {message}" if isinstance(message, str) and message else step.error


def _value(*names: str) -> Tell:
    """The first of these captures that some step has."""

    def tell(steps: Sequence[Step]) -> str:
        for name in names:
            for step in steps:
                if name in step.value:
                    return text_of(step.value[name])
        return ""

    return tell


def _result(steps: Sequence[Step]) -> str:
    return next((shown(step.value["result"], _LIMIT) for step in steps if "result" in step.value), "")


def _frame(step: Step) -> str:
    """«testo · 4 byte · maschera 41 65 fa 49»."""
    if "frame" not in step.value:
        return bytes_count(step.bytes.end - step.bytes.start) if step.bytes is not None else ""
    value = step.value
    parts = [_(_FRAME_WORDS.get(str(value["frame"]), str(value["frame"])))]
    if value.get("code") is not None:
        parts.append(str(value["code"]))
    parts.append(bytes_count(value["length"]) if isinstance(value.get("length"), int) else "")
    if value.get("mask"):
        parts.append(_("maschera {mask}").format(mask=value["mask"]))
    return " · ".join(filter(None, parts))


def _message(steps: Sequence[Step]) -> str:
    """What was said: quoted text, or how many bytes."""
    for step in steps:
        if isinstance(step.value.get("text"), str):
            return shown(step.value["text"], _LIMIT)
        content = step.value.get("bytes")
        if isinstance(content, dict) and isinstance(content.get("bytes"), str):
            return bytes_count(len(content["bytes"]))
    return ""


def _function(steps: Sequence[Step]) -> str:
    source = steps[0].source
    return f"{source.name}()" if source is not None and source.name else ""


def _middleware(steps: Sequence[Step]) -> str:
    """Its class, which its exit does not say again; of one that is a function, its name."""
    return _value("class", "name")(steps) or _function(steps).removesuffix(".__call__()")


def _peer(steps: Sequence[Step]) -> str:
    return steps[0].connection.partition("#")[0]


def _length(steps: Sequence[Step]) -> str:
    lengths = [step.value["length"] for step in steps if isinstance(step.value.get("length"), int)]
    return bytes_count(sum(lengths)) if lengths else ""


def _request_line(steps: Sequence[Step]) -> str:
    line = _value("line", "target")(steps).rstrip("\r\n")
    method = steps[-1].value.get("method")
    return line if " " in line or not isinstance(method, str) else f"{method} {line}"


def _headers(steps: Sequence[Step]) -> str:
    """The names of the headers."""
    found = next((items(step.value["headers"]) for step in steps if items(step.value.get("headers"))), [])
    return ", ".join(text_of(pair[0]) for pair in map(items, found[:_NAMES]) if pair)


def _keys(steps: Sequence[Step]) -> str:
    count = sum(len(step.changes.added) for step in steps if step.changes is not None)
    return keys_count(count) if count else ""


_FRAME_WORDS = {"text": "testo", "binary": "dati", "close": "chiusura", "continuation": "seguito"}
_FRAMES = frozenset(("frame_in", "frame_out", "client_frame_sent", "client_frame_received"))
_TELLERS: dict[str, Tell] = {
    "ws_receive": _message,
    "ws_send": _message,
    "ws_close": _value("code"),
    "ws_disconnect": _value("code"),
    "accept": _peer,
    "request_line": _request_line,
    "headers": _headers,
    "environ": _keys,
    "scope": _keys,
    "call": _value("app"),
    "middleware": _middleware,
    "middleware_return": _middleware,
    "routing": _value("route", "rule", "endpoint"),
    "route_match": _value("route", "rule", "endpoint"),
    "view": _function,
    "view_return": _result,
    "hook": _function,
    "mark": _function,
    "mark_return": _result,
    "response_object": _value("status"),
    "response_call": _value("status"),
    "response_head": _value("status"),
    "start_response": _value("status"),
    "send_start": _value("status"),
    "send_body": _length,
    "chunk": _length,
    "received_event": _value("type"),
    "send": _value("type"),
    "iterable": _value("iterable"),
    "task": lambda steps: steps[0].task or "",
    "front_accept": _peer,
    "front_read": _length,
    "front_request": _value("line"),
    "front_headers": _headers,
    "front_location": _value("location"),
    "front_body": _length,
    "front_connect": _value("address"),
    "front_forwarded": _length,
    "front_answer": _value("line"),
    "front_static": _value("file"),
    "front_kept": _length,
    "front_relay": _length,
    "front_client_error": _value("message"),
    "front_trouble": _value("message"),
    "front_client_trouble": _value("message"),
    "front_done": _value("status"),
}
