"""What a certificate says: the payload that is signed, and its lines (credential.md §5)."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import List, NamedTuple, Optional

from . import cbor, scsu
from .errors import Refused
from .schemas import CertificateType, Field, Row, Words, certificate_type, table

__all__ = ["FIRST_DAY", "LAST_DAY", "Credential", "Line", "date_of", "decode"]

FIRST_DAY, LAST_DAY = -62_091, 2_932_896
"""Day numbers of 1800-01-01 and 9999-12-31."""

_PAYLOAD_MAX = 1_024
_DAYS_MAX = 40_000
_CODE_MAX = 65_535
_INDEX_MAX = 2**40 - 1
_AMOUNT_MAX = 10**12
_EPOCH = datetime.date(1970, 1, 1)


class Line(NamedTuple):
    """One line of the certificate."""

    id: str
    label: Words
    value: Words


@dataclass(frozen=True)
class Credential:
    """A payload that fits the profile."""

    type: CertificateType
    index: int
    office: Row
    issued: int
    valid_from: int
    valid_until: Optional[int]
    lines: List[Line]

    @property
    def number(self) -> str:
        """The number printed on the paper, such as ``SC-2026-0000042-7``."""
        year, place = date_of(self.issued).year, f"{self.index:07}"
        return f"{self.type.prefix}-{year}-{place}-{_check_digit(f'{self.type.code}{year}{place}')}"


def decode(payload: bytes) -> Credential:
    """Reads a payload: *newer-version* where it knows more than this package, else *damaged*."""
    if len(payload) > _PAYLOAD_MAX:
        raise Refused("damaged")
    items = cbor.decode(payload)
    if not isinstance(items, list) or not items or not isinstance(items[0], int):
        raise Refused("damaged")
    if items[0] != 1:
        raise Refused("newer-version")
    # A place that is not there is refused as one that holds nothing.
    head = items[:8] + [None] * (8 - len(items))
    kind = certificate_type(_whole(head[1], 0, _CODE_MAX), _whole(head[2], 0, _CODE_MAX))
    if kind is None:
        raise Refused("newer-version")
    index = _whole(head[3], 0, _INDEX_MAX)
    office_code = _whole(head[4], 0, _CODE_MAX)
    issued = _day(head[5])
    valid_from = _day(issued + _whole(head[6], 0, _DAYS_MAX))
    valid_until = None
    if len(items) < 8 or head[7] is not None:
        valid_until = _day(valid_from + _whole(head[7], 0, _DAYS_MAX))
    if len(items) != 8 + len(kind.fields):
        raise Refused("damaged")
    office = _row("offices", office_code)
    lines = [line for field, item in zip(kind.fields, items[8:]) for line in _line(field, item)]
    lines += _closing_lines(office, issued, valid_until)
    return Credential(kind, index, office, issued, valid_from, valid_until, lines)


def date_of(day: int) -> datetime.date:
    """The date of a day number."""
    return _EPOCH + datetime.timedelta(day)


def _whole(item: cbor.Item, low: int, high: int) -> int:
    if not isinstance(item, int) or not low <= item <= high:
        raise Refused("damaged")
    return item


def _day(item: cbor.Item) -> int:
    return _whole(item, FIRST_DAY, LAST_DAY)


def _row(name: str, code: int) -> Row:
    rows = table(name)
    if not 1 <= code <= len(rows):
        raise Refused("newer-version")
    return rows[code - 1]


def _line(field: Field, item: cbor.Item) -> List[Line]:
    """The line of a field; none where it was left out."""
    if item is None and field.optional:
        return []
    return [Line(field.id, field.label, _value(field, item))]


def _value(field: Field, item: cbor.Item) -> Words:
    if field.kind in ("name", "text"):
        if not isinstance(item, list):
            return _same(_text(item))
        if len(item) != 2:
            raise Refused("damaged")
        return Words(_text(item[0]), _text(item[1]))
    if field.kind == "day":
        return _same(_written(_day(item)))
    if field.kind == "year":
        year = _whole(item, 1900, 9999)
        return _same(f"{year}-{(year + 1) % 100:02}")
    if field.kind == "amount":
        return _same(_rupees(_whole(item, 0, _AMOUNT_MAX)))
    if not isinstance(item, int):
        raise Refused("damaged")
    return _row(field.table or "", item).name


def _text(item: cbor.Item) -> str:
    """UTF-8 unless SCSU is shorter; the longer spelling is refused."""
    if isinstance(item, str):
        if len(scsu.encode(item)) >= len(item.encode("utf-8")):
            return item
    elif isinstance(item, bytes):
        text = scsu.decode(item)
        if len(item) < len(text.encode("utf-8")):
            return text
    raise Refused("damaged")


def _closing_lines(office: Row, issued: int, valid_until: Optional[int]) -> List[Line]:
    until = Words("no end date", "कोई अंतिम तारीख नहीं")
    if valid_until is not None:
        until = _same(_written(valid_until))
    return [
        Line("office", Words("Issued by", "जारीकर्ता"), office.name),
        Line("issued", Words("Date of issue", "जारी करने की तारीख"), _same(_written(issued))),
        Line("valid_until", Words("Valid until", "मान्य अवधि"), until),
    ]


def _same(text: str) -> Words:
    return Words(text, text)


def _written(day: int) -> str:
    date = date_of(day)
    return f"{date.day:02}-{date.month:02}-{date.year}"


def _rupees(amount: int) -> str:
    """Indian grouping: three digits, then twos."""
    text = str(amount)
    head, tail = text[:-3], text[-3:]
    groups = [head[max(0, end - 2) : end] for end in range(len(head), 0, -2)]
    return "₹" + ",".join([*reversed(groups), tail])


def _check_digit(digits: str) -> int:
    """Verhoeff's: computed in the dihedral group of order ten."""
    turn = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)

    def multiply(a: int, b: int) -> int:
        if a < 5:
            return (a + b) % 5 if b < 5 else 5 + (a + b) % 5
        return 5 + (a - b) % 5 if b < 5 else (a - b) % 5

    state = 0
    for place, digit in enumerate(map(int, reversed(digits)), start=1):
        for _ in range(place % 8):
            digit = turn[digit]
        state = multiply(state, digit)
    return next(d for d in range(10) if multiply(state, d) == 0)
