"""Of what a program wrote at its end, a student sees their own code first, and never ours."""

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerella.session.last_words import last_words

HEAD = "Traceback (most recent call last):"
STDLIB = '  File "/usr/lib/python3.11/importlib/__init__.py", line 126, in import_module\n    return _bootstrap._gcd_import(name)\n           ^^^^^'
FROZEN = '  File "<frozen importlib._bootstrap>", line 241, in _call_with_frames_removed'
INSTALLED = (
    '  File "/home/ada/.venv/lib/python3.12/site-packages/gunicorn/util.py", line 371, in import_app\n    mod = load()'
)
ON_WINDOWS = '  File "C:\\Python312\\Lib\\importlib\\__init__.py", line 90, in import_module\n    return load()'
SCRIPT = '  File "/home/ada/.venv/bin/uvicorn", line 8, in <module>\n    sys.exit(main())'
SCRIPT_ON_WINDOWS = (
    '  File "C:\\ada\\.venv\\Scripts\\uvicorn.exe\\__main__.py", line 8, in <module>\n    sys.exit(main())'
)
THEIRS = '  File "/home/ada/lib/mia.py", line 3, in <module>\n    app = crea()\n          ^^^^^^'
ERROR = "ZeroDivisionError: division by zero"
OURS = f'  File "{Path(sys.modules[last_words.__module__].__file__ or "").parent.parent / "servers" / "x.py"}", line 1, in main\n    main()'


@pytest.mark.parametrize(
    "before", [STDLIB, SCRIPT, SCRIPT_ON_WINDOWS, FROZEN, INSTALLED, ON_WINDOWS, OURS, f"{OURS}\n{STDLIB}\n{FROZEN}"]
)
def test_a_traceback_begins_at_the_students_code(before: str) -> None:
    words = f"avvio\n{HEAD}\n{before}\n{THEIRS}\n{INSTALLED}\n{ERROR}\n"
    assert last_words(words) == f"avvio\n{HEAD}\n{THEIRS}\n{INSTALLED}\n{ERROR}"


def test_where_nothing_is_theirs_only_the_error_is_left() -> None:
    assert last_words(f"{HEAD}\n{OURS}\n{STDLIB}\n{ERROR}") == ERROR


def test_each_of_two_errors_begins_at_their_code() -> None:
    between = "\nDuring handling of the above exception, another exception occurred:\n\n"
    words = f"{HEAD}\n{FROZEN}\n{THEIRS}\n{ERROR}\n{between}{HEAD}\n{INSTALLED}\n{THEIRS}\n{ERROR}"
    assert last_words(words, 40) == f"{HEAD}\n{THEIRS}\n{ERROR}\n{between}{HEAD}\n{THEIRS}\n{ERROR}"


def test_where_there_is_no_room_the_libraries_go_first() -> None:
    libraries = "\n".join([INSTALLED] * 10)
    assert last_words(f"{HEAD}\n{THEIRS}\n{libraries}\n{THEIRS}\n{ERROR}") == f"{HEAD}\n{THEIRS}\n{THEIRS}\n{ERROR}"


def test_what_a_server_says_after_an_error_does_not_push_it_out() -> None:
    said = [f"[ERROR] riga {number}" for number in range(11)]
    shown = last_words("\n".join(["prima", HEAD, FROZEN, THEIRS, ERROR, *said]))
    assert shown.splitlines() == [HEAD, *THEIRS.splitlines(), ERROR, *said[:7]]


def test_words_without_a_traceback_are_the_last_ones() -> None:
    words = [f"riga {number}" for number in range(30)]
    assert last_words("\n".join(words)).splitlines() == words[-12:]


_lines = st.sampled_from(
    [HEAD, "ERROR:    " + HEAD, STDLIB, FROZEN, INSTALLED, THEIRS, ERROR, "", "  ", "    x", "\x1b[31m"]
)


@given(st.lists(_lines | st.text(max_size=30), max_size=40), st.integers(1, 20))
def test_whatever_was_written_no_line_is_made_up(lines: list[str], most: int) -> None:
    words = "\n".join(lines)
    shown = last_words(words, most).splitlines()
    written = iter(words.rstrip().splitlines())
    assert len(shown) <= most
    assert all(any(line == each for each in written) for line in shown), "in their order, as they were"


def test_the_error_stays_where_their_own_frames_alone_are_too_many() -> None:
    shown = last_words("\n".join([HEAD, *[THEIRS] * 9, ERROR])).splitlines()
    assert shown == [HEAD, *THEIRS.splitlines() * 3, ERROR]
    again = f"{THEIRS}\n" + "\n".join(["    riga"] * 20)
    assert last_words(f"{HEAD}\n{again}\n{ERROR}").splitlines()[-1] == ERROR


def test_of_two_errors_the_last_one_stays() -> None:
    between = "The above exception was the direct cause of the following exception:"
    words = [HEAD, THEIRS, "KeyError: 1", "", between, "", HEAD, THEIRS, ERROR]
    assert last_words("\n".join(words)).splitlines()[-1] == ERROR


def test_a_group_of_errors_is_left_as_it_is() -> None:
    words = (
        f"  + Exception Group Traceback (most recent call last):\n  |   {THEIRS.strip()}\n  | ExceptionGroup: due (1)\n"
        f"  +-+---------------- 1 ----------------\n    | {HEAD}\n    |   {FROZEN.strip()}\n    | {ERROR}\n    +-----"
    )
    assert last_words(words) == words


def test_an_old_error_is_not_the_last_words() -> None:
    after = [f"GET /{number}" for number in range(60)]
    assert last_words("\n".join([HEAD, THEIRS, ERROR, *after])).splitlines() == after[-12:]
    assert last_words("\n".join([HEAD, THEIRS, ERROR, *after[:12]])).splitlines() == after[:12]
