"""«esc» answers as soon as the other keys.

A terminal sends the byte of «esc» also before each arrow. Textual waits a tenth of a second to tell the two apart, and
looks whether it is over only ten times a second: «esc» would take three times as long as a person notices.
"""

import os
import selectors
import sys
from codecs import getincrementaldecoder
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.driver import Driver

_DELAY = 0.01  # seconds after which the byte was a key: what a terminal sends for an arrow comes all together
_USUAL = 0.1  # seconds between two looks at whether the program is over
_MOST = 4096


def quick_driver() -> "type[Driver] | None":
    """The driver for this terminal; None where Textual's own is as good."""
    if sys.platform == "win32" or os.environ.get("TEXTUAL_DRIVER") or os.environ.get("ESCDELAY"):
        return None
    from textual import constants
    from textual._xterm_parser import XTermParser
    from textual.drivers.linux_driver import LinuxDriver

    constants.ESCAPE_DELAY = _DELAY  # type: ignore[misc]  # of this process only, and not of those that it starts

    class QuickDriver(LinuxDriver):
        def run_input_thread(self) -> None:
            """As LinuxDriver does it, but awake when the wait for the rest of a key is over."""
            parser = XTermParser(self._debug)
            decode = getincrementaldecoder("utf-8")("replace").decode
            with selectors.SelectSelector() as selector:
                selector.register(self.fileno, selectors.EVENT_READ)
                while not self.exit_event.is_set():
                    ready = selector.select(_USUAL if parser._timeout_time is None else _DELAY / 4)
                    data = os.read(self.fileno, _MOST) if ready else b""
                    if ready and not data:
                        return  # nobody will type any more
                    text = decode(data)
                    for event in (*(parser.feed(text) if text else ()), *parser.tick()):
                        self.process_message(event)

    return QuickDriver
