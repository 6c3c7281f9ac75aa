"""Numbers as they are read: decimal comma in Italian, the plural that the count asks for."""

from passerella.language import decimal_mark, plural

_THIN = "\u202f"


def decimal(value: float, digits: int) -> str:
    """``1,90``."""
    return f"{value:.{digits}f}".replace(".", decimal_mark())


def whole(value: int) -> str:
    """``65 536``, in groups of three from five digits on."""
    return f"{value:,}".replace(",", _THIN) if value >= 10_000 else str(value)


def milliseconds(nanoseconds: int) -> str:
    """The moment of a step, without its unit: ``0,31``."""
    return decimal(nanoseconds / 1e6, 2)


def duration(nanoseconds: int) -> str:
    """``1,9 ms``, ``12 ms``, ``1,2 s``."""
    if nanoseconds >= 1e9:
        return decimal(nanoseconds / 1e9, 1) + " s"
    if nanoseconds >= 99.5e6:
        return decimal(nanoseconds / 1e6, 0) + " ms"
    if nanoseconds >= 0.95e6:
        return decimal(nanoseconds / 1e6, 1) + " ms"
    return decimal(nanoseconds / 1e6, 2) + " ms"


def bytes_count(count: int) -> str:
    return plural("{n} byte", "{n} byte", count).format(n=whole(count))


def keys_count(count: int) -> str:
    return plural("{n} chiave", "{n} chiavi", count).format(n=whole(count))
