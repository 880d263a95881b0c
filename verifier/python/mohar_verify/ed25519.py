"""Ed25519 verification (RFC 8032 §5.1.7) in pure Python, strict as credential.md §4 asks.

Only verification: there is no secret here, so nothing needs to run in constant time.

A scalar is written in 64 signed digits to the base 16, and a table holds every multiple of a point
that a digit can stand for: a scalar multiplication is then 64 additions and no doubling. A table
takes a millisecond or two to make. That of the base point is made once, those of keys are kept, and
a trust list has few keys.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import List, Optional, Tuple

__all__ = ["verify"]

PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, PRIME) % PRIME
ROOT_OF_MINUS_ONE = pow(2, (PRIME - 1) // 4, PRIME)

Point = Tuple[int, int, int, int]
"""Extended coordinates X, Y, Z, T with x = X/Z, y = Y/Z, xy = T/Z."""

Ready = Tuple[int, int, int, int]
"""A point ready to be added: Y - X, Y + X, 2Z, 2dT."""

Table = List[List[Ready]]
"""Row i, column j: (j + 1) times 16 to the i times the point."""

NEUTRAL: Point = (0, 1, 1, 0)


def verify(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the signature is right, by the strict rules.

    False for a signature of another length than 64 bytes, an S that is not below the group order, an
    R or a key that is not the canonical encoding of a point, and an R or a key of order 1, 2, 4 or 8.
    The equation is [S]B = R + [k]A with k below the group order, without the cofactor.
    """
    if len(public_key) != 32 or len(signature) != 64:
        return False
    r, s = signature[:32], int.from_bytes(signature[32:], "little")
    table = _table_of_key(public_key)
    if s >= ORDER or table is None:
        return False
    k = int.from_bytes(hashlib.sha512(r + public_key + message).digest(), "little") % ORDER
    # [S]B + [k](-A) must be R. Its encoding is canonical, so an R that is not will never match.
    point = _multiply(_multiply(NEUTRAL, _base_table(), s), table, k)
    return _encode(point) == r and not _has_small_order(point)


def _add(p: Point, q: Ready) -> Point:
    x, y, z, t = p
    minus, plus, z2, t2d = q
    a, b, c, d = (y - x) * minus, (y + x) * plus, t * t2d, z * z2
    e, f, g, h = (b - a) % PRIME, (d - c) % PRIME, (d + c) % PRIME, (b + a) % PRIME
    return e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME


def _double(p: Point) -> Point:
    x, y, z, _ = p
    a, b = x * x, y * y
    h, g = a + b, a - b
    e, f = h - (x + y) ** 2, 2 * z * z + g
    return e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME


def _ready(p: Point) -> Ready:
    x, y, z, t = p
    return (y - x) % PRIME, (y + x) % PRIME, 2 * z % PRIME, 2 * D * t % PRIME


def _make_table(p: Point) -> Table:
    table = []
    for _ in range(64):
        first = _ready(p)
        row, multiple = [first], p
        for _ in range(7):
            multiple = _add(multiple, first)
            row.append(_ready(multiple))
        table.append(row)
        p = _double(multiple)
    return table


def _multiply(p: Point, table: Table, scalar: int) -> Point:
    """p plus the scalar, which is below the order, times the table's point."""
    carry = 0
    for row in table:
        digit = (scalar & 15) + carry
        scalar >>= 4
        # 9 to 16 stand for -7 to 0, and one more in the next place.
        carry = digit > 8
        if carry:
            digit -= 16
        if digit > 0:
            p = _add(p, row[digit - 1])
        elif digit < 0:
            minus, plus, z2, t2d = row[-digit - 1]
            p = _add(p, (plus, minus, z2, -t2d))
    return p


def _encode(p: Point) -> bytes:
    x, y, z, _ = p
    inverse = pow(z, -1, PRIME)
    x, y = x * inverse % PRIME, y * inverse % PRIME
    return (y | (x & 1) << 255).to_bytes(32, "little")


def _decode(data: bytes) -> Optional[Point]:
    """The point of a canonical encoding (RFC 8032 §5.1.3)."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if y >= PRIME:
        return None
    u, v = (y * y - 1) % PRIME, (D * y * y + 1) % PRIME
    x = u * pow(v, 3, PRIME) * pow(u * pow(v, 7, PRIME), (PRIME - 5) // 8, PRIME) % PRIME
    if (v * x * x - u) % PRIME:
        x = x * ROOT_OF_MINUS_ONE % PRIME
    if (v * x * x - u) % PRIME or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = PRIME - x
    return x, y, 1, x * y % PRIME


def _has_small_order(p: Point) -> bool:
    x, y, z, _ = _double(_double(_double(p)))
    return x == 0 and y == z


@lru_cache(maxsize=64)
def _table_of_key(public_key: bytes) -> Optional[Table]:
    """The table of -A; none if A is not a point that may be a key."""
    point = _decode(public_key)
    if point is None or _has_small_order(point):
        return None
    x, y, z, t = point
    return _make_table((-x, y, z, -t))


@lru_cache(maxsize=None)
def _base_table() -> Table:
    y = 4 * pow(5, -1, PRIME) % PRIME
    point = _decode(y.to_bytes(32, "little"))
    # The x of the base point is even, so its encoding is its y.
    assert point is not None
    return _make_table(point)
