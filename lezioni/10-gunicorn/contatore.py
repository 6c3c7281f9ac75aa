"""Un contatore in una variabile del modulo. Ogni richiesta ci mette quasi mezzo secondo."""

import os
import time

from flask import Flask

app = Flask(__name__)
conto = 0


@app.get("/conta")
def conta() -> str:
    global conto
    conto += 1
    mio = conto
    time.sleep(0.4)
    return str(mio)


@app.get("/chi")
def chi() -> str:
    return f"processo {os.getpid()}, figlio di {os.getppid()}\n"
