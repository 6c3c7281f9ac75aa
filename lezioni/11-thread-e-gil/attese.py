"""Tre modi di passare il tempo: aspettare, calcolare, sbrigarsi."""

import time

from flask import Flask

app = Flask(__name__)


@app.get("/attesa")
def attesa() -> str:
    """Aspetta e basta, come chi ha chiesto qualcosa a un database."""
    time.sleep(0.4)
    return "Aspettato.\n"


@app.get("/calcolo")
def calcolo() -> str:
    """Tiene occupato il processore per tre decimi di secondo, contati solo mentre tocca a questo thread."""
    fine = time.thread_time() + 0.3
    giri = 0
    while time.thread_time() < fine:
        giri += 1
    return "Calcolato.\n"


@app.get("/subito")
def subito() -> str:
    return "Eccomi.\n"
