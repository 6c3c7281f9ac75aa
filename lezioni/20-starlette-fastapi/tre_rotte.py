"""Tre rotte che aspettano lo stesso tempo, in tre modi."""

import asyncio
import time

from fastapi import FastAPI

app = FastAPI()


@app.get("/def")
def con_def() -> dict[str, str]:
    time.sleep(0.3)
    return {"fatto": "def"}


@app.get("/async")
async def con_async() -> dict[str, str]:
    await asyncio.sleep(0.3)
    return {"fatto": "async def, con await"}


@app.get("/mista")
async def mista() -> dict[str, str]:
    time.sleep(0.3)  # nessun await: il loop è fermo qui
    return {"fatto": "async def, senza await"}


@app.get("/prezzi/{numero}")
async def prezzo(numero: int) -> dict[str, int]:
    return {"prezzo": numero * 2}
