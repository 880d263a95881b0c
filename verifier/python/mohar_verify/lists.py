"""The trust list and the status lists: opening them (credential.md §9, §10)."""

from __future__ import annotations

import re
import zlib
from typing import Dict, List, NamedTuple, Optional, Tuple

from . import cbor, cose
from .credential import FIRST_DAY, LAST_DAY
from .errors import ListError, Refused

__all__ = [
    "LIST_SIZE",
    "STATUS_LIST_BYTES_MAX",
    "TRUST_LIST_BYTES_MAX",
    "Detail",
    "StatusList",
    "TrustList",
    "TrustedKey",
    "open_status_list",
    "open_trust_list",
]

LIST_SIZE = 1 << 17
"""Certificates a status list covers."""

TRUST_LIST_BYTES_MAX = 1 << 20
STATUS_LIST_BYTES_MAX = 4 << 20
_UNPACKED_MAX = 1 << 20
_NUMBER_MAX = 1 << 40
_CERTIFICATES, _STATUS_LISTS = 0, 1
COMPROMISED = 2


class TrustedKey(NamedTuple):
    """A key of the trust list; days are day numbers."""

    public_key: bytes
    kid: bytes
    role: int
    department: str
    types: List[int]
    signs_from: int
    signs_until: Optional[int]
    state: int
    from_index: Optional[int]


class TrustList(NamedTuple):
    """A trust list that the pinned root key signed; times are seconds since 1970 UTC."""

    version: int
    issued: int
    due: int
    keys: List[TrustedKey]

    def certificate_keys(self, kid: bytes) -> List[TrustedKey]:
        """The keys that sign certificates and share a key id."""
        return [k for k in self.keys if k.role == _CERTIFICATES and k.kid == kid]

    def status_keys(self, kid: bytes) -> List[TrustedKey]:
        """The keys that sign status lists, are not compromised, and share a key id."""
        return [k for k in self.keys if k.role == _STATUS_LISTS and k.state != COMPROMISED and k.kid == kid]


class Detail(NamedTuple):
    """Why a certificate is not valid: a day number, a code, and what replaces it."""

    since: int
    reason: int
    superseded_by: Optional[int]


