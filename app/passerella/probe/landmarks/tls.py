"""What is not traced, and is said plainly: encrypted connections."""

from ..landmark import Landmark, Table

TABLE = Table(
    "ssl",
    "standard",
    (Landmark("ssl:SSLContext.wrap_socket", refuses="tls", when="server_side"),),
)
