"""Il bar della scuola, con Flask."""

import time
from collections.abc import Iterator
from urllib.parse import urlencode

from flask import Flask, Response, g, redirect, request
from markupsafe import escape
from werkzeug.wrappers import Response as Risposta

LISTINO = {"caffè": "1,20 €", "tè": "1,50 €"}

app = Flask(__name__)


@app.before_request
def chi_chiede() -> None:
    """Prima di ogni vista: il nome serve a molte, e va ripulito perché la pagina è HTML."""
    g.nome = escape(request.args.get("nome", "mondo"))


@app.get("/")
def inizio() -> str:
    return "Benvenuto al bar della scuola!\n"


@app.get("/ciao")
def ciao() -> str:
    return f"Ciao, {g.nome}!\n"


@app.get("/caffè")
def caffe() -> str:
    return f"Un caffè costa {LISTINO['caffè']}.\n"


@app.post("/moduli")
def moduli() -> Risposta:
    """Riceve il modulo dell'ordine e rimanda a un'altra pagina, così ricaricarla non ordina due volte."""
    ordine = {"nome": request.form.get("nome", "mondo"), "bevanda": request.form.get("bevanda", "niente")}
    return redirect("/grazie?" + urlencode(ordine), code=303)


@app.get("/grazie")
def grazie() -> str:
    bevanda = escape(request.args.get("bevanda", "niente"))
    return f"Grazie, {g.nome}! In arrivo: {bevanda}.\n"


@app.get("/flusso")
def flusso() -> Response:
    return Response(gocce(), mimetype="text/plain")


def gocce() -> Iterator[str]:
    """Un pezzo alla volta: il server spedisce ogni goccia appena c'è."""
    for numero in (1, 2, 3):
        yield f"goccia {numero}\n"
        time.sleep(0.2)


@app.get("/vecchio")
def vecchio() -> Risposta:
    # 302 e non 301: un 301 il browser se lo ricorda, e la volta dopo non chiede più.
    return redirect("/ciao", code=302)


@app.get("/errore")
def errore() -> str:
    return LISTINO["cappuccino"]  # nel listino non c'è: KeyError


@app.get("/lento")
def lento() -> str:
    secondi = min(request.args.get("secondi", 1.0, type=float), 30)
    time.sleep(secondi)
    return f"Ecco, dopo {secondi:g} s.\n"


@app.get("/eventi")
def eventi() -> Response:
    """Server-Sent Events. Con «?subito=sì» si chiede a Nginx di non trattenerli: Apache e gli altri non ci badano."""
    risposta = Response(ordini(), mimetype="text/event-stream")
    if "subito" in request.args:
        risposta.headers["X-Accel-Buffering"] = "no"
    return risposta


def ordini() -> Iterator[str]:
    for numero in (1, 2, 3):
        yield f"id: {numero}\nevent: ordine\ndata: pronto il caffè numero {numero}\n\n"
        time.sleep(0.2)
