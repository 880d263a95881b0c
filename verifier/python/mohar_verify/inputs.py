"""Where the command line finds codes: arguments, files with one a line, columns of tables."""

from __future__ import annotations

import csv
import io
import os
import sys
from typing import Iterator, List, NamedTuple, Optional

__all__ = ["Code", "InputError", "codes"]

_LINE_MAX = 20_000
"""Characters of a line that are looked at. No code is as long as that."""

_BINARY = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"PK\x03\x04", b"GIF8", b"RIFF")


class InputError(ValueError):
    """An input that cannot be read; ``en`` and ``hi`` say why."""

    def __init__(self, en: str, hi: str) -> None:
        super().__init__(en)
        self.en = en
        self.hi = hi


class Code(NamedTuple):
    """A text to judge, and where it stands."""

    source: str
    line: Optional[int]
    text: str


def codes(given: List[str], column: Optional[str]) -> Iterator[Code]:
    """The codes of all arguments, one after another; empty lines are left out."""
    for argument in given:
        if argument == "-":
            with open(sys.stdin.fileno(), "rb", closefd=False) as stdin:
                yield from _of_file("-", stdin, column)
        elif _is_file(argument):
            with open(argument, "rb") as file:
                yield from _of_file(argument, file, column)
        elif column is not None:
            raise InputError(f"{argument[:80]}: no such file", f"{argument[:80]}: ऐसी कोई फ़ाइल नहीं है")
        else:
            yield Code("argument", None, argument)


def _is_file(argument: str) -> bool:
    try:
        return os.path.isfile(argument)
    except ValueError:
        # A text that no file can be called.
        return False


def _of_file(source: str, file: io.BufferedReader, column: Optional[str]) -> Iterator[Code]:
    if file.peek(8).startswith(_BINARY):
        raise InputError(
            f"{source}: not a text. Scan the code first, or send the picture or PDF to the service",
            f"{source}: यह पाठ नहीं है। पहले कोड स्कैन करें, या चित्र अथवा पीडीएफ़ सेवा को भेजें",
        )
    lines = io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline="" if column else None)
    try:
        yield from _column(source, lines, column) if column else _lines(source, lines)
    finally:
        # The file belongs to the caller.
        lines.detach()


def _lines(source: str, lines: io.TextIOWrapper) -> Iterator[Code]:
    number, more = 0, False
    while True:
        line = lines.readline(_LINE_MAX)
        if not line:
            return
        # What is left of a line that is too long is not another line.
        number, skip, more = number + (not more), more, not line.endswith("\n")
        if line.strip() and not skip:
            yield Code(source, number, line)


def _column(source: str, lines: io.TextIOWrapper, column: str) -> Iterator[Code]:
    rows = csv.reader(lines)
    try:
        names = [name.strip() for name in next(rows, [])]
        if column not in names:
            raise InputError(
                f"{source}: no column {column!r}; there are: {', '.join(names)[:200]}",
                f"{source}: {column!r} नाम का स्तंभ नहीं है; ये हैं: {', '.join(names)[:200]}",
            )
        place = names.index(column)
        for row in rows:
            if len(row) > place and row[place].strip():
                yield Code(source, rows.line_num, row[place])
    except csv.Error as error:
        raise InputError(
            f"{source}, line {rows.line_num}: not CSV ({error})",
            f"{source}, पंक्ति {rows.line_num}: सीएसवी नहीं है ({error})",
        ) from None
