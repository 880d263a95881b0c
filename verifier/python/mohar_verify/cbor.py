"""Deterministic CBOR as the profile has it (credential.md §3): one encoding for each value."""

from __future__ import annotations

from typing import Dict, List, Tuple, Union

from .errors import Refused

__all__ = ["Item", "bytes_of", "decode", "text_of"]

Item = Union[int, bytes, str, None, List["Item"], Dict[Union[int, str], "Item"]]

_DEPTH_MAX = 6
_MAP_MAX = 64
_LEAST = {1: 24, 2: 1 << 8, 4: 1 << 16, 8: 1 << 32}


def decode(data: bytes) -> Item:
    """Reads exactly one item; anything that is not written as the profile says is *damaged*."""
    item, end = _read(data, 0, _DEPTH_MAX)
    if end != len(data):
        raise Refused("damaged")
    return item


def _read(data: bytes, at: int, depth: int) -> Tuple[Item, int]:
    if depth == 0 or at >= len(data):
        raise Refused("damaged")
    if data[at] == 0xF6:
        return None, at + 1
    major = data[at] >> 5
    if major > 5:
        raise Refused("damaged")
    value, at = _head(data, at)
    if major == 0:
        return value, at
    if major == 1:
        return -1 - value, at
    if major == 4:
        return _array(data, at, value, depth - 1)
    if major == 5:
        return _map(data, at, value, depth - 1)
    end = at + value
    if end > len(data):
        raise Refused("damaged")
    if major == 2:
        return data[at:end], end
    try:
        return data[at:end].decode("utf-8"), end
    except UnicodeDecodeError:
        raise Refused("damaged") from None


def _head(data: bytes, at: int) -> Tuple[int, int]:
    """The number behind a head, which must be as short as it can be and below 2 to the 63."""
    info = data[at] & 31
    at += 1
    if info < 24:
        return info, at
    if info > 27:
        raise Refused("damaged")
    size = 1 << (info - 24)
    value = int.from_bytes(data[at : at + size], "big")
    if at + size > len(data) or value < _LEAST[size] or value >> 63:
        raise Refused("damaged")
    return value, at + size


def _array(data: bytes, at: int, length: int, depth: int) -> Tuple[Item, int]:
    # The list grows with what is there, never with what a head claims.
    items: List[Item] = []
    for _ in range(length):
        item, at = _read(data, at, depth)
        items.append(item)
    return items, at


def _map(data: bytes, at: int, length: int, depth: int) -> Tuple[Item, int]:
    entries: Dict[Union[int, str], Item] = {}
    if length > _MAP_MAX:
        raise Refused("damaged")
    for _ in range(length):
        key, at = _read(data, at, depth)
        if not isinstance(key, (int, str)) or key in entries:
            raise Refused("damaged")
        entries[key], at = _read(data, at, depth)
    return entries, at


def bytes_of(data: bytes) -> bytes:
    """A byte string."""
    return _length(0x40, len(data)) + data


def text_of(text: str) -> bytes:
    """A text string."""
    data = text.encode("utf-8")
    return _length(0x60, len(data)) + data


def _length(major: int, length: int) -> bytes:
    if length < 24:
        return bytes((major | length,))
    for size, info in ((1, 24), (2, 25), (4, 26)):
        if length >> (8 * size) == 0:
            return bytes((major | info,)) + length.to_bytes(size, "big")
    return bytes((major | 27,)) + length.to_bytes(8, "big")
