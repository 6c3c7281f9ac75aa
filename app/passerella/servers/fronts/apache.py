"""Apache HTTP Server: threads read, decide and forward; its modules tell each thing to one log."""

import re
from collections.abc import Sequence
from pathlib import Path

from passerella.language import later
from passerella.servers.fronts.apache_log import ACCESS, ERRORS, HOOK, ApacheLog
from passerella.servers.fronts.model import (
    AS_ROOT,
    OVER_TCP,
    OVER_UNIX,
    RECOMMENDED,
    Directive,
    Front,
    said_by,
)

_PRIVATE = later("Un posto suo, in una cartella privata che sparisce alla fine: di suo userebbe quelli del sistema.")
_FOLDERS = (
    "/usr/lib/apache2/modules",
    "/usr/lib64/httpd/modules",
    "/usr/lib/httpd/modules",
    "/usr/local/libexec/apache2",
    "/usr/libexec/apache2",
    "/opt/homebrew/lib/httpd/modules",
)
MODULES = ("mpm_event", "authz_core", "unique_id", "alias", "mime", "headers", "dumpio", "log_debug")
_PROXY_MODULES = ("proxy", "proxy_http")
_RECOMMENDED_WORDS = ("nocanon", "upgrade=websocket")


def modules() -> str:
    """Where the modules are, as systems put them; empty when they are nowhere."""
    return next((folder for folder in _FOLDERS if (Path(folder) / "mod_proxy_http.so").is_file()), "")


def _sees(program: str) -> str:
    return "stages"


def version(program: str) -> str:
    """The version that an executable says it is."""
    match = re.search(r"Apache/(\S+)", said_by(program, "-v"))
    return match[1] if match is not None else ""


def _to_app(path: str, *words: str) -> tuple[Directive, ...]:
    """Forward what begins with ``path``, with these parameters."""
    after = "".join(f" {word}" for word in words)
    return (
        Directive(
            f"ProxyPass {path} http://{{upstream}}/{after}",
            "A chi inoltra: il server dell'app." if path == "/" else "",
            (OVER_TCP,),
        ),
        Directive(
            f"ProxyPass {path} unix:{{upstream}}|http://localhost/{after}",
            "A chi inoltra: il server dell'app, con un socket Unix al posto di una porta." if path == "/" else "",
            (OVER_UNIX,),
        ),
    )


def _default(directives: tuple[Directive, ...]) -> tuple[Directive, ...]:
    return tuple(Directive(each.words, each.why, (*each.when, "predefinita")) for each in directives)


def _recommended(directives: tuple[Directive, ...]) -> tuple[Directive, ...]:
    return tuple(Directive(each.words, each.why, (*each.when, RECOMMENDED)) for each in directives)


BECOMES = Directive("User {user}", "Avviato da root, chi serve le richieste diventa questo utente.", (AS_ROOT,))


