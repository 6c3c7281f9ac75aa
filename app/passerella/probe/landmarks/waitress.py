"""Waitress: one thread reads and queues, a pool of threads answers."""

from ..landmark import BOTH, ENTRY, EXIT, IN, OUT, THROUGH, Landmark, Table
from ..vocabulary import LOOP

TABLE = Table(
    "waitress",
    "server",
    (
        Landmark("waitress.server:create_server", observes="application", product="wsgi"),
        Landmark("waitress.server:BaseWSGIServer.run", ready="waitress", hold=LOOP),
        Landmark("waitress.server:MultiSocketServer.run", ready="waitress", hold=LOOP),
        Landmark("waitress.channel:HTTPChannel.__init__", "server", "connection", IN, hold=LOOP, connection="sock"),
        Landmark(
            "waitress.channel:HTTPChannel.handle_read", "server", "server_step", IN, hold=LOOP, connection="self.socket"
        ),
        Landmark(
            "waitress.channel:HTTPChannel.received", "server", "data_received", IN, hold=LOOP, connection="self.socket"
        ),
        Landmark("waitress.parser:HTTPRequestParser.received", "server", "server_step", IN, hold=LOOP),
        Landmark(
            "waitress.parser:HTTPRequestParser.parse_header",
            "server",
            "request_line",
            IN,
            BOTH,
            LOOP,
            back="headers",
            begins="self",
            gives={"method": "self.command", "target": "self.path", "version": "self.version"},
        ),
        Landmark("waitress.server:BaseWSGIServer.add_task", "server", "queue", IN, ENTRY, LOOP),
        Landmark("waitress.task:ThreadedTaskDispatcher.add_task", "server", "queue", IN, hold=LOOP),
        Landmark("waitress.channel:HTTPChannel.service", "server", "service", THROUGH, ENTRY, of="self.requests[0]"),
        Landmark("waitress.task:Task.service", "server", "handle_request", THROUGH),
        Landmark("waitress.task:WSGITask.execute", "server", "handle_request", THROUGH),
        Landmark("waitress.task:WSGITask.get_environment", "gateway", "environ", IN, EXIT, mapping="ret"),
        Landmark("waitress.task:Task.write", "server", "write", OUT),
        Landmark(
            "waitress.task:Task.build_response_header",
            "server",
            "response_head",
            OUT,
            takes={"status": "self.status"},
        ),
        Landmark("waitress.channel:HTTPChannel.write_soon", "server", "write", OUT),
        Landmark("waitress.channel:HTTPChannel._flush_some", "server", "write", OUT),
        Landmark(
            "waitress.channel:HTTPChannel.handle_write",
            "server",
            "write",
            OUT,
            hold=LOOP,
            connection="self.socket",
            # While a task runs, and may hold the buffer's lock, the loop comes by again and again and may send nothing.
            when="self.total_outbufs_len and not self.requests",
        ),
        Landmark("waitress.task:Task.finish", "server", "finish", OUT),
        Landmark("waitress.task:ErrorTask.execute", "server", "error_response", OUT, ENTRY),
        Landmark("waitress.channel:HTTPChannel.handle_close", "server", "connection_closed", OUT, hold=LOOP),
    ),
)
