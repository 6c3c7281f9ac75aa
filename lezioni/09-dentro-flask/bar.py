"""Un bar con Flask: due viste, una funzione prima, una dopo."""

from flask import Flask, Response, g

LISTINO = {"caffè": "1,20 €", "tè": "1,50 €"}

app = Flask(__name__)
serviti = 0


@app.before_request
def apri_il_conto() -> None:
    g.conto = 0


@app.get("/ordina")
def ordina() -> str:
    global serviti
    serviti += 1
    g.conto += 1
    return f"conto {g.conto}, serviti {serviti}\n"


@app.get("/cappuccino")
def cappuccino() -> str:
    return LISTINO["cappuccino"]  # nel listino non c'è: KeyError


@app.after_request
def saluta(risposta: Response) -> Response:
    risposta.headers["X-Saluto"] = "A presto"
    return risposta
