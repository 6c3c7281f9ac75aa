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

_BATCH = 512
_PATIENCE = 2.0  # seconds that a message said outside the writer thread may take
_HIGH = 200  # the lowest number for our file descriptor
_ANSWER = 0.5  # seconds that the viewer has to say what is to be held
_GATHER = 0.002  # seconds that the writer lets a batch grow

# Kept from the start: gevent replaces these in their modules, and our threads must be real ones.
_allocate_lock, _start_new_thread = _thread.allocate_lock, _thread.start_new_thread
_get_ident, _get_native_id, _sleep = _thread.get_ident, _thread.get_native_id, time.sleep

sequence = count(1)
clock = time.monotonic_ns


class _Line:
    """State of this process's line to the viewer; begins anew in a forked child."""

    def __init__(self) -> None:
        self.queue: Any = deque()
        self.dropped = 0
        self.socket: Any = None
        self.heard = b""
        self.lost = False
        self.writing = False
        self.asleep = False
        self.wake = _allocate_lock()
        self.wake.acquire()
        self.sending = _allocate_lock()


_line = _Line()
_address: Any = None
_preamble: list[Any] = []  # what each new process must say again: libraries, sites
_threads: dict[int, Any] = {}
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
    _threads.clear()
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


def skip() -> None:
    """Count a moment that is not recorded."""
    _line.dropped += 1


def armed() -> bool:
    """False once the viewer is lost: from then on nothing is recorded."""
    return not _line.lost


def put(message: Any) -> None:
    """Record one moment. Called on the request's path."""
    line = _line
    if line.lost:
        return
    if len(line.queue) >= QUEUE_LIMIT:
        line.dropped += 1
        return
    line.queue.append(message)
    if not line.writing:
        _start_writer(line)
    elif line.asleep:
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
    """Name a site or the like, on the request's path, for this process and its children."""
    _preamble.append(message)
    if _line.socket is not None or _line.writing:
        put(message)


def place() -> tuple[int, str]:
    """``(tid, task)`` of whoever is running: the thread's native id and the asyncio task's name."""
    return _thread_id(), _task_name()


def _thread_id() -> int:
    ident = _get_ident()
    threading = sys.modules.get("threading")
    live = threading._active.get(ident) if threading is not None else None
    native = getattr(live, "_native_id", None)
    known = _threads.get(ident)
    if known is not None and known[0] == native:
        return int(known[1])
    tid: int = native or _get_native_id()
    name = live._name if live is not None else "MainThread" if tid == os.getpid() else "thread"
    _threads[ident] = (native, tid)
    put(("thread", tid, name if type(name) is str else ""))
    return tid


def _task_name() -> str:
    asyncio: Any = sys.modules.get("_asyncio")
    if asyncio is None:
        return ""
    loop = asyncio._get_running_loop()
    if loop is None:
        return ""
    try:
        # On 3.11 the function is Python, its table is not.
        task = asyncio.current_task(loop) if hasattr(asyncio, "current_task") else asyncio._current_tasks.get(loop)
    except (RuntimeError, AttributeError):
        return ""
    return str(task.get_name()) if type(task) is asyncio.Task else ""


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
    lines = []
    for message in messages:
        text = encode(message)
        if len(text) < LINE_LIMIT:
            lines.append(text)
    lines.append("")
    data = memoryview("\n".join(lines).encode("ascii"))
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
                if line.dropped:
                    batch.append(("dropped", line.dropped))
                    line.dropped = 0
                _write(line, batch)
        except Exception:
            _lose(line)


def _lose(line: _Line) -> None:
    line.lost = True
    line.queue.clear()
    for act in _on_loss:
        act()
    if line.socket is not None:
        line.socket.close()


def _start_writer(line: _Line) -> None:
    line.writing = True
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
    """Commands, one a line, until the viewer goes."""
    try:
        while not line.lost:
            data = line.socket.recv(65536)
            if not data:
                break
            lines = _lines(line, data)
            _obey_lines(lines)
    except OSError:
        pass
    if line is _line:
        _lose(line)


def _writer(line: _Line) -> None:
    while not line.lost:
        _sleep(_GATHER)
        _flush(line)
        line.asleep = True
        if line.queue:
            line.asleep = False
            continue
        line.wake.acquire()


def at_exit() -> None:
    """Send what is left; bounded, because the program is leaving."""
    line = _line
    if line.socket is None or line.lost or not line.sending.acquire(True, _PATIENCE):
        return
    line.sending.release()
    line.socket.settimeout(_PATIENCE)
    _flush(line)
