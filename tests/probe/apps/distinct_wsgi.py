"""Every answer says which request it answers, after a wait that mixes them up."""

import time
from collections.abc import Callable, Iterator
from typing import Any

from flask import Flask, request

Start = Callable[..., object]


def bare(environ: dict[str, Any], start_response: Start) -> Iterator[bytes]:
    query = environ["QUERY_STRING"]
    environ["prova.query"] = query
    time.sleep(len(query) % 3 / 100)
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(2 * len(query)))])
    yield query.encode()
    time.sleep(0.005)
    yield query.encode()


app = Flask(__name__)


@app.get("/")
def view() -> str:
    query = request.query_string.decode()
    request.environ["prova.query"] = query
    time.sleep(len(query) % 3 / 100)
    return query * 2
