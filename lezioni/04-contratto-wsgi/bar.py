"""Un'altra spina per la stessa presa: un'app fatta con Flask."""

from flask import Flask

app = Flask(__name__)


@app.get("/ciao")
def ciao():
    return "Ciao da Flask\n"
