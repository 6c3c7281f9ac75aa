"""Un'app Flask dentro un'app FastAPI: una parte nuova, una parte vecchia."""

import time

from a2wsgi import WSGIMiddleware
from fastapi import FastAPI
from flask import Flask

vecchia = Flask(__name__)


@vecchia.get("/menu")
def menu() -> str:
    time.sleep(0.3)
    return "caffè, tè\n"


app = FastAPI()


@app.get("/ciao")
async def ciao() -> dict[str, str]:
    return {"messaggio": "Ciao!"}


app.mount("/vecchia", WSGIMiddleware(vecchia))
