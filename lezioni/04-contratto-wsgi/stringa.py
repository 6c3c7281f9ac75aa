"""Come «ciao.py», ma si è dimenticata di encode: nella lista c'è testo, non byte."""


def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain; charset=utf-8")])
    return ["Ciao!\n"]
