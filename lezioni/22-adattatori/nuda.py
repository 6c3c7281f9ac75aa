"""Un'app WSGI, e basta."""

from flask import Flask

app = Flask(__name__)


@app.get("/ciao")
def ciao() -> str:
    return "Ciao!\n"
