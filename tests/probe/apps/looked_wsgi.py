"""What is put under the microscope: a Flask app, and a bare callable that is a generator."""

import sys
from collections.abc import Callable, Iterator
from typing import Any

from flask import Flask

app = Flask(__name__)


def greeting(name: str) -> str:
    parts = []
    for n in range(2):
        parts.append(n)
    return f"ciao {name} {parts}"


@app.get("/view")
def view() -> str:
    name = "Ada"
    return greeting(name)


@app.get("/error")
def error() -> str:
    known: dict[str, str] = {}
    return known["missing"]


@app.get("/handled")
def handled() -> str:
    try:
        return error()
    except KeyError as found:
        return f"{type(found).__name__} {found.__traceback__ is not None}"


class Strange:
    """Nothing of it may be called by whoever only looks."""

    touched: list[str] = []  # noqa: RUF012

    def __repr__(self) -> str:
        self.touched.append("repr")
        return "strange"

    def __len__(self) -> int:
        self.touched.append("len")
        return 3

    def __eq__(self, other: object) -> bool:
        self.touched.append("eq")
        return False

    def __hash__(self) -> int:
        return 1


@app.get("/strange")
def strange() -> str:
    thing = Strange()
    inside = [thing, {"thing": thing}]
    again = thing
    return f"{Strange.touched} {len(inside)} {again is thing}"


@app.get("/long")
def long() -> str:
    total = 0
    for n in range(20_000):
        total += n
    return str(total)


@app.get("/deep")
def deep() -> str:
    def down(n: int) -> int:
        return 0 if n == 0 else 1 + down(n - 1)

    return str(down(300))


@app.get("/many")
def many() -> str:
    return str(sum(one(n) for n in range(7_000)))


def one(n: int) -> int:
    return n


@app.get("/locals")
def own_locals() -> str:
    before = locals()
    later = 1
    return f"{sorted(before)} {later}"


@app.get("/tracer")
def tracer() -> str:
    tools = [monitoring.get_tool(number) for number in range(6)] if monitoring else []
    return f"{sys.gettrace() is None and not any(tools)}"


def bare(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterator[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain")])
    for n in range(3):
        yield f"pezzo {n}\n".encode()


def traced_by_itself(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{sys.gettrace() is mine}".encode()]


def with_tools(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [str([monitoring.get_tool(number) for number in range(6)] if monitoring else []).encode()]


def mine(frame: Any, event: str, argument: Any) -> None:
    """A debugger's function, of the kind that follows nothing."""


monitoring: Any = getattr(sys, "monitoring", None)
if "with_tools" in " ".join(sys.orig_argv) and monitoring is not None:
    for number in range(6):
        monitoring.use_tool_id(number, f"t{number}")
if "traced_by_itself" in " ".join(sys.orig_argv):
    sys.settrace(mine)
