"""Lessons of the tests' own."""

from pathlib import Path

APP = """
def app(environ, start_response):
    print("chiamata", environ["PATH_INFO"], flush=True)
    start_response("200 OK", [("Content-Type", "text/plain"), ("X-Prova", "uno")])
    return [b"ciao"]
"""
TRACE = """
```traccia
id = "due"
app = "app:app"
server = ["wsgiref", "waitress"]
richieste = ["GET /uno?nome=Ada", "GET /due"]
```
"""
QUESTION = """
```previsione
id = "quante"
domanda = "Quante volte è chiamata l'app?"
risposta = "conta(passi('call'))"
scelte = [{ testo = "Una", vale = 1, fraintendimento = "M01" }, { testo = "Due", vale = 2 }]
prova = "ultimo(passi('call'))"
```
"""
PAGES = {"domanda": "# La domanda\n\nQuante volte?\n", "quante": f"# Quante\n{TRACE}{QUESTION}\nUna per richiesta.\n"}


def lesson_text(pages: list[str], more: str = "", id: str = "prova") -> str:
    return (
        f'id = "{id}"\ntitolo = "Prova"\ndomanda = "Quante?"\nobiettivi = ["sai contare"]\ndurata = 5\n'
        f"pagine = {pages!r}\n".replace("'", '"')
        + 'riferimenti = [{ testo = "PEP 3333", url = "https://peps.python.org/pep-3333/" }]\n'
        + more
    )


def write_lesson(
    folder: Path,
    pages: dict[str, str] | None = None,
    more: str = "",
    files: dict[str, str] | None = None,
    id: str = "prova",
) -> None:
    """A lesson with these pages; ``more`` goes into ``lezione.toml``."""
    folder.mkdir(parents=True, exist_ok=True)
    pages = PAGES if pages is None else pages
    (folder / "lezione.toml").write_text(lesson_text(list(pages), more, id), encoding="utf-8")
    for name, text in pages.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    for name, text in {"app.py": APP, **(files or {})}.items():
        (folder / name).write_text(text, encoding="utf-8")
