"""The way out of the traced process: an append on the hot path, encoding and writing elsewhere.

Nothing here may raise into the traced program, nor make it wait: a full queue drops and counts, a lost viewer ends
the tracing and changes nothing else. The writer thread starts with the first request, so that a parent which only
forks (Gunicorn's arbiter) stays single-threaded.
"""

from __future__ import annotations

import _socket
import _thread
import os
import sys
import time
from _collections import deque  # type: ignore[import-not-found]  # collections itself costs 3 ms
from itertools import count

from .notation import decode, encode
from .vocabulary import LINE_LIMIT, PROTOCOL, QUEUE_LIMIT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_BATCH = 256
_LAST_MOMENT = 300_000_000  # nanoseconds
_PATIENCE = 2.0  # seconds that a message said outside the writer thread may take
_HIGH = 200  # the lowest number for our file descriptor
_ANSWER = 0.5  # seconds that the viewer has to say what is to be held
_GATHER = 0.01  # seconds that the writer lets a batch grow, unless something is held

# Kept from the start: gevent replaces these in their modules, and our threads must be real ones.
_allocate_lock, _start_new_thread = _thread.allocate_lock, _thread.start_new_thread
_sleep = time.sleep

_MSG_PEEK = _socket.MSG_PEEK
_MSG_DONTWAIT = getattr(_socket, "MSG_DONTWAIT", 0)  # not on Windows

sequence = count(1)
clock = time.monotonic_ns


class _Line:
    """State of this process's line to the viewer; begins anew in a forked child."""

    def __init__(self) -> None:
        self.queue: Any = deque()
        self.dropped: dict[Any, int] = {}  # (connection, request) -> moments that the queue had no room for
        self.counted = 0
        self.socket: Any = None
        self.heard = b""
        self.lost = False
        self.writing = False
        self.asleep = True  # the writer is to be woken by the next message; before the first there is none
        self.wake = _allocate_lock()
        self.wake.acquire()
        self.sending = _allocate_lock()
        self.hearing = _allocate_lock()
        self.counting = _allocate_lock()


_line = _Line()
_armed = True
_address: Any = None
_preamble: list[Any] = []  # what each new process must say again: libraries, sites
_forgetters: list[Callable[[], None]] = []  # what other modules do in a forked child
_commands: dict[str, Callable[..., None]] = {}  # the viewer's commands, by their word
_on_loss: list[Callable[[], None]] = []  # what other modules do when the viewer is lost


def open_to(address: Any) -> None:
    """Where the viewer is: ``("unix", path, token)`` or ``("tcp", (host, port), token)``."""
    global _address
    _address = address
    if hasattr(os, "register_at_fork"):  # not on Windows, where nobody forks
        os.register_at_fork(after_in_child=_begin_anew)


def _begin_anew() -> None:
    global _line
    inherited = _line.socket
    _line = _Line()
    if inherited is not None:
        inherited.close()  # only our copy: the parent's line stays up
    for forget in _forgetters:
        forget()


def in_child(forget: Callable[[], None]) -> None:
    """Call ``forget`` in each forked child."""
    _forgetters.append(forget)


def on_command(word: str, act: Callable[..., None]) -> None:
    """Call ``act(*rest)`` for each command ``[word, *rest]`` of the viewer."""
    _commands[word] = act


def on_loss(act: Callable[[], None]) -> None:
    """Call ``act`` when the viewer is lost."""
    _on_loss.append(act)


def pressed(part: int) -> bool:
    """Whether more than 1/``part`` of the queue waits: the viewer does not keep up."""
    return len(_line.queue) > QUEUE_LIMIT // part


def count_request() -> None:
    """Count a request that is not recorded."""
    line = _line
    with line.counting:
        line.counted += 1


def armed() -> bool:
    """False while nobody looks, and once the viewer is lost: nothing is recorded then."""
    return _armed and not _line.lost


def set_armed(is_armed: bool) -> None:
    """Whether anybody looks."""
    global _armed
    _armed = is_armed


