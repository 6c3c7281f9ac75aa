"""The questions of a path on paper: one HTML file that needs nothing else, with no answers. Pure."""

import html
from collections.abc import Iterator

from markdown_it import MarkdownIt

from passerella.language import _, current
from passerella.lessons import paths
from passerella.lessons.course import Course
from passerella.lessons.model import Ordering, Page, Question
from passerella.lessons.paths import Itinerary
from passerella.lessons.verdict import texts

_LETTERS = "abcdef"
# A lesson may be anybody's: no HTML of its own, and nothing that is fetched.
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).disable(["image", "link", "autolink"])

_STYLE = """
@page { size: A4; margin: 16mm 18mm 18mm; }
body { font: 11pt/1.45 Georgia, "Times New Roman", serif; color: #111; max-width: 174mm; margin: 0 auto; }
h1 { font-size: 17pt; margin: 0 0 2mm; }
h2 { font-size: 12pt; margin: 0 0 1.5mm; }
.who { display: flex; gap: 10mm; margin: 4mm 0 6mm; }
.who span { flex: 1; border-bottom: .3mm solid #111; }
.who .short { flex: 0 0 45mm; }
section { break-inside: avoid; border-top: .2mm solid #777; padding: 4mm 0 5mm; }
code, pre { font-family: "DejaVu Sans Mono", Consolas, monospace; font-size: 9.5pt; }
pre { background: #f2f2f2; padding: 2mm 3mm; white-space: pre-wrap; overflow-wrap: anywhere; }
p { margin: 0 0 2mm; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; margin: 2mm 0; }
th { font-weight: normal; font-size: 9pt; width: 14mm; }
td { padding: 1mm 1.5mm; vertical-align: top; }
td.letter { width: 6mm; font-weight: bold; }
td.box { text-align: center; }
td.box i { display: inline-block; width: 4mm; height: 4mm; border: .3mm solid #111; }
.why { border-bottom: .2mm dotted #555; height: 8mm; font-size: 9pt; color: #444; }
@media screen { body { padding: 10mm; } }
""".strip()


def sheet(course: Course, itinerary: Itinerary) -> str:
    """The whole document."""
    body = "\n".join(
        _asked(number, page, page.question)
        for number, page in enumerate(_pages(course, itinerary), 1)
        if page.question is not None
    )
    title = html.escape(itinerary.title)
    return (
        f'<!DOCTYPE html>\n<html lang="{current()}">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{title}</title>\n<style>\n{_STYLE}\n</style>\n</head>\n<body>\n<h1>{title}</h1>\n"
        f'<div class="who">{_named(_("Nome"))}{_named(_("Data"), "short")}</div>\n{body}\n</body>\n</html>\n'
    )


def _pages(course: Course, itinerary: Itinerary) -> list[Page]:
    return [page for _lesson, page in paths.all_pages(course, itinerary) if page.question is not None]


def _named(word: str, kind: str = "") -> str:
    return f'<span class="{kind}">{html.escape(word)}</span>'


def _asked(number: int, page: Page, question: Question) -> str:
    return (
        f"<section>\n<h2>{number}. {html.escape(page.title)}</h2>\n{''.join(_code(page))}"
        f"{_MARKDOWN.render(question.question)}{_choices(question)}"
        f'<p class="why">{html.escape(_("Perché?"))}</p>\n</section>'
    )


def _code(page: Page) -> Iterator[str]:
    """The programs that the question speaks of."""
    for token in _MARKDOWN.parse(page.before):
        if token.type in ("fence", "code_block"):
            yield f"<pre>{html.escape(token.content)}</pre>\n"


def _choices(question: Question) -> str:
    """A box for each vote, before the talk and after it; a place to write a number where things are put in order."""
    heads = [_("posto")] if isinstance(question, Ordering) else [_("prima"), _("dopo")]
    head = "".join(f"<th>{html.escape(each)}</th>" for each in heads)
    boxes = '<td class="box"><i></i></td>' * len(heads)
    rows = "".join(
        f'<tr><td class="letter">{letter}</td><td>{_MARKDOWN.renderInline(text)}</td>{boxes}</tr>\n'
        for letter, text in zip(_LETTERS, texts(question), strict=False)
    )
    return f"<table>\n<tr><td></td><td></td>{head}</tr>\n{rows}</table>\n"
