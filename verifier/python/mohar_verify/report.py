"""A verdict in words, in both languages: the shape of the answer of ``POST /v1/verify``."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any, Dict, List, Optional

from . import schemas
from .credential import Line, date_of
from .schemas import Words
from .verdict import Evidence, Verdict, verify

__all__ = ["Report", "check", "describe"]

_UNKNOWN = Words("unknown", "अज्ञात")
_INDIA = datetime.timezone(datetime.timedelta(hours=5, minutes=30))


@dataclass(frozen=True)
class Report:
    """What a reader is told."""

    verdict: str
    """The code, such as ``genuine`` or ``revoked``: see credential.md §11."""
    tone: str
    """``good``, ``warn`` or ``bad``."""
    exit: int
    """0 genuine, 1 not genuine or not in force, 2 cannot tell."""
    title: Words
    message: Words
    advice: Words
    fields: List[Line]
    """What the certificate says; empty unless the signature is right."""
    trust_list_is_old: bool
    """The trust list is past its time: worth a warning, never a refusal."""
    status_as_of: Optional[str] = None
    """When the status was signed (RFC 3339, UTC)."""
    number: Optional[str] = None
    superseded_by_index: Optional[int] = None
    type: Optional[str] = None
    certificate: Optional[Words] = None
    """The certificate's title."""

    @property
    def genuine(self) -> bool:
        """Signed by the department, in force, and not withdrawn as of ``status_as_of``."""
        return self.verdict == "genuine"

    def value(self, field: str) -> Optional[Words]:
        """What the certificate says in a field such as ``name``."""
        return next((line.value for line in self.fields if line.id == field), None)

    def to_dict(self) -> Dict[str, Any]:
        """For JSON: the names of the API; what is not known is left out."""
        known = {
            "verdict": self.verdict,
            "title": self.title._asdict(),
            "message": self.message._asdict(),
            "advice": self.advice._asdict(),
            "status_as_of": self.status_as_of,
            "number": self.number,
            "superseded_by_index": self.superseded_by_index,
            "type": self.type,
            "certificate": self.certificate._asdict() if self.certificate else None,
            "fields": [
                {"id": line.id, "label": line.label._asdict(), "value": line.value._asdict()}
                for line in self.fields
            ],
            "trust_list_is_old": self.trust_list_is_old,
        }
        return {name: value for name, value in known.items() if value is not None}


def check(text: str, evidence: Evidence) -> Report:
    """Judges the text of a QR code or bare digits, and says so in words."""
    return describe(verify(text, evidence), evidence.now > evidence.trust.due)


def describe(verdict: Verdict, trust_list_is_old: bool = False) -> Report:
    """Puts a verdict into words."""
    m = schemas.message(verdict.code)
    known = _known(verdict)
    c, detail = verdict.credential, verdict.detail
    return Report(
        verdict=verdict.code,
        tone=m.tone,
        exit=m.exit,
        title=_fill(m.title, known),
        message=_fill(m.message if detail else m.bare, known),
        advice=_fill(m.advice, known),
        fields=c.lines if c else [],
        trust_list_is_old=trust_list_is_old,
        status_as_of=_utc(verdict.status_as_of),
        number=c.number if c else None,
        superseded_by_index=detail.superseded_by if detail else None,
        type=c.type.id if c else None,
        certificate=c.type.title if c else None,
    )


def _known(verdict: Verdict) -> Dict[str, Words]:
    """What the sentences' placeholders stand for."""
    detail, by = verdict.detail, None
    known = dict.fromkeys(("as_of", "on", "from", "reason", "number", "what"), _UNKNOWN)
    if verdict.status_as_of is not None:
        moment = _moment(verdict.status_as_of, _INDIA)
        known["as_of"] = _same(moment.strftime("%d-%m-%Y %H:%M")) if moment else _UNKNOWN
    if verdict.credential is not None:
        day = date_of(verdict.credential.valid_from)
        known["from"] = _same(f"{day.day:02}-{day.month:02}-{day.year}")
    if detail is not None:
        day, by = date_of(detail.since), detail.superseded_by
        known["on"] = _same(f"{day.day:02}-{day.month:02}-{day.year}")
        reasons = schemas.table("status-reasons")
        if 1 <= detail.reason <= len(reasons):
            known["reason"] = reasons[detail.reason - 1].name
    if by is not None:
        known["number"] = _same(str(by))
    if verdict.foreign is not None:
        known["what"] = schemas.foreign(verdict.foreign)
    return known


def _fill(sentence: Words, known: Dict[str, Words]) -> Words:
    en, hi = sentence
    for name, words in known.items():
        en, hi = en.replace("{" + name + "}", words.en), hi.replace("{" + name + "}", words.hi)
    return Words(en, hi)


def _same(text: str) -> Words:
    return Words(text, text)


def _utc(seconds: Optional[int]) -> Optional[str]:
    moment = None if seconds is None else _moment(seconds, datetime.timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def _moment(seconds: int, zone: datetime.timezone) -> Optional[datetime.datetime]:
    try:
        return datetime.datetime.fromtimestamp(seconds, zone)
    except (OSError, OverflowError, ValueError):
        return None
