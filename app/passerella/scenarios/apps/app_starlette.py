"""Il bar della scuola, con Starlette e un middleware fatto in casa."""

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlencode

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LISTINO = {"caffè": "1,20 €", "tè": "1,50 €"}


class Barista:
    """Sta fra il server e le viste: all'andata si presenta nello scope, al ritorno firma la risposta."""

    def __init__(self, app: ASGIApp, nome: str) -> None:
        self.app = app
        self.nome = nome

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def firma(messaggio: Message) -> None:
            if messaggio["type"] == "http.response.start":
                firmate = [*messaggio["headers"], (b"x-barista", self.nome.encode("ascii"))]
                messaggio = {**messaggio, "headers": firmate}
            await send(messaggio)

        # Una copia: lo scope di chi ci ha chiamato non si tocca.
        await self.app({**scope, "bar.barista": self.nome}, receive, firma)


async def inizio(request: Request) -> PlainTextResponse:
    return PlainTextResponse(f"Benvenuto al bar della scuola! Oggi c'è {request.scope['bar.barista']}.\n")


async def ciao(request: Request) -> PlainTextResponse:
    nome = request.query_params.get("nome", "mondo")
    return PlainTextResponse(f"Ciao, {nome}!\n")


async def caffe(request: Request) -> PlainTextResponse:
    return PlainTextResponse(f"Un caffè costa {LISTINO['caffè']}.\n")


async def moduli(request: Request) -> RedirectResponse:
    """Riceve il modulo dell'ordine e rimanda a un'altra pagina, così ricaricarla non ordina due volte."""
    corpo = await request.body()
    campi = parse_qs(corpo.decode("utf-8", "replace"))
    ordine = {"nome": campi.get("nome", ["mondo"])[0], "bevanda": campi.get("bevanda", ["niente"])[0]}
    return RedirectResponse("/grazie?" + urlencode(ordine), status_code=303)


async def grazie(request: Request) -> PlainTextResponse:
    nome = request.query_params.get("nome", "mondo")
    bevanda = request.query_params.get("bevanda", "niente")
    return PlainTextResponse(f"Grazie, {nome}! In arrivo: {bevanda}.\n")


async def flusso(request: Request) -> StreamingResponse:
    return StreamingResponse(gocce(), media_type="text/plain")


async def gocce() -> AsyncIterator[str]:
    """Un pezzo alla volta: il server spedisce ogni goccia appena c'è."""
    for numero in (1, 2, 3):
        yield f"goccia {numero}\n"
        await asyncio.sleep(0.2)


async def vecchio(request: Request) -> RedirectResponse:
    # 302 e non 301: un 301 il browser se lo ricorda, e la volta dopo non chiede più.
    return RedirectResponse("/ciao", status_code=302)


async def errore(request: Request) -> PlainTextResponse:
    return PlainTextResponse(LISTINO["cappuccino"])  # nel listino non c'è: KeyError


async def lento(request: Request) -> PlainTextResponse:
    """Mentre questa aspetta, il server può servirne altre: «await» gli lascia il posto."""
    secondi = min(float(request.query_params.get("secondi", "1")), 30)
    await asyncio.sleep(secondi)
    return PlainTextResponse(f"Ecco, dopo {secondi:g} s.\n")


app = Starlette(
    routes=[
        Route("/", inizio),
        Route("/ciao", ciao),
        Route("/caffè", caffe),
        Route("/moduli", moduli, methods=["POST"]),
        Route("/grazie", grazie),
        Route("/flusso", flusso),
        Route("/vecchio", vecchio),
        Route("/errore", errore),
        Route("/lento", lento),
    ],
    middleware=[Middleware(Barista, nome="Nina")],
)
