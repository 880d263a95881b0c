"""The profile's subset of SCSU (credential.md §5.2), in which each text has one spelling."""

from __future__ import annotations

from .errors import Refused

__all__ = ["decode", "encode"]

_SC4, _SQ4, _SQ5, _SQU = 0x14, 0x05, 0x06, 0x0E


def encode(text: str) -> bytes:
    """Compresses a text."""
    out, devanagari = bytearray(), False
    data = text.encode("utf-16-be")
    for high, low in zip(data[::2], data[1::2]):
        unit = high << 8 | low
        if 0x20 <= unit <= 0x7F:
            out.append(low)
        elif 0x0900 <= unit <= 0x097F:
            if not devanagari:
                out.append(_SC4)
                devanagari = True
            out.append(0x80 | low)
        elif 0x2000 <= unit <= 0x207F:
            out += bytes((_SQ4, low))
        elif 0x2080 <= unit <= 0x20FF:
            out += bytes((_SQ5, low & 0x7F))
        else:
            out += bytes((_SQU, high, low))
    return bytes(out)


def decode(data: bytes) -> str:
    """Restores a text; what ``encode`` would not have written is *damaged*."""
    units, at, devanagari = bytearray(), 0, False
    while at < len(data):
        byte, rest = data[at], len(data) - at - 1
        if 0x20 <= byte <= 0x7F:
            unit, used = byte, 1
        elif byte >= 0x80 and devanagari:
            unit, used = 0x0900 + (byte & 0x7F), 1
        elif byte == _SC4:
            devanagari, at = True, at + 1
            continue
        elif byte in (_SQ4, _SQ5) and rest >= 1:
            unit, used = (0x2000 if byte == _SQ4 else 0x2080) + (data[at + 1] & 0x7F), 2
        elif byte == _SQU and rest >= 2:
            unit, used = data[at + 1] << 8 | data[at + 2], 3
        else:
            raise Refused("damaged")
        units += unit.to_bytes(2, "big")
        at += used
    try:
        text = units.decode("utf-16-be")
    except UnicodeDecodeError:
        raise Refused("damaged") from None
    if encode(text) != data:
        raise Refused("damaged")
    return text
