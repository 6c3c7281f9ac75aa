"""Il bar della scuola, senza framework: ASGI 3 e la libreria standard."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs, urlencode

Scope = dict[str, Any]
Messaggio = dict[str, Any]
Receive = Callable[[], Awaitable[Messaggio]]
Send = Callable[[Messaggio], Awaitable[None]]

LISTINO = {"caffè": "1,20 €", "tè": "1,50 €"}
TESTO = (b"content-type", b"text/plain; charset=utf-8")


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """È questa che il server chiama: una volta all'avvio, e poi una per ogni richiesta."""
    if scope["type"] == "lifespan":
        await vita(receive, send)
    elif scope["type"] == "http":
        metodo = "GET" if scope["method"] == "HEAD" else scope["method"]
        vista = ROTTE.get((metodo, scope["path"]), non_trovato)
        await vista(scope, receive, send)
    else:
        raise NotImplementedError(f"Il bar non parla {scope['type']}.")


async def vita(receive: Receive, send: Send) -> None:
    """Il server dice quando si comincia e quando si finisce, e aspetta che l'app sia pronta."""
    while True:
        messaggio = await receive()
        if messaggio["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        elif messaggio["type"] == "lifespan.shutdown":
            await send({"type": "lifespan.shutdown.complete"})
            return


async def inizio(scope: Scope, receive: Receive, send: Send) -> None:
    await rispondi(scope, send, 200, "Benvenuto al bar della scuola!\n")


async def ciao(scope: Scope, receive: Receive, send: Send) -> None:
    nome = domanda(scope).get("nome", "mondo")
    await rispondi(scope, send, 200, f"Ciao, {nome}!\n")


async def caffe(scope: Scope, receive: Receive, send: Send) -> None:
    await rispondi(scope, send, 200, f"Un caffè costa {LISTINO['caffè']}.\n")


async def moduli(scope: Scope, receive: Receive, send: Send) -> None:
    """Riceve il modulo dell'ordine e rimanda a un'altra pagina, così ricaricarla non ordina due volte."""
    campi = await modulo(receive)
    ordine = {"nome": campi.get("nome", "mondo"), "bevanda": campi.get("bevanda", "niente")}
    testo = f"Ricevuto: {ordine['bevanda']} per {ordine['nome']}.\n"
    indirizzo = "/grazie?" + urlencode(ordine)
    await rispondi(scope, send, 303, testo, (b"location", indirizzo.encode("ascii")))


async def grazie(scope: Scope, receive: Receive, send: Send) -> None:
    ordine = domanda(scope)
    testo = f"Grazie, {ordine.get('nome', 'mondo')}! In arrivo: {ordine.get('bevanda', 'niente')}.\n"
    await rispondi(scope, send, 200, testo)


async def flusso(scope: Scope, receive: Receive, send: Send) -> None:
    """Un messaggio per ogni goccia: «more_body» dice al server se ne verranno altre."""
    await send({"type": "http.response.start", "status": 200, "headers": [TESTO]})
    if scope["method"] != "HEAD":
        for numero in (1, 2, 3):
            goccia = f"goccia {numero}\n".encode()
            await send({"type": "http.response.body", "body": goccia, "more_body": True})
            await asyncio.sleep(0.2)
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def eventi(scope: Scope, receive: Receive, send: Send) -> None:
    """Server-Sent Events: una risposta che resta aperta, e un evento ogni volta che c'è una novità."""
    tipo = (b"content-type", b"text/event-stream")
    await send({"type": "http.response.start", "status": 200, "headers": [tipo, (b"cache-control", b"no-store")]})
    if scope["method"] != "HEAD":
        for numero in (1, 2, 3):
            evento = f"id: {numero}\nevent: ordine\ndata: pronto il caffè numero {numero}\n\n"
            await send({"type": "http.response.body", "body": evento.encode("utf-8"), "more_body": True})
            await asyncio.sleep(0.2)
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def vecchio(scope: Scope, receive: Receive, send: Send) -> None:
    # 302 e non 301: un 301 il browser se lo ricorda, e la volta dopo non chiede più.
    await rispondi(scope, send, 302, "Ci siamo spostati.\n", (b"location", b"/ciao"))


async def errore(scope: Scope, receive: Receive, send: Send) -> None:
    prezzo = LISTINO["cappuccino"]  # nel listino non c'è: KeyError
    await rispondi(scope, send, 200, prezzo)


async def lento(scope: Scope, receive: Receive, send: Send) -> None:
    """Mentre questa aspetta, il server può servirne altre: «await» gli lascia il posto."""
    secondi = min(float(domanda(scope).get("secondi", "1")), 30)
    await asyncio.sleep(secondi)
    await rispondi(scope, send, 200, f"Ecco, dopo {secondi:g} s.\n")


async def non_trovato(scope: Scope, receive: Receive, send: Send) -> None:
    await rispondi(scope, send, 404, "Questo al bar non c'è.\n")


def domanda(scope: Scope) -> dict[str, str]:
    """Quello che nell'URL sta dopo il punto interrogativo: arriva in byte."""
    return primi_valori(scope["query_string"])


async def modulo(receive: Receive) -> dict[str, str]:
    """Il corpo della richiesta arriva a pezzi; se il client se ne va, resta quello che c'è."""
    corpo = b""
    ancora = True
    while ancora:
        messaggio = await receive()
        corpo += messaggio.get("body", b"")
        ancora = messaggio.get("more_body", False)
    return primi_valori(corpo)


def primi_valori(coppie: bytes) -> dict[str, str]:
    lette = parse_qs(coppie.decode("utf-8", "replace"))
    return {nome: valori[0] for nome, valori in lette.items()}


async def rispondi(scope: Scope, send: Send, stato: int, testo: str, *altre: tuple[bytes, bytes]) -> None:
    corpo = testo.encode("utf-8")
    intestazioni = [TESTO, (b"content-length", str(len(corpo)).encode("ascii")), *altre]
    await send({"type": "http.response.start", "status": stato, "headers": intestazioni})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else corpo})


ROTTE = {
    ("GET", "/"): inizio,
    ("GET", "/ciao"): ciao,
    ("GET", "/caffè"): caffe,
    ("POST", "/moduli"): moduli,
    ("GET", "/grazie"): grazie,
    ("GET", "/flusso"): flusso,
    ("GET", "/eventi"): eventi,
    ("GET", "/vecchio"): vecchio,
    ("GET", "/errore"): errore,
    ("GET", "/lento"): lento,
}
