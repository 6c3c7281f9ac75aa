"""Tre app che preparano lo stesso caffè, in 0,4 secondi. Cambia solo come lo consegnano."""

from time import sleep

TESTO = [("Content-Type", "text/plain; charset=utf-8")]


def lista(environ, start_response):
    start_response("200 OK", TESTO)
    sleep(0.4)
    return ["Ecco il caffè\n".encode()]


def generatore(environ, start_response):
    start_response("200 OK", TESTO)
    sleep(0.4)
    yield "Ecco il caffè\n".encode()


def vuoto(environ, start_response):
    start_response("200 OK", TESTO)
    yield b""
    sleep(0.4)
    yield "Ecco il caffè\n".encode()
