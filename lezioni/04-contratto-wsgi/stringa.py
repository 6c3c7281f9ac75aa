"""Come «ciao.py», ma si è dimenticata di encode: nella lista c'è testo, non byte."""

TESTO = [("Content-Type", "text/plain; charset=utf-8")]


def app(environ, start_response):
    start_response("200 OK", TESTO)
    return ["Ciao!\n"]
