"""From what a camera read or a person typed to the bytes of a message (credential.md §6)."""

from __future__ import annotations

from .errors import Refused

__all__ = ["bytes_of"]

_SIZES = {3: 1, 5: 2, 8: 3, 10: 4, 13: 5, 15: 6, 17: 7}
_DIGITS_MIN = 64
_DIGITS_MAX = 2_500

# The characters with Unicode's property White_Space. ``str.strip`` alone takes others, too.
_WHITE_SPACE = (
    "\t\n\x0b\x0c\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)

# How codes of other kinds begin; the second word is a row of messages/foreign-codes.toml.
_STARTS = (
    ("upi:", "upi"),
    ("begin:vcard", "contact"),
    ("mecard:", "contact"),
    ("wifi:", "wifi"),
    ("mailto:", "email"),
    ("tel:", "phone"),
    ("geo:", "location"),
    ("hc1:", "eu-health"),
    ("shc:/", "smart-health"),
    ("mdoc:", "driving-licence-mdoc"),
    ("<?xml", "aadhaar"),
    ("<printletterbarcodedata", "aadhaar"),
    ("https://", "web-link"),
    ("http://", "web-link"),
)


def bytes_of(text: str) -> bytes:
    """The bytes in the digits of a link, or in bare digits. The host says nothing."""
    text = text.strip(_WHITE_SPACE)
    link, sharp, fragment = text.partition("#")
    digits = fragment if sharp and _foreign(link) == "web-link" else text
    if len(digits) < _DIGITS_MIN or not (digits.isascii() and digits.isdigit()):
        raise Refused("not-a-certificate", _foreign(text))
    if len(digits) > _DIGITS_MAX:
        raise Refused("not-a-certificate", "aadhaar")
    return b"".join(_group(digits[at : at + 17]) for at in range(0, len(digits), 17))


def _group(digits: str) -> bytes:
    size, value = _SIZES.get(len(digits), 0), int(digits)
    if size == 0 or value >> (8 * size):
        raise Refused("damaged")
    return value.to_bytes(size, "little")


def _foreign(text: str) -> str:
    """What a text is that is not ours."""
    start = text[:40].lower()
    return next((kind for prefix, kind in _STARTS if start.startswith(prefix)), "text")
