"""``--json``: one object a line, ASCII-escaped. A promise: fields and kinds may be added, never renamed or removed."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from passerella.events import Changes, Value
from passerella.journeys.microscope import Call, tree, walk
from passerella.journeys.model import Bytes, Journey, Step
from passerella.journeys.process import Process
from passerella.journeys.spells import spent
from passerella.servers import SERVERS

FORMAT = 1


def session_line(process: Process | None, server: str, url: str, started: float) -> str:
    """The first line. ``started`` is in seconds since 1970; every ``t_ns`` counts from that moment."""
    library = process.libraries.get(server) if process is not None else None
    app = process.app if process is not None else None
    hello = process.hello if process is not None else None
    return _line(
        {
            "kind": "session",
            "format": FORMAT,
            "server": {
                "name": server or None,
                "version": library.version if library is not None else None,
                "interface": app.interface if app is not None else _only_interface(server),
            },
            "url": url,
            "python": hello.python if hello is not None else None,
            "started": datetime.fromtimestamp(started, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        }
    )


def _only_interface(server: str) -> str | None:
    """What a server speaks that has not been given its app yet."""
    known = SERVERS.get(server)
    return min(known.interfaces) if known is not None and len(known.interfaces) == 1 else None


def journey_lines(journey: Journey, origin: int) -> Iterator[str]:
    """The lines of one journey: its steps, then itself. ``origin``: the clock's nanoseconds at ``started``."""
    number = label(journey)
    if journey.protocol == "lifespan":
        yield _line(_lifespan(journey, number, origin))
        return
    for step in journey.steps:
        yield _line(_step(step, number, journey, origin))
    yield from _magnified(journey, number, origin)
    yield _line(_journey(journey, number))


def label(journey: Journey) -> int | str:
    return f"L{journey.number}" if journey.protocol == "lifespan" else journey.number


def _lifespan(journey: Journey, number: int | str, origin: int) -> dict[str, Any]:
    """One line in all, so that whoever counts journeys or steps counts those of requests."""
    return {
        "kind": "lifespan",
        "lifespan": number,
        "pid": journey.pid,
        "complete": journey.complete,
        "steps": [_step(step, number, journey, origin) for step in journey.steps],
    }


def _step(step: Step, number: int | str, journey: Journey, origin: int) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "kind": "step",
        "journey": number,
        "n": step.n,
        "station": step.station,
        "direction": step.direction,
        "level": step.level,
        "name": step.name,
        "landmark": step.landmark,
        "hold": step.hold,
        "pair": step.pair,
        "t_ns": step.t - origin,
        "held_ns": step.held,
        "pid": step.pid,
        "tid": step.tid,
        "thread": step.thread,
        "task": step.task,
        "hop": step.hop,
        "connection": step.connection or None,
        "bytes": _bytes(step.bytes),
    }
    if journey.interface is not None:
        shown["environ" if journey.interface == "wsgi" else "scope"] = _changes(step.changes)
    shown["value"] = step.value
    shown["error"] = step.error or None
    shown["source"] = {"file": step.source.file, "line": step.source.line} if step.source is not None else None
    return shown


def _journey(journey: Journey, number: int | str) -> dict[str, Any]:
    return {
        "kind": "journey",
        "journey": number,
        "protocol": journey.protocol,
        "interface": journey.interface,
        "method": journey.method,
        "target": journey.target,
        "status": journey.status,
        "steps": len(journey.steps),
        "duration_ns": journey.duration,
        "held_ns": journey.held,
        **_spent(journey),
        "request": bytes(journey.request).decode("latin-1"),
        "request_length": journey.request_length,
        "response": bytes(journey.response).decode("latin-1"),
        "response_length": journey.response_length,
        "front": journey.front or None,
        "rebuilt": journey.rebuilt,
        "upstream": _upstream(journey),
        "origins": journey.origins,
        "uncertain": journey.uncertain,
        "dropped": journey.dropped,
        "complete": journey.complete,
    }


def _upstream(journey: Journey) -> dict[str, Any] | None:
    """The second hop, of a journey that came by a web server."""
    upstream = journey.upstream
    if upstream is None:
        return None
    return {
        "request": bytes(upstream.request).decode("latin-1"),
        "request_length": upstream.request_length,
        "response": bytes(upstream.response).decode("latin-1"),
        "response_length": upstream.response_length,
        "uncertain": upstream.uncertain,
    }


def _magnified(journey: Journey, number: int | str, origin: int) -> Iterator[str]:
    """What the microscope saw, if the journey was under it: a line a call, then one that says how it went."""
    found = tree(journey)
    if found is None:
        return
    for _depth, call in walk(found.roots):
        yield _line(_call(call, number, origin))
    yield _line(
        {
            "kind": "microscope",
            "journey": number,
            "calls": found.calls,
            "lines": found.lines,
            "calls_missed": found.missed_calls,
            "lines_missed": found.missed_lines,
            "refused": found.refused or None,
        }
    )


def _call(call: Call, number: int | str, origin: int) -> dict[str, Any]:
    return {
        "kind": "call",
        "journey": number,
        "n": call.number,
        "parent": call.parent or None,
        "beside": call.beside or None,
        "function": call.function.name,
        "own": call.function.own,
        "source": {"file": call.function.source.file, "line": call.function.source.line},
        "tid": call.tid,
        "thread": call.thread,
        "task": call.task or None,
        "t_ns": call.t - origin,
        "duration_ns": call.lasted,
        "waiting_ns": call.waited,
        "waits": call.times,
        "self_ns": call.alone,
        "calls_missed": call.missed,
        "arguments": call.arguments,
        "value": call.value,
        "error": call.error or None,
        "lines": [
            {"line": line.number, "t_ns": line.t - origin, "changed": line.changed, "removed": line.removed}
            for line in call.lines
        ],
    }


def _spent(journey: Journey) -> dict[str, int | None]:
    """How the time inside an ASGI callable went; nulls where none was called."""
    found = spent(journey)
    return {
        "running_ns": found.running if found is not None else None,
        "running_elsewhere_ns": sum(found.elsewhere.values()) if found is not None else None,
        "waiting_ns": found.waiting if found is not None else None,
        "waits": found.waits if found is not None else None,
    }


def _bytes(piece: Bytes | None) -> dict[str, Value] | None:
    if piece is None:
        return None
    return {"from": piece.start, "to": piece.end, "text": piece.data.decode("latin-1")}


def _changes(changes: Changes | None) -> dict[str, Value] | None:
    if changes is None:
        return None
    return {
        "added": changes.added,
        "changed": {key: list(pair) for key, pair in changes.changed.items()},
        "removed": changes.removed,
    }


def _line(shown: dict[str, Any]) -> str:
    return json.dumps(shown, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