class StatusList(NamedTuple):
    """A status list that a status key signed; times are seconds since 1970 UTC."""

    number: int
    issued_at: int
    expires: int
    issued: int
    bits: bytes
    details: Dict[int, Detail]

    def status(self, index: int) -> Optional[int]:
        """0 valid, 1 revoked, 2 suspended, 3 superseded; None where the list does not reach."""
        number, entry = divmod(index, LIST_SIZE)
        if number != self.number or entry >= self.issued or entry // 4 >= len(self.bits):
            return None
        return self.bits[entry // 4] >> (2 * (entry % 4)) & 3

    def detail(self, index: int) -> Optional[Detail]:
        """What is known of a certificate that is not valid."""
        return self.details.get(index % LIST_SIZE)


def open_trust_list(data: bytes, root: bytes) -> TrustList:
    """Opens a trust list; raises ``ListError`` unless the root key signed it.

    ``root`` is the 32-byte public key that you got from the department, not over the same network.
    """
    if len(data) > TRUST_LIST_BYTES_MAX:
        raise _refusal("trust list", "too long")
    try:
        message = cose.parse(cose.TRUST_LIST, data)
        if message.kid != cose.key_id(root) or not message.is_signed_by(root):
            raise _refusal("trust list", "not signed by the root key")
        return _trust_list(cbor.decode(message.payload))
    except Refused:
        raise _refusal("trust list", "malformed") from None


def open_status_list(data: bytes, trust: TrustList) -> StatusList:
    """Opens a status list; raises ``ListError`` unless a status key of the trust list signed it."""
    if len(data) > STATUS_LIST_BYTES_MAX:
        raise _refusal("status list", "too long")
    try:
        message = cose.parse(cose.STATUS_LIST, data)
        if not any(message.is_signed_by(k.public_key) for k in trust.status_keys(message.kid)):
            raise _refusal("status list", "not signed by a status key of the trust list")
        return _status_list(cbor.decode(message.payload))
    except (Refused, zlib.error):
        raise _refusal("status list", "malformed") from None


_WHY_HI = {
    "too long": "बहुत बड़ी है",
    "malformed": "सही रूप में नहीं है",
    "not signed by the root key": "पर मूल कुंजी के हस्ताक्षर नहीं हैं",
    "not signed by a status key of the trust list": "पर विश्वसनीय सूची की किसी स्थिति-कुंजी के हस्ताक्षर नहीं हैं",
}
_LIST_HI = {"trust list": "विश्वसनीय सूची", "status list": "स्थिति सूची"}


def _refusal(what: str, why: str) -> ListError:
    return ListError(f"the {what} is {why}", f"{_LIST_HI[what]} {_WHY_HI[why]}")


def _trust_list(item: cbor.Item) -> TrustList:
    head = _array(item, 6)
    if _int(head[0], 1, 1) != 1:
        raise Refused("damaged")
    for digest in _list(head[5]):
        name, value = _array(digest, 2)
        if not isinstance(name, str) or not isinstance(value, bytes) or len(value) != 32:
            raise Refused("damaged")
    keys = [_key(key) for key in _list(head[4])]
    return TrustList(_int(head[1]), _time(head[2]), _time(head[3]), keys)


def _key(item: cbor.Item) -> TrustedKey:
    public_key, role, department, types, start, end, state, from_index = _array(item, 8)
    if not isinstance(public_key, bytes) or len(public_key) != 32 or not isinstance(department, str):
        raise Refused("damaged")
    state = _int(state, 0, COMPROMISED)
    if (from_index is not None) != (state == COMPROMISED):
        raise Refused("damaged")
    return TrustedKey(
        public_key,
        cose.key_id(public_key),
        _int(role, _CERTIFICATES, _STATUS_LISTS),
        department,
        [_int(code, 0, 65_535) for code in _list(types)],
        _int(start, FIRST_DAY, LAST_DAY),
        None if end is None else _int(end, FIRST_DAY, LAST_DAY),
        state,
        None if from_index is None else _int(from_index),
    )


def _status_list(claims: cbor.Item) -> StatusList:
    if not isinstance(claims, dict):
        raise Refused("damaged")
    entries, sub = claims.get(65_533), claims.get(2)
    number = re.search(r"/([0-9]+)\Z", sub) if isinstance(sub, str) else None
    if not isinstance(entries, dict) or number is None or int(number.group(1)) > _NUMBER_MAX:
        raise Refused("damaged")
    packed = entries.get("lst")
    if entries.get("bits") != 2 or not isinstance(packed, bytes):
        raise Refused("damaged")
    issued, details = _array(claims.get(-65_537), 2)
    return StatusList(
        int(number.group(1)),
        _time(claims.get(6)),
        _time(claims.get(4)),
        _int(issued),
        _inflate(packed),
        dict(_detail(detail) for detail in reversed(_list(details))),
    )


def _detail(item: cbor.Item) -> Tuple[int, Detail]:
    entry, since, reason, by = _array(item, 4)
    by = None if by is None else _int(by)
    return _int(entry, 0, LIST_SIZE - 1), Detail(_int(since, FIRST_DAY, LAST_DAY), _int(reason, 0, 65_535), by)


def _inflate(data: bytes) -> bytes:
    inflater = zlib.decompressobj()
    out = inflater.decompress(data, _UNPACKED_MAX + 1)
    if len(out) > _UNPACKED_MAX or not inflater.eof:
        raise Refused("damaged")
    return out


def _list(item: cbor.Item) -> List[cbor.Item]:
    if not isinstance(item, list):
        raise Refused("damaged")
    return item


def _array(item: cbor.Item, length: int) -> List[cbor.Item]:
    items = _list(item)
    if len(items) != length:
        raise Refused("damaged")
    return items


def _int(item: cbor.Item, low: int = 0, high: int = 2**63 - 1) -> int:
    if not isinstance(item, int) or not low <= item <= high:
        raise Refused("damaged")
    return item


def _time(item: cbor.Item) -> int:
    return _int(item, -(2**63))