def itself(names: Sequence[str], levels: str, *user: Directive) -> tuple[Directive, ...]:
    """Where it is, who it is, what it says: all but what it does with a request.

    :param levels: what else its log tells, module by module.
    """
    return (
        Directive("ServerRoot {folder}", _PRIVATE),
        *(Directive(f"LoadModule {name}_module {{modules}}/mod_{name}.so") for name in names),
        *user,
        Directive("Listen 127.0.0.1:{port}", "Ascolta solo su questo computer."),
        Directive("ServerName localhost"),
        Directive("PidFile {folder}/httpd.pid", _PRIVATE),
        Directive("DefaultRuntimeDir {folder}"),
        Directive("Mutex file:{folder} default"),
        Directive("StartServers 1", "Un solo processo, con dieci thread: i passi si leggono in ordine."),
        Directive("ServerLimit 1"),
        Directive("ThreadsPerChild 10"),
        Directive("MaxRequestWorkers 10"),
        Directive("MinSpareThreads 1"),
        Directive("MaxSpareThreads 10"),
        Directive("GracefulShutdownTimeout 1"),
        Directive(
            "Timeout 86400",
            "Aspetta per un giorno: puoi tenere ferma una richiesta. Di suo dopo 60 secondi rinuncia.",
        ),
        Directive(f'ErrorLogFormat "{ERRORS}"'),
        Directive("ErrorLog {log}", "Passerella legge il suo registro mentre lo scrive."),
        Directive(
            f"LogLevel notice log_debug:info dumpio:trace7 {levels} http:trace5 core:trace5",
            "Nel registro dice quello che fa, mentre lo fa. Di suo dice solo avvisi ed errori.",
        ),
        Directive("DumpIOOutput On", "Scrive nel registro anche i byte che manda, al client e all'app."),
        Directive(f'LogMessage "{HOOK}" hook=fixups'),
        Directive(f'LogFormat "{ACCESS}" passerella'),
        Directive("CustomLog {log} passerella", "Una riga per ogni richiesta finita: stato, byte, tempo."),
        Directive("TypesConfig /dev/null"),
        Directive("AddType text/css .css"),
        Directive("AddType text/plain .txt"),
        Directive("DocumentRoot {folder}"),
        Directive("<Directory />"),
        Directive("AllowOverride None"),
        Directive("Require all granted"),
        Directive("</Directory>"),
    )


APACHE = Front(
    name="apache",
    title="Apache",
    called="apache",
    programs=("apache2", "httpd"),
    package="apache2",
    file="httpd.conf",
    arguments=("-d", "{folder}", "-f", "{file}", "-DFOREGROUND"),
    opens=r"^<(?!/)",
    closes=r"</",
    sees=_sees,
    log=ApacheLog,
    modules=modules,
    users=("www-data", "apache", "_www", "daemon"),
    directives=(
        *itself((*MODULES, *_PROXY_MODULES), "proxy:trace3 proxy_http:trace3", BECOMES),
        Directive(
            "AllowEncodedSlashes NoDecode",
            "Un %2F nel percorso passa com'è. Di suo Apache risponde 404, senza chiedere all'app.",
            (RECOMMENDED,),
        ),
        Directive(
            "ProxyPreserveHost On",
            "L'app riceve lo Host scritto dal client. Di suo Apache ci mette l'indirizzo a cui inoltra.",
            (RECOMMENDED,),
        ),
        Directive(
            "RequestHeader set X-Forwarded-Proto expr=%{REQUEST_SCHEME}",
            "Dice all'app se il client è arrivato con http o https, e copre quello che il client ha scritto.",
            (RECOMMENDED,),
        ),
        Directive(
            "Alias /static/ {files}/static/", "I file di questa cartella li dà Apache: Python non viene toccato."
        ),
        Directive("ProxyPass /static/ !", "Questi percorsi non si inoltrano."),
        Directive(
            "ProxyPass /impaziente/ http://localhost:{upstream port}/ timeout=1",
            "Qui l'app ha un secondo: se non risponde, il client riceve un 502. Nginx direbbe 504.",
            (OVER_TCP,),
        ),
        Directive("ProxyPass /impaziente/ unix:{upstream}|http://impaziente/ timeout=1", "", (OVER_UNIX,)),
        Directive("<Location /piccolo/>"),
        Directive('<If "%{HTTP:Content-Length} -gt 16">'),
        Directive(
            "Redirect 413 /",
            "Un corpo più lungo di 16 byte riceve un 413. LimitRequestBody non basta: vale per ciò che Apache legge per "
            "sé, non per ciò che inoltra.",
        ),
        Directive("</If>"),
        Directive("</Location>"),
        # To the same address: Apache keeps the parameters of the first line, so they are those of the last ones.
        *_default(_to_app("/piccolo/")),
        *_recommended(_to_app("/piccolo/", *_RECOMMENDED_WORDS)),
        Directive(
            "ProxyPass /spento/ http://127.0.0.1:{closed}/", "Qui dietro non ascolta nessuno: un 503, non un 502."
        ),
        *_default(_to_app("/")),
        *_recommended(_to_app("/", *_RECOMMENDED_WORDS)),
    ),
)
