"""Gli ordini del bar: ognuno ci mette un po'."""

import os
import time

from flask import Flask

print("Leggo il modulo ordini", os.getpid(), flush=True)

app = Flask(__name__)


@app.get("/ordine")
def ordine() -> str:
    time.sleep(0.6)
    return "Pronto!\n"
