"""Promette 5 byte e ne restituisce 11."""


def app(environ, start_response):
    start_response("200 OK", [("Content-Length", "5")])
    return [b"ciao mondo\n"]