def put(message: Any, owner: tuple[int, int] = (0, 0)) -> None:
    """Record one moment of ``owner``, (connection, request). Called on the request's path."""
    line = _line
    if len(line.queue) >= QUEUE_LIMIT:
        with line.counting:
            line.dropped[owner] = line.dropped.get(owner, 0) + 1
        return
    line.queue.append(message)
    if line.asleep:
        _rouse(line)


def tell(*message: Any) -> None:
    """Record what later messages refer to: a full queue does not lose it. It is said once, so it does not crowd."""
    line = _line
    line.queue.append(message)
    if line.asleep:
        _rouse(line)


def _rouse(line: _Line) -> None:
    if line.lost:
        line.queue.clear()
    elif not line.writing:
        _start_writer(line)
    else:
        line.asleep = False
        try:
            line.wake.release()
        except RuntimeError:  # another thread woke it first
            pass


def say(*message: Any, again: bool = False) -> None:
    """Tell the viewer something that belongs to no request (a library, a listening socket).

    With ``again`` every process forked from this one tells it too.
    """
    if again:
        _preamble.append(message)
    line = _line
    if line.lost:
        return
    if line.writing:
        put(message)
    elif line.socket is not None or not again:  # what is said again goes out with the greeting
        line.queue.append(message)
        _flush(line)


def stop() -> None:
    """Record nothing more in this process: what it runs on is not something that we follow."""
    _lose(_line)


def announce(*message: Any) -> None:
    """Name a site or the like, often on the request's path, for this process and its children."""
    _preamble.append(message)
    if _line.socket is not None or _line.writing:
        tell(*message)


def greet() -> None:
    """Open this process's line now, at its start: what was said by now goes out with the greeting."""
    if not _line.lost:
        _flush(_line)


def _connect(line: _Line) -> None:
    """Open this process's line and greet. Any failure means that nobody looks: tracing ends."""
    kind, where, token = _address
    family = _socket.AF_UNIX if kind == "unix" else _socket.AF_INET
    # _socket.socket is the C base class: our own taps on socket.socket never see it.
    line.socket = _socket.socket(family, _socket.SOCK_STREAM)
    line.socket.settimeout(_PATIENCE)
    line.socket.connect(where)
    line.socket = _out_of_the_way(line.socket, family)
    line.socket.settimeout(_PATIENCE)
    greeting = (
        "hello",
        PROTOCOL,
        token,
        os.getpid(),
        os.getppid(),
        ".".join(str(part) for part in sys.version_info[:3]),
        sys.executable or "",
        [argument[:4096] for argument in getattr(sys, "orig_argv", [])[:64]],
        sys.prefix if sys.prefix != sys.base_prefix else "",
    )
    _write(line, [greeting, *_preamble])
    _hear(line, wait=True)  # the viewer answers a greeting with what is to be held


def _lines(line: _Line, data: bytes) -> list[bytes]:
    """The whole lines heard by now; a viewer that never ends one is no viewer of ours."""
    *lines, line.heard = (line.heard + data).split(b"\n")
    if len(line.heard) > LINE_LIMIT:
        raise ConnectionResetError
    return lines


def _hear(line: _Line, wait: bool = False) -> None:
    """Obey the commands that have arrived; with ``wait``, at least one read is waited for."""
    try:
        line.socket.settimeout(_ANSWER if wait else 0)
        data = line.socket.recv(65536)
        while data:
            lines = _lines(line, data)
            _obey_lines(lines)
            if wait:
                return
            data = line.socket.recv(65536)
        raise ConnectionResetError
    except (BlockingIOError, TimeoutError):
        return
    finally:
        line.socket.settimeout(_PATIENCE)


def _obey_lines(lines: Any) -> None:
    for text in lines:
        try:
            word, *rest = decode(text.decode("utf-8"))
            _commands[word](*rest)
        except Exception:
            continue  # not a command of ours


