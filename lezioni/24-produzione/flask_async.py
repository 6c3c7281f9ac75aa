"""Flask, con una vista «async def»."""

import asyncio

from flask import Flask

app = Flask(__name__)


@app.get("/ordine")
async def ordine() -> str:
    await asyncio.sleep(0.3)
    return "Pronto!\n"
