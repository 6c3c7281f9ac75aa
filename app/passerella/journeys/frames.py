"""Cuts the bytes that follow a 101 into WebSocket frames (RFC 6455 §5), read by read, and never raises."""

from typing import NamedTuple

from passerella.events import Value

_OPCODES = {0: "continuation", 1: "text", 2: "binary", 8: "close", 9: "ping", 10: "pong"}
_TEXT, _CLOSE = 1, 8
_SHOWN = 4096  # bytes of a frame's content that are told


class FrameCut(NamedTuple):
    """Bytes ``start`` to ``end`` of a read belong to one frame; ``told`` describes it where it ends, else is empty."""

    start: int
    end: int
    told: dict[str, Value]


class FrameCutter:
    """One direction of a WebSocket. What cannot be a frame any more (a part was not kept) is one piece without end."""

    def __init__(self) -> None:
        self._head = bytearray()
        self._content = bytearray()
        self._size = -1  # of the content; -1 while the head is not whole
        self._left = 0
        self._lost = False

    def feed(self, data: bytes, length: int) -> list[FrameCut]:
        """The pieces of ``length`` bytes, of which ``data`` was kept."""
        cuts: list[FrameCut] = []
        position = 0
        while position < length:
            start = position
            position = self._consume(data, length, position)
            cuts.append(FrameCut(start, position, {} if self._lost or not self._whole else self._finish()))
        return cuts

    @property
    def _whole(self) -> bool:
        return self._size >= 0 and not self._left

    def _consume(self, data: bytes, length: int, position: int) -> int:
        """Take what is of the frame under way; where to go on."""
        while self._size < 0 and position < length and not self._lost:
            if position >= len(data):
                self._lost = True
                break
            self._head.append(data[position])
            position += 1
            self._read_head()
        if self._lost or self._size < 0:
            return length
        step = min(self._left, length - position)
        self._content += data[position : position + min(step, _SHOWN - len(self._content))]
        self._left -= step
        return position + step

    def _read_head(self) -> None:
        head = self._head
        if len(head) < 2:
            return
        short = head[1] & 0x7F
        extended = {126: 2, 127: 8}.get(short, 0)
        masked = 4 if head[1] & 0x80 else 0
        if len(head) < 2 + extended + masked:
            return
        self._size = int.from_bytes(head[2 : 2 + extended], "big") if extended else short
        self._left = self._size

    def _finish(self) -> dict[str, Value]:
        """Describe the frame that is whole, and begin the next one."""
        opcode = self._head[0] & 0x0F
        mask = bytes(self._head[-4:]) if self._head[1] & 0x80 else b""
        content = bytes(self._content)
        if mask:
            content = bytes(byte ^ mask[index % 4] for index, byte in enumerate(content))
        told: dict[str, Value] = {
            "frame": _OPCODES.get(opcode, str(opcode)),
            "fin": bool(self._head[0] & 0x80),
            "length": self._size,
            "mask": mask.hex(" ") if mask else None,
        }
        if self._head[0] & 0x70:
            told["rsv"] = (self._head[0] & 0x70) >> 4  # an extension is at work: the content may be compressed
        elif opcode == _CLOSE:
            told |= {"code": int.from_bytes(content[:2], "big") if len(content) > 1 else None}
            told |= {"reason": content[2:].decode("utf-8", "replace")}
        elif opcode == _TEXT:
            told["text"] = content.decode("utf-8", "replace")
        self._head.clear()
        self._content.clear()
        self._size = -1
        return told
