"""The way out of the traced process: an append on the hot path, encoding and writing elsewhere.

Nothing here may raise into the traced program, nor make it wait: a full queue drops and counts, a lost viewer ends
the tracing and changes nothing else. The writer thread starts with the first request, so that a parent which only
forks (Gunicorn's arbiter) stays single-threaded.
"""

import _socket
import _thread
import os
import sys
import time
from collections import deque
from itertools import count

from .vocabulary import LINE_LIMIT, PROTOCOL, QUEUE_LIMIT

_BATCH = 512
_PATIENCE = 2.0  # seconds that a message said outside the writer thread may take
_HIGH = 200  # the lowest number for our file descriptor
_GATHER = 0.002  # seconds that the writer lets a batch grow

sequence = count(1)
clock = time.monotonic_ns


class _Line:
    """State of this process's line to the viewer; begins anew in a forked child."""

    def __init__(self):
        self.queue = deque()
        self.dropped = 0
        self.socket = None
        self.lost = False
        self.writing = False
        self.asleep = False
        self.wake = _thread.allocate_lock()
        self.wake.acquire()
        self.sending = _thread.allocate_lock()


_line = _Line()
_address = None
_preamble = []  # what each new process must say again: libraries, sites
_threads = {}
_forgetters = []  # what other modules do in a forked child
_encode = None


def open_to(address):
    """Where the viewer is: ``("unix", path, token)`` or ``("tcp", (host, port), token)``."""
    global _address
    _address = address
    os.register_at_fork(after_in_child=_begin_anew)


def _begin_anew():
    global _line
    inherited = _line.socket
    _line = _Line()
    _threads.clear()
    if inherited is not None:
        inherited.close()  # only our copy: the parent's line stays up
    for forget in _forgetters:
        forget()


def in_child(forget):
    """Call ``forget`` in each forked child."""
    _forgetters.append(forget)


def pressed(part):
    """Whether more than 1/``part`` of the queue waits: the viewer does not keep up."""
    return len(_line.queue) > QUEUE_LIMIT // part


def skip():
    """Count a moment that is not recorded."""
    _line.dropped += 1


def armed():
    """False once the viewer is lost: from then on nothing is recorded."""
    return not _line.lost


def put(message):
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


def say(*message, again=False):
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


def announce(*message):
    """Name a site or the like, on the request's path, for this process and its children."""
    _preamble.append(message)
    if _line.socket is not None or _line.writing:
        put(message)


def place():
    """``(tid, task)`` of whoever is running: the thread's native id and the asyncio task's name."""
    return _thread_id(), _task_name()


def _thread_id():
    ident = _thread.get_ident()
    threading = sys.modules.get("threading")
    live = threading._active.get(ident) if threading is not None else None
    native = getattr(live, "_native_id", None)
    known = _threads.get(ident)
    if known is not None and known[0] == native:
        return known[1]
    tid = native or _thread.get_native_id()
    name = live._name if live is not None else "MainThread" if tid == os.getpid() else "thread"
    _threads[ident] = (native, tid)
    put(("thread", tid, name if type(name) is str else ""))
    return tid


def _task_name():
    asyncio = sys.modules.get("_asyncio")
    if asyncio is None or asyncio._get_running_loop() is None:
        return ""
    try:
        task = asyncio.current_task() if hasattr(asyncio, "current_task") else sys.modules["asyncio"].current_task()
    except (RuntimeError, KeyError):
        return ""
    return task.get_name() if type(task) is asyncio.Task else ""


def _connect(line):
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


def _out_of_the_way(line, family):
    """The same line under a high number: the program's own files keep the numbers that they would have had."""
    try:
        from fcntl import F_DUPFD_CLOEXEC, fcntl

        number = fcntl(line.fileno(), F_DUPFD_CLOEXEC, _HIGH)
    except (ImportError, OSError):
        return line
    line.close()
    return _socket.socket(family, _socket.SOCK_STREAM, 0, number)


def _write(line, messages):
    global _encode
    if _encode is None:
        from json import JSONEncoder

        _encode = JSONEncoder(separators=(",", ":"), check_circular=False, default=_plain).encode
    lines = []
    for message in messages:
        text = _encode(message)
        if len(text) < LINE_LIMIT:
            lines.append(text)
    lines.append("")
    data = memoryview("\n".join(lines).encode("ascii"))
    while data:
        data = data[line.socket.send(data) :]


def _plain(value):
    if isinstance(value, (bytes, bytearray)):
        return {"bytes": value.decode("latin-1")}
    return {"type": type(value).__name__, "id": id(value)}


def _flush(line):
    """Send everything that waits. Called by the writer, or at boot and at exit by whoever is there."""
    with line.sending:
        try:
            if line.socket is None:
                _connect(line)
            while line.queue:
                batch = []
                while line.queue and len(batch) < _BATCH:
                    batch.append(line.queue.popleft())
                if line.dropped:
                    batch.append(("dropped", line.dropped))
                    line.dropped = 0
                _write(line, batch)
        except Exception:
            _lose(line)


def _lose(line):
    line.lost = True
    line.queue.clear()
    if line.socket is not None:
        line.socket.close()


def _start_writer(line):
    line.writing = True
    try:
        _thread.start_new_thread(_writer, (line,))
    except RuntimeError:  # no thread can start (the interpreter is going away)
        _flush(line)


def _writer(line):
    while not line.lost:
        time.sleep(_GATHER)
        _flush(line)
        if line.socket is not None and not line.lost:
            line.socket.settimeout(None)
        line.asleep = True
        if line.queue:
            line.asleep = False
            continue
        line.wake.acquire()


def at_exit():
    """Send what is left; bounded, because the program is leaving."""
    line = _line
    if line.socket is None or line.lost or not line.sending.acquire(True, _PATIENCE):
        return
    line.sending.release()
    line.socket.settimeout(_PATIENCE)
    _flush(line)
