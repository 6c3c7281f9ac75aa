"""Tre viste che ci mettono lo stesso tempo, scritte in tre modi."""

import asyncio
import time

from fastapi import FastAPI

app = FastAPI()


@app.get("/def")
def con_def() -> str:
    time.sleep(0.3)
    return "def"


@app.get("/async")
async def con_await() -> str:
    await asyncio.sleep(0.3)
    return "async def, e aspetta con await"


@app.get("/mista")
async def senza_await() -> str:
    time.sleep(0.3)
    return "async def, ma aspetta senza await"


@app.get("/doppio/{numero}")
async def doppio(numero: int) -> int:
    return numero * 2
