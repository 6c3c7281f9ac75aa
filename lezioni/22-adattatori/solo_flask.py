"""Un'app WSGI, e basta."""

from flask import Flask

app = Flask(__name__)


@app.get("/libri")
def libri() -> str:
    return "Pinocchio, Cuore\n"
