"""The verdict: a function of (text, trust list, status lists, time). The order of the checks is
that of credential.md §11."""

from __future__ import annotations

from typing import NamedTuple, Optional, Sequence, Union

from . import cose, credential, scan
from .credential import Credential
from .errors import Refused
from .lists import COMPROMISED, Detail, StatusList, TrustedKey, TrustList

__all__ = ["Authentic", "Evidence", "Verdict", "authenticate", "judge", "verify"]

_INDIA_AHEAD_S = 19_800
_STATUS = {1: "revoked", 2: "suspended", 3: "superseded"}


class Evidence(NamedTuple):
    """What a verifier knows when it decides; ``now`` is seconds since 1970 UTC.

    Status lists that do not cover the certificate do no harm.
    """

    trust: TrustList
    status_lists: Sequence[StatusList]
    now: int


class Verdict(NamedTuple):
    """What it concludes. There is a credential only where the signature is right."""

    code: str
    credential: Optional[Credential] = None
    status_as_of: Optional[int] = None
    detail: Optional[Detail] = None
    foreign: Optional[str] = None


class Authentic(NamedTuple):
    """A credential whose signature is right, and the key that made it."""

    credential: Credential
    key: TrustedKey


def verify(text: str, evidence: Evidence) -> Verdict:
    """Judges the text of a QR code or bare digits."""
    found = authenticate(text, evidence.trust)
    return judge(found, evidence) if isinstance(found, Authentic) else found


def authenticate(text: str, trust: TrustList) -> Union[Authentic, Verdict]:
    """Who signed it; a verdict says why it is nobody we know."""
    try:
        message = cose.parse(cose.CERTIFICATE, scan.bytes_of(text))
        keys = trust.certificate_keys(message.kid)
        if not keys:
            return Verdict("unknown-issuer")
        key = next((k for k in keys if message.is_signed_by(k.public_key)), None)
        if key is None:
            return Verdict("altered")
        return Authentic(credential.decode(message.payload), key)
    except Refused as refused:
        return Verdict(refused.code, foreign=refused.foreign)


def judge(found: Authentic, evidence: Evidence) -> Verdict:
    """Everything after the signature: may this key sign this, is it withdrawn, is it current?"""
    c, newest = found.credential, None
    for candidate in evidence.status_lists:
        # Of two signed in the same second the one that came last counts.
        if candidate.status(c.index) is not None and (newest is None or candidate.issued_at >= newest.issued_at):
            newest = candidate
    code = _objection(c, found.key) or _standing(c, newest, evidence.now)
    if newest is None:
        return Verdict(code, c)
    return Verdict(code, c, newest.issued_at, newest.detail(c.index))


def _objection(c: Credential, key: TrustedKey) -> Optional[str]:
    """What speaks against the key."""
    ended = key.signs_until is not None and key.signs_until < c.issued
    if c.type.code not in key.types or c.office.department != key.department:
        return "key-not-allowed"
    if c.issued < key.signs_from or ended:
        return "key-not-allowed"
    if key.state == COMPROMISED and key.from_index is not None and c.index >= key.from_index:
        return "key-compromised"
    return None


def _standing(c: Credential, newest: Optional[StatusList], now: int) -> str:
    """Whether it is withdrawn, and whether it is current."""
    status = newest.status(c.index) if newest else None
    if status in _STATUS:
        return _STATUS[status]
    today = (now + _INDIA_AHEAD_S) // 86_400
    if today < c.valid_from:
        return "not-yet-valid"
    if c.valid_until is not None and c.valid_until < today:
        return "expired"
    if newest is None:
        return "status-unknown"
    return "status-stale" if newest.expires < now else "genuine"
