"""The errors that a person can meet. Each says what was expected, what came and what to do.

PasserellaError
├── CommandError    the command line asks for something that cannot be (exit 2)
├── StartError      the server did not start (exit 3)
└── ContentError    a file of ours, or of a teacher's, cannot be used
"""


class PasserellaError(Exception):
    """A failure with an Italian sentence for whoever is at the keyboard.

    :param message: what happened and what to do, in Italian, ready to be shown.
    :param details: the last words of the program that failed, as they came; may be hostile text.
    """

    def __init__(self, message: str, details: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.details = details


class CommandError(PasserellaError):
    """The command line asks for something that cannot be."""


class StartError(PasserellaError):
    """The server did not start."""


class ContentError(PasserellaError):
    """A file of content or a recording cannot be used."""
