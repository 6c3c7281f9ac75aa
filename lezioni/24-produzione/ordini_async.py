"""Lo stesso ordine, con FastAPI."""

import asyncio

from fastapi import FastAPI
from fastapi.responses import PlainTextResponse

app = FastAPI(default_response_class=PlainTextResponse)


@app.get("/ordine")
async def ordine() -> str:
    await asyncio.sleep(0.6)
    return "Pronto!\n"
