"""Come «ciao.py», ma senza encode: restituisce testo, non byte."""


def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain; charset=utf-8")])
    return ["ciao\n"]
