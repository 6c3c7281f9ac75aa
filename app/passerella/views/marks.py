"""What a row is marked with besides changes, in words."""

from passerella.language import _
from passerella.views.numbers import duration
from passerella.views.rows import Marks
from passerella.views.visible import visible


def befallen(marks: Marks) -> list[str]:
    """An exception, another thread, a hold: a few words for each that there is."""
    words = []
    if marks.error:
        words.append(_("eccezione {error}").format(error=visible(marks.error, 80)))
    if marks.hop:
        words.append(_("prosegue nel thread {thread}").format(thread=marks.hop))
    if marks.holding:
        words.append(_("fermo adesso"))
    if marks.held:
        words.append(_("fermo per {time}").format(time=duration(marks.held)))
    return words
