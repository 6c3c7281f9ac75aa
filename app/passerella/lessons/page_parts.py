"""A page's Markdown cut at its blocks: text, blocks, and what is to be seen only after the question. Pure."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from markdown_it import MarkdownIt

from passerella.errors import ContentError
from passerella.language import _
from passerella.lessons.model import Block, Comparison, Note, Ordering, Page, Prediction, Trace
from passerella.lessons.validating import convert, toml

_KINDS: dict[str, type[Block]] = {
    "traccia": Trace,
    "previsione": Prediction,
    "ordina": Ordering,
    "confronto": Comparison,
    "nota": Note,
}
Only = TypeVar("Only")

_TITLE = re.compile(r"\s*# +(?P<title>\S.*?)\s*(?:\n|\Z)")


def read_page(text: str, path: Path) -> Page:
    """The page in ``text``, which came from ``path``.

    :raises ContentError: no title, a block that cannot be read, more blocks of a kind than a page can have.
    """
    title = _TITLE.match(text)
    if title is None:
        raise ContentError(_("{file}: la prima riga dev'essere «# Titolo».").format(file=_short(path)))
    sides: tuple[list[str], list[str]] = ([], [])
    found: list[Block] = []
    for part in _parts(text, title.end(), path):
        if isinstance(part, str):
            sides[any(isinstance(each, Prediction | Ordering) for each in found)].append(part)
        else:
            found.append(part)
    return Page(
        name=path.stem,
        title=title["title"],
        before=_joined(sides[0]),
        after=_joined(sides[1]),
        trace=_only(found, Trace, path),
        comparison=_only(found, Comparison, path),
        question=_only(found, Prediction, path) or _only(found, Ordering, path),
        notes=[each for each in found if isinstance(each, Note)],
        path=path,
    )


def _parts(text: str, start: int, path: Path) -> Iterator[str | Block]:
    """Texts and blocks, in their order."""
    lines = text.splitlines(keepends=True)
    first = text[:start].count("\n") or len(lines)
    position = first
    for token in MarkdownIt().parse(text):
        kind = _KINDS.get(token.info.strip()) if token.type == "fence" else None
        if kind is None or token.map is None:
            continue
        begin, end = token.map
        yield "".join(lines[position:begin])
        where = _("{file}, riga {line}, blocco «{name}»").format(
            file=_short(path), line=begin + 1, name=token.info.strip()
        )
        yield convert(toml(token.content, where), kind, where)
        position = end
    yield "".join(lines[position:])


def _only(found: list[Block], kind: type[Only], path: Path) -> Only | None:
    several = [each for each in found if isinstance(each, kind)]
    if len(several) > 1:
        raise ContentError(
            _("{file}: una pagina può avere al massimo un blocco di questo tipo, ne ha {count}: dividila.").format(
                file=_short(path), count=len(several)
            )
        )
    return several[0] if several else None


def _joined(texts: list[str]) -> str:
    return "\n\n".join(text.strip("\n").rstrip() for text in texts if text.strip())


def _short(path: Path) -> str:
    """«05-environ/domanda.md»."""
    return f"{path.parent.name}/{path.name}"
