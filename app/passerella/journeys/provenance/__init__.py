"""Which bytes of a request gave which key of ``environ`` or ``scope``, and back.

The method is *derive and compare*: from the bytes is computed what the key would be, the way that server does it, and
an origin is claimed only if that is what the key is. A key that no bytes gave has a word instead.
"""

from passerella.journeys.provenance.claims import origins
from passerella.journeys.provenance.reverse import header_names, keys_at

__all__ = ["header_names", "keys_at", "origins"]