def _out_of_the_way(line: Any, family: int) -> Any:
    """The same line under a high number: the program's own files keep the numbers that they would have had."""
    try:
        from fcntl import F_DUPFD_CLOEXEC, fcntl

        number = fcntl(line.fileno(), F_DUPFD_CLOEXEC, _HIGH)
    except (ImportError, OSError):
        return line
    line.close()
    return _socket.socket(family, _socket.SOCK_STREAM, 0, number)


def _write(line: _Line, messages: list[Any]) -> None:
    """One batch is one line; one that is too long is written message by message, without those that are too long."""
    text = encode(messages)
    if len(text) >= LINE_LIMIT:
        texts = [encode([message]) for message in messages]
        text = "\n".join([each for each in texts if len(each) < LINE_LIMIT])
    data = memoryview((text + "\n").encode("ascii"))
    while data:
        data = data[line.socket.send(data) :]


def _flush(line: _Line) -> None:
    """Send everything that waits. Called by the writer, or at boot and at exit by whoever is there."""
    with line.sending:
        try:
            if line.socket is None:
                _connect(line)
            while line.queue:
                batch: list[Any] = []
                while line.queue and len(batch) < _BATCH:
                    batch.append(line.queue.popleft())
                _add_counts(line, batch)
                _write(line, batch)
        except Exception:
            _lose(line)


def _add_counts(line: _Line, batch: list[Any]) -> None:
    """What was not recorded is told."""
    with line.counting:
        dropped, line.dropped = line.dropped, {}
        counted, line.counted = line.counted, 0
    batch.extend(("dropped", count, *owner) for owner, count in dropped.items())
    if counted:
        batch.append(("counted", counted))


def _lose(line: _Line) -> None:
    line.lost = line.asleep = True
    line.queue.clear()
    for act in _on_loss:
        act()
    if line.socket is not None:
        line.socket.close()


def _start_writer(line: _Line) -> None:
    line.writing = True
    line.asleep = False
    try:
        if line.socket is None:
            _flush(line)
        if line.socket is not None and not line.lost:
            _hear(line)  # what is to be held is known before the first moment goes on
        line.socket.settimeout(None)
        _start_new_thread(_listener, (line,))
        _start_new_thread(_writer, (line,))
    except (OSError, AttributeError):
        _lose(line)
    except RuntimeError:  # no thread can start (the interpreter is going away)
        _flush(line)


def _listener(line: _Line) -> None:
    """Commands, one a line, until the viewer goes. They are taken only once it is their turn, see :func:`catch_up`."""
    try:
        while not line.lost and line.socket.recv(1, _MSG_PEEK):
            _obey_at_hand(line)
    except OSError:
        pass
    if line is _line:
        _lose(line)


def catch_up() -> None:
    """Obey what the viewer has already said: what it said before it did something is known when that is seen."""
    line = _line
    if _MSG_DONTWAIT and line.writing and not line.lost:
        try:
            _obey_at_hand(line)
        except OSError:
            return


def _obey_at_hand(line: _Line) -> None:
    """Obey what can be read without waiting, one thread at a time."""
    with line.hearing:
        try:
            data: bytes = line.socket.recv(65536, _MSG_DONTWAIT)
        except BlockingIOError:
            return
        _obey_lines(_lines(line, data))


def _writer(line: _Line) -> None:
    while not line.lost:
        _sleep(_GATHER)
        _flush(line)
        line.asleep = True
        if line.queue:
            line.asleep = False
            continue
        line.wake.acquire()


def before_the_end() -> None:
    """Wait a moment until the writer has sent everything: some servers end by a signal, after which nobody says more."""
    line = _line
    if not line.writing or line.lost:
        return
    deadline = clock() + _LAST_MOMENT
    while line.queue and clock() < deadline:
        _sleep(_GATHER)
    if line.sending.acquire(True, _LAST_MOMENT / 1e9):
        line.sending.release()


def at_exit() -> None:
    """Send what is left; bounded, because the program is leaving."""
    line = _line
    if line.socket is None or line.lost or not line.sending.acquire(True, _PATIENCE):
        return
    line.sending.release()
    line.socket.settimeout(_PATIENCE)
    _flush(line)
