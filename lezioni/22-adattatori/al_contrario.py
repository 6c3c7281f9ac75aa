"""L'adattatore nell'altro verso: un'app FastAPI che un server WSGI sa chiamare."""

import asyncio

from a2wsgi import ASGIMiddleware
from fastapi import FastAPI

nuova = FastAPI()


@nuova.get("/libri")
async def libri() -> str:
    await asyncio.sleep(0.3)
    return "Pinocchio, Cuore"


app = ASGIMiddleware(nuova)
