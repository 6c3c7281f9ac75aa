"""Il bar della scuola con il WebSocket: un'eco, e una chat al bancone. Le altre pagine sono quelle di app_asgi."""

from app_asgi import Messaggio, Receive, Scope, Send
from app_asgi import app as bar

AL_BANCONE: set[Send] = set()


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Per un WebSocket il server chiama l'app una volta sola: dura quanto la connessione."""
    if scope["type"] != "websocket":
        await bar(scope, receive, send)
    elif scope["path"] == "/eco":
        await eco(receive, send)
    elif scope["path"] == "/chat":
        await chat(receive, send)
    else:
        await receive()
        await send({"type": "websocket.close", "code": 1008})  # prima di «accept» è un rifiuto: 403


async def eco(receive: Receive, send: Send) -> None:
    """Ogni messaggio torna indietro; con «basta» il bar chiude lui, e dice perché."""
    await entra(receive, send)
    while (messaggio := await receive())["type"] == "websocket.receive":
        if messaggio.get("text") == "basta":
            await send({"type": "websocket.close", "code": 4000, "reason": "Hai detto basta."})
            return
        await send(lo_stesso(messaggio))


async def chat(receive: Receive, send: Send) -> None:
    """Quello che dice uno lo ricevono tutti: il server parla anche a chi non ha chiesto niente."""
    await entra(receive, send)
    AL_BANCONE.add(send)
    try:
        while (messaggio := await receive())["type"] == "websocket.receive":
            for altro in list(AL_BANCONE):
                await altro(lo_stesso(messaggio))
    finally:
        AL_BANCONE.discard(send)


async def entra(receive: Receive, send: Send) -> None:
    """Il client ha chiesto (websocket.connect): finché l'app non accetta, il 101 non parte."""
    await receive()
    await send({"type": "websocket.accept"})


def lo_stesso(messaggio: Messaggio) -> Messaggio:
    if messaggio.get("text") is not None:
        return {"type": "websocket.send", "text": messaggio["text"]}
    return {"type": "websocket.send", "bytes": messaggio["bytes"]}
