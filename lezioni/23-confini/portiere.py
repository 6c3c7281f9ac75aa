"""Il portiere: dice chi, secondo lui, ha bussato."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route


async def chi_bussa(richiesta: Request) -> PlainTextResponse:
    indirizzo = richiesta.client.host if richiesta.client else "nessuno"
    return PlainTextResponse(f"Ha bussato {indirizzo}\n")


app = Starlette(routes=[Route("/", chi_bussa)])
