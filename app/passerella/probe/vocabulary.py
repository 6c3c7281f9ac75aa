"""The words that the probe and its reader share: places, directions, messages, limits."""

STATIONS = ("client", "proxy", "socket", "server", "gateway", "middleware", "framework", "view")
CLIENT, PROXY, SOCKET, SERVER, GATEWAY, MIDDLEWARE, FRAMEWORK, VIEW = STATIONS

DIRECTIONS = ("inbound", "outbound")
INBOUND, OUTBOUND = DIRECTIONS

# How a step can be held: the coroutine waits, the thread waits, or the whole loop would stop.
HOLDS = ("await", "thread", "loop")
AWAIT, THREAD, LOOP = HOLDS

# Levels of detail at which a step is first shown (level 1 is a grouping of level 2).
WALK = 2
DETAIL = 3

PROTOCOL = 1

# Where the viewer waits, told to the traced process: "unix:PATH|TOKEN" or "tcp:HOST:PORT|TOKEN".
ADDRESS_VARIABLE = "PASSERELLA_SONDA"
# PYTHONPATH as the student had it, to be put back ("" when there was none).
PATH_VARIABLE = "PASSERELLA_PYTHONPATH"
# Functions that the student asked to mark, "module:function" separated by commas.
MARKS_VARIABLE = "PASSERELLA_SEGNA"

# Bytes of a request or a response that are kept for each turn of a connection: head and 64 KiB of body.
BYTES_KEPT = 192 * 1024
BODY_KEPT = 64 * 1024
TEXT_KEPT = 64 * 1024
ITEMS_KEPT = 256
LINE_LIMIT = 8 * 1024 * 1024
QUEUE_LIMIT = 20_000
