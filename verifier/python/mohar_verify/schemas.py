"""The certificate types, tables and sentences that the package was built with.

``data.json`` is made from the project's ``schemas/``; a test holds it to them.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any, Dict, List, NamedTuple, Optional, Tuple

__all__ = ["CertificateType", "Field", "Message", "Row", "Words", "certificate_type", "foreign", "message", "table"]


class Words(NamedTuple):
    """The same in English and in Hindi."""

    en: str
    hi: str


class Row(NamedTuple):
    """A row of a table. Only offices have a department."""

    id: str
    name: Words
    department: Optional[str]


class Field(NamedTuple):
    """One field of a certificate type."""

    id: str
    kind: str
    table: Optional[str]
    optional: bool
    label: Words


class CertificateType(NamedTuple):
    """A published revision of a certificate type."""

    id: str
    code: int
    revision: int
    prefix: str
    title: Words
    fields: List[Field]


class Message(NamedTuple):
    """What a verdict says: the sentences have placeholders such as ``{as_of}``."""

    title: Words
    message: Words
    advice: Words
    tone: str
    exit: int


@lru_cache(maxsize=1)
def _data() -> Dict[str, Any]:
    path = Path(__file__).with_name("data.json")
    data: Dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return data


@lru_cache(maxsize=1)
def _types() -> Dict[Tuple[int, int], CertificateType]:
    types = {}
    for t in _data()["types"]:
        fields = [
            Field(f["id"], f["kind"], f.get("table"), f["optional"], Words(*f["label"])) for f in t["fields"]
        ]
        title = Words(*t["title"])
        types[t["code"], t["revision"]] = CertificateType(
            t["id"], t["code"], t["revision"], t["prefix"], title, fields
        )
    return types


@lru_cache(maxsize=1)
def _tables() -> Dict[str, List[Row]]:
    def row(id: str, en: str, hi: str, department: Optional[str] = None) -> Row:
        return Row(id, Words(en, hi), department)

    return {name: [row(*r) for r in rows] for name, rows in _data()["tables"].items()}


def certificate_type(code: int, revision: int) -> Optional[CertificateType]:
    """The revision a credential names, if this package knows it."""
    return _types().get((code, revision))


def table(name: str) -> List[Row]:
    """The rows of a table; the code of a row is its place, from 1."""
    return _tables()[name]


def message(code: str) -> Message:
    """The sentences of a verdict."""
    m = _data()["messages"][code]
    return Message(Words(*m["title"]), Words(*m["message"]), Words(*m["advice"]), m["tone"], m["exit"])


def foreign(kind: str) -> Words:
    """What a code that is not ours is called."""
    return Words(*_data()["foreign"][kind])
