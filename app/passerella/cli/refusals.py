"""What the probe does not trace, said plainly; the keys are those of :class:`passerella.events.Refused`."""

REFUSED = {
    "python": "Il programma usa Python {detail}: la sonda lavora da Python 3.11 in su, quindi qui non si vede nulla.",
    "gevent": "Il server usa gevent, che la sonda non segue: i suoi viaggi qui non si vedono.",
    "granian": "Granian legge e scrive i byte in Rust, una scatola chiusa per la sonda: si vede il suo confine con l'app. "
    "Negli scenari si vedono anche i byte, mentre passano da un tramite nostro.",
    "http2": "La connessione parla HTTP/2: la sonda non ne segue le richieste.",
    "tls": "La connessione è cifrata (TLS): la sonda non ne mostra i byte.",
}
