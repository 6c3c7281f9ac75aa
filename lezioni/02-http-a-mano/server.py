"""Un server HTTP a mani nude: un socket, e risposte scritte byte per byte."""

import socket

RISPOSTE = {
    b"/giusta": b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nciao\n",
    b"/senza-riga": b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nciao\n",
    b"/troppo-poco": b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nciao\n",
}
NON_TROVATA = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"

porta = socket.create_server(("127.0.0.1", 0))
print("In ascolto sulla porta", porta.getsockname()[1], flush=True)

while True:
    connessione, _ = porta.accept()
    with connessione:
        richiesta = connessione.recv(4096)
        metodo, percorso, *resto = richiesta.split() or [b"", b""]
        connessione.sendall(RISPOSTE.get(percorso, NON_TROVATA))
