"""Nginx: one process reads, decides and forwards for everybody; its debug log tells each thing as it does it."""

from passerella.language import later
from passerella.servers.fronts.model import (
    AS_ROOT,
    OVER_TCP,
    OVER_UNIX,
    RECOMMENDED,
    Directive,
    Front,
    said_by,
)
from passerella.servers.fronts.nginx_log import ACCESS, NginxLog

_PRIVATE = later("Un posto suo, in una cartella privata che sparisce alla fine: di suo userebbe quelli del sistema.")
_STAGES = later(
    "Nel suo registro dice tutto quello che fa, mentre lo fa: Passerella lo legge. Di suo dice solo gli errori."
)


def _sees(program: str) -> str:
    return "stages" if "--with-debug" in said_by(program, "-V") else "ends"


def _to_app(location: str, *more: Directive, bare: bool = True) -> tuple[Directive, ...]:
    """A location that forwards; not ``bare``: what is written after the address replaces the name of the location."""
    after = "" if bare else "/"
    return (
        Directive(f"location {location} {{"),
        Directive(
            f"proxy_pass http://{{upstream}}{after};",
            "A chi inoltra: il server dell'app. Senza barra in fondo il percorso passa com'è, byte per byte."
            if bare
            else "Con la barra in fondo il percorso non passa com'è: Nginx toglie il nome della location e lo riscrive.",
            (OVER_TCP,),
        ),
        Directive(
            f"proxy_pass http://unix:{{upstream}}:{after};",
            "A chi inoltra: il server dell'app, con un socket Unix al posto di una porta.",
            (OVER_UNIX,),
        ),
        *more,
        Directive("}"),
    )


def _recommended(words: str, why: str) -> Directive:
    return Directive(words, why, (RECOMMENDED,))


_FORWARDED = (
    _recommended("proxy_http_version 1.1;", "All'app parla HTTP/1.1. Di suo Nginx inoltra in HTTP/1.0."),
    _recommended(
        "proxy_set_header Host $http_host;",
        "L'app riceve lo Host scritto dal client. Di suo Nginx ci mette l'indirizzo a cui inoltra.",
    ),
    _recommended(
        "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;",
        "Aggiunge in fondo l'indirizzo di chi si è collegato. Di suo lascia passare quello che il client ha scritto.",
    ),
    _recommended(
        "proxy_set_header X-Forwarded-Proto $scheme;",
        "Dice all'app se il client è arrivato con http o https, e copre quello che il client ha scritto.",
    ),
    _recommended("proxy_set_header X-Real-IP $remote_addr;", "L'indirizzo di chi si è collegato, da solo."),
    _recommended(
        "proxy_set_header Upgrade $http_upgrade;",
        "Lascia passare la richiesta di diventare un WebSocket: è un'intestazione che di suo un proxy toglie.",
    ),
    _recommended(
        "proxy_set_header Connection $upgrade_or_close;", "«upgrade» per i WebSocket, «close» per le altre richieste."
    ),
)

NGINX = Front(
    name="nginx",
    title="Nginx",
    called="nginx",
    programs=("nginx",),
    package="nginx-light",
    file="nginx.conf",
    arguments=("-p", "{folder}", "-c", "{file}", "-e", "stderr", "-g", "daemon off;"),
    opens=r"\{$",
    closes=r"\}",
    sees=_sees,
    log=NginxLog,
    directives=(
        Directive("user {user};", "Avviato da root, i suoi processi restano di questo utente.", (AS_ROOT,)),
        Directive("worker_processes 1;", "Un solo processo serve tutti, così i passi si leggono in ordine."),
        Directive("worker_shutdown_timeout 1s;", "Quando si ferma non aspetta le connessioni più di un secondo."),
        Directive("pid {folder}/nginx.pid;", _PRIVATE),
        Directive("error_log {log} debug;", _STAGES),
        Directive("events {"),
        Directive("worker_connections 256;", "Quante connessioni insieme, contando anche quelle verso l'app."),
        Directive("}"),
        Directive("http {"),
        Directive(
            f"log_format passerella escape=json '{ACCESS}';",
            "Una riga per ogni richiesta finita: stato, tempi, byte.",
        ),
        Directive(
            "access_log {log} passerella;", "Anche la riga di ogni richiesta finita va nel registro che leggiamo."
        ),
        Directive("client_body_temp_path {folder}/corpi;", _PRIVATE),
        Directive("proxy_temp_path {folder}/risposte;", _PRIVATE),
        Directive("fastcgi_temp_path {folder}/fastcgi;"),
        Directive("uwsgi_temp_path {folder}/uwsgi;"),
        Directive("scgi_temp_path {folder}/scgi;"),
        Directive("types { text/html html; text/css css; text/plain txt; image/svg+xml svg; }"),
        Directive(
            "proxy_read_timeout 1d;",
            "Aspetta l'app per un giorno: puoi tenere ferma una richiesta. Di suo dopo 60 secondi risponde 504.",
        ),
        Directive("proxy_send_timeout 1d;", "Lo stesso, mentre spedisce all'app."),
        Directive("send_timeout 1d;", "Lo stesso, mentre spedisce al client."),
        Directive("client_header_timeout 1d;", "Il client può scrivere la richiesta piano quanto vuole."),
        Directive("client_body_timeout 1d;", "Anche il corpo."),
        Directive("limit_req_zone $server_port zone=una:64k rate=1r/m;"),
        _recommended(
            "map $http_upgrade $upgrade_or_close {", "Il valore di Connection dipende da Upgrade: sotto si usa."
        ),
        _recommended("default upgrade;", ""),
        _recommended('"" close;', ""),
        _recommended("}", ""),
        *_FORWARDED,
        Directive("server {"),
        Directive("listen 127.0.0.1:{port};", "Ascolta solo su questo computer."),
        Directive("location /static/ {"),
        Directive("root {files};", "I file di questa cartella li dà Nginx: Python non viene toccato."),
        Directive("}"),
        *_to_app(
            "/impaziente/",
            Directive("proxy_read_timeout 1s;", "Qui l'app ha un secondo: se non risponde, il client riceve un 504."),
            bare=False,
        ),
        *_to_app(
            "/piccolo/",
            Directive(
                "client_max_body_size 16;", "Un corpo più lungo di 16 byte riceve un 413. Di suo il limite è 1 MiB."
            ),
            bare=False,
        ),
        *_to_app(
            "/uno-al-minuto/",
            Directive("limit_req zone=una;", "Una richiesta al minuto: alle altre Nginx risponde 503, senza l'app."),
            bare=False,
        ),
        Directive("location /spento/ {"),
        Directive("proxy_pass http://127.0.0.1:{closed}/;", "Qui dietro non ascolta nessuno: il client riceve un 502."),
        Directive("}"),
        *_to_app("/"),
        Directive("}"),
        Directive("}"),
    ),
)
