"""Every answer says which request it answers, after a wait that mixes them up."""

import asyncio
import time
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse


async def bare(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        return
    query = scope["query_string"]
    scope["prova.query"] = query.decode()
    await asyncio.sleep(len(query) % 3 / 100)
    headers = [(b"content-type", b"text/plain"), (b"content-length", b"%d" % (2 * len(query)))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": query, "more_body": True})
    await asyncio.sleep(0.005)
    await send({"type": "http.response.body", "body": query})


app = FastAPI()


@app.get("/")
async def view(request: Request) -> PlainTextResponse:
    query = request.scope["query_string"].decode()
    request.scope["prova.query"] = query
    await asyncio.sleep(len(query) % 3 / 100)
    return PlainTextResponse(query * 2)


@app.get("/sync")
def sync_view(request: Request) -> PlainTextResponse:
    query = request.scope["query_string"].decode()
    request.scope["prova.query"] = query
    time.sleep(len(query) % 3 / 100)
    return PlainTextResponse(query * 2)
