"""La biblioteca della scuola: una parte nuova con FastAPI, una vecchia con Flask, nello stesso processo."""

import time

from a2wsgi import WSGIMiddleware
from fastapi import FastAPI
from flask import Flask

vecchia = Flask(__name__)


@vecchia.get("/libri")
def libri() -> str:
    time.sleep(0.3)
    return "Pinocchio, Cuore\n"


app = FastAPI()


@app.get("/ciao")
async def ciao() -> str:
    return "Benvenuti in biblioteca"


app.mount("/vecchia", WSGIMiddleware(vecchia, workers=4))
