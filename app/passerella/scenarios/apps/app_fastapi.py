"""Il bar della scuola, con FastAPI."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated
from urllib.parse import parse_qs, urlencode

from fastapi import Depends, FastAPI, HTTPException, Query, Request
from fastapi.responses import RedirectResponse, StreamingResponse

LISTINO = {"caffè": "1,20 €", "tè": "1,50 €"}

app = FastAPI(title="Il bar della scuola")


async def chi_chiede(nome: str = "mondo") -> str:
    """Una dipendenza: FastAPI la chiama prima della vista e le passa quello che trova nell'URL."""
    return nome.strip() or "mondo"


Cliente = Annotated[str, Depends(chi_chiede)]


@app.get("/")
async def inizio() -> dict[str, str]:
    return {"messaggio": "Benvenuto al bar della scuola!"}


@app.get("/ciao")
async def ciao(nome: Cliente) -> dict[str, str]:
    return {"messaggio": f"Ciao, {nome}!"}


@app.get("/caffè")
async def caffe() -> dict[str, str]:
    return {"messaggio": f"Un caffè costa {LISTINO['caffè']}."}


@app.get("/prezzi/{bevanda}")
def prezzo(bevanda: str) -> dict[str, str]:
    """Senza «async»: FastAPI la esegue in un altro thread, per non fermare il loop."""
    if bevanda not in LISTINO:
        raise HTTPException(404, f"Nel listino non c'è: {bevanda}.")
    return {"bevanda": bevanda, "prezzo": LISTINO[bevanda]}


@app.post("/moduli")
async def moduli(request: Request) -> RedirectResponse:
    """Riceve il modulo dell'ordine e rimanda a un'altra pagina, così ricaricarla non ordina due volte."""
    corpo = await request.body()
    campi = parse_qs(corpo.decode("utf-8", "replace"))
    ordine = {"nome": campi.get("nome", ["mondo"])[0], "bevanda": campi.get("bevanda", ["niente"])[0]}
    return RedirectResponse("/grazie?" + urlencode(ordine), status_code=303)


@app.get("/grazie")
async def grazie(nome: Cliente, bevanda: str = "niente") -> dict[str, str]:
    return {"messaggio": f"Grazie, {nome}! In arrivo: {bevanda}."}


@app.get("/flusso")
async def flusso() -> StreamingResponse:
    return StreamingResponse(gocce(), media_type="text/plain")


async def gocce() -> AsyncIterator[str]:
    """Un pezzo alla volta: il server spedisce ogni goccia appena c'è."""
    for numero in (1, 2, 3):
        yield f"goccia {numero}\n"
        await asyncio.sleep(0.2)


@app.get("/vecchio")
async def vecchio() -> RedirectResponse:
    # 302 e non 301: un 301 il browser se lo ricorda, e la volta dopo non chiede più.
    return RedirectResponse("/ciao", status_code=302)


@app.get("/errore")
async def errore() -> dict[str, str]:
    return {"prezzo": LISTINO["cappuccino"]}  # nel listino non c'è: KeyError


@app.get("/lento")
async def lento(secondi: Annotated[float, Query(ge=0, le=30)] = 1) -> dict[str, str]:
    """Mentre questa aspetta, il server può servirne altre: «await» gli lascia il posto."""
    await asyncio.sleep(secondi)
    return {"messaggio": f"Ecco, dopo {secondi:g} s."}


@app.get("/eventi")
async def eventi() -> StreamingResponse:
    """Server-Sent Events: una risposta che resta aperta, e un evento ogni volta che c'è una novità."""
    return StreamingResponse(ordini(), media_type="text/event-stream")


async def ordini() -> AsyncIterator[str]:
    for numero in (1, 2, 3):
        yield f"id: {numero}\nevent: ordine\ndata: pronto il caffè numero {numero}\n\n"
        await asyncio.sleep(0.2)
