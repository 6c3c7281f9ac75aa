"""Un ordine che ci mette un po'."""

import time

from flask import Flask

app = Flask(__name__)


@app.get("/ordine")
def ordine() -> str:
    time.sleep(0.6)
    return "Pronto!\n"
