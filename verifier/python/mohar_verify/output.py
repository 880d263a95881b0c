"""How the command line reports: text to read, CSV for spreadsheets, JSON for programs."""

from __future__ import annotations

import csv
import json
from collections import Counter
from typing import Callable, Dict, Iterable, List, NamedTuple, Optional, TextIO

from .report import Report
from .schemas import Words

__all__ = ["FORMATS", "Row", "write"]


class Row(NamedTuple):
    """A report, and where its code stands."""

    source: str
    line: Optional[int]
    report: Report


def write(format: str, language: str, rows: Iterable[Row], out: TextIO) -> int:
    """Writes a row as soon as it is judged; gives the exit code of all."""
    exits: Counter[int] = Counter()

    def counted() -> Iterable[Row]:
        for row in rows:
            exits[row.report.exit] += 1
            yield row

    _WRITERS[format](counted(), language, out)
    return next((code for code in (1, 2) if exits[code]), 0)


def _text(rows: Iterable[Row], language: str, out: TextIO) -> None:
    def say(words: Words) -> str:
        return {"en": words.en, "hi": words.hi}.get(language) or " · ".join(dict.fromkeys(words))

    for row in rows:
        report = row.report
        where = row.source if row.line is None else f"{row.source}:{row.line}"
        out.write(f"{where}: {report.verdict}: {say(report.title)}\n")
        for sentence in (report.message, report.advice):
            for text in (sentence.en,) * (language != "hi") + (sentence.hi,) * (language != "en"):
                out.write(f"  {text}\n")
        if report.number:
            out.write(f"  {say(report.certificate) if report.certificate else ''} {report.number}\n")
        for line in report.fields:
            out.write(f"    {say(line.label)}: {say(line.value)}\n")
        if report.trust_list_is_old:
            out.write(f"  {say(_OLD)}\n")
        out.write("\n")


_OLD = Words(
    "The trust list is past its time; connect to the internet once.",
    "विश्वसनीय सूची पुरानी हो चुकी है; एक बार इंटरनेट से जुड़ें।",
)


def _csv(rows: Iterable[Row], language: str, out: TextIO) -> None:
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    for row in rows:
        writer.writerow([_safe(cell(row) or "") for cell in _COLUMNS.values()])


_COLUMNS: Dict[str, Callable[[Row], Optional[str]]] = {
    "source": lambda row: row.source,
    "line": lambda row: None if row.line is None else str(row.line),
    "verdict": lambda row: row.report.verdict,
    "title_en": lambda row: row.report.title.en,
    "title_hi": lambda row: row.report.title.hi,
    "number": lambda row: row.report.number,
    "certificate_en": lambda row: row.report.certificate and row.report.certificate.en,
    "certificate_hi": lambda row: row.report.certificate and row.report.certificate.hi,
    "status_as_of": lambda row: row.report.status_as_of,
    "trust_list_is_old": lambda row: "yes" if row.report.trust_list_is_old else "no",
    "message_en": lambda row: row.report.message.en,
    "message_hi": lambda row: row.report.message.hi,
    "advice_en": lambda row: row.report.advice.en,
    "advice_hi": lambda row: row.report.advice.hi,
    # What the certificate says, in one cell: other types have other fields.
    "fields_en": lambda row: "; ".join(f"{line.label.en}: {line.value.en}" for line in row.report.fields),
    "fields_hi": lambda row: "; ".join(f"{line.label.hi}: {line.value.hi}" for line in row.report.fields),
}


def _safe(cell: str) -> str:
    """A spreadsheet must not take a cell for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def _json(rows: Iterable[Row], language: str, out: TextIO) -> None:
    between = "[\n"
    for row in rows:
        entry = {"source": row.source, "line": row.line, **row.report.to_dict()}
        out.write(between + json.dumps(entry, ensure_ascii=False))
        between = ",\n"
    out.write("[]\n" if between == "[\n" else "\n]\n")


_WRITERS: Dict[str, Callable[[Iterable[Row], str, TextIO], None]] = {"text": _text, "csv": _csv, "json": _json}
FORMATS: List[str] = list(_WRITERS)
