"""Why the system refuses, in the language that is spoken: its own words are English on every machine."""

import errno

from passerella.language import _, later

_REASONS = {
    errno.ENOENT: later("il file o la cartella non c'è"),
    errno.EACCES: later("non hai il permesso"),
    errno.EPERM: later("non hai il permesso"),
    errno.EISDIR: later("è una cartella"),
    errno.ENOTDIR: later("nel percorso c'è un file al posto di una cartella"),
    errno.EEXIST: later("c'è già"),
    errno.ENOSPC: later("il disco è pieno"),
    errno.EROFS: later("il disco è di sola lettura"),
    errno.EFBIG: later("il file diventa troppo grande"),
    errno.ENAMETOOLONG: later("il nome è troppo lungo"),
    errno.ELOOP: later("ci sono collegamenti che girano in tondo"),
    errno.EIO: later("il disco non risponde bene"),
    errno.ENOEXEC: later("non è un programma che qui può girare"),
    errno.EMFILE: later("ci sono troppi file aperti"),
    errno.ECONNREFUSED: later("il server non accetta connessioni"),
    errno.ECONNRESET: later("il server ha interrotto la connessione"),
    errno.EPIPE: later("il server ha interrotto la connessione"),
    errno.ECONNABORTED: later("la sessione è finita"),
    errno.ETIMEDOUT: later("non risponde nessuno"),
    errno.EADDRNOTAVAIL: later("a quell'indirizzo non c'è nessuno"),
}


def refusal(error: Exception) -> str:
    """The reason of an :class:`OSError`, as the end of a sentence; where we have no words for it, its own."""
    if not isinstance(error, OSError):
        return str(error)
    why = _REASONS.get(error.errno or 0, "")
    return _(why) if why else error.strerror or str(error)
