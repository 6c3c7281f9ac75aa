"""La stessa presa, un'altra spina: un'app fatta con Flask."""

from flask import Flask

app = Flask(__name__)


@app.get("/ciao")
def ciao():
    return "Ciao da Flask\n"
