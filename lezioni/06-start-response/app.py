"""Tre caffè, pronti dopo 0,4 s: in una lista, da un generatore, da un generatore che prima dà un pezzo vuoto."""

from time import sleep

TESTO = [("Content-Type", "text/plain; charset=utf-8")]


def lista(environ, start_response):
    start_response("200 OK", TESTO)
    sleep(0.4)
    return ["caffè\n".encode()]


def generatore(environ, start_response):
    start_response("200 OK", TESTO)
    sleep(0.4)
    yield "caffè\n".encode()


def vuoto(environ, start_response):
    start_response("200 OK", TESTO)
    yield b""
    sleep(0.4)
    yield "caffè\n".encode()


VISTE = {"/lista": lista, "/generatore": generatore, "/vuoto": vuoto}


def app(environ, start_response):
    vista = VISTE[environ["PATH_INFO"]]
    return vista(environ, start_response)
