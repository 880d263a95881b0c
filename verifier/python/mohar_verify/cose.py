"""COSE_Sign1 with Ed25519 in the one form the profile allows (credential.md §4)."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from . import cbor, ed25519
from .errors import Refused

__all__ = ["CERTIFICATE", "STATUS_LIST", "TRUST_LIST", "Context", "Message", "key_id", "parse"]


class Context(NamedTuple):
    """What a signature is for."""

    external_aad: bytes
    tag: bytes
    content_type: str


CERTIFICATE = Context(b"mohar/certificate/1", b"", "")
TRUST_LIST = Context(b"mohar/trust-list/1", b"", "")
STATUS_LIST = Context(b"", b"\xd2", "application/statuslist+cwt")


class Message(NamedTuple):
    """A message taken apart, whose signature nobody has checked yet."""

    kid: bytes
    payload: bytes
    signature: bytes
    to_be_signed: bytes

    def is_signed_by(self, public_key: bytes) -> bool:
        """Whether the key made the signature, judged strictly."""
        return ed25519.verify(public_key, self.to_be_signed, self.signature)


def key_id(public_key: bytes) -> bytes:
    """The first four bytes of the SHA-256 of the key: a hint that several keys may share."""
    return hashlib.sha256(public_key).digest()[:4]


def parse(context: Context, data: bytes) -> Message:
    """Takes a message apart; another form than the profile's is *damaged*."""
    if not data.startswith(context.tag):
        raise Refused("damaged")
    parts = cbor.decode(data[len(context.tag) :])
    if not isinstance(parts, list) or len(parts) != 4 or parts[1] != {}:
        raise Refused("damaged")
    protected, _, payload, signature = parts
    if not isinstance(protected, bytes) or not isinstance(payload, bytes):
        raise Refused("damaged")
    if not isinstance(signature, bytes) or len(signature) != 64:
        raise Refused("damaged")
    # The key id stands behind the head of the map, 1: -8, and 4: with the head of four bytes.
    kid = protected[5:9]
    if len(kid) != 4 or protected != _protected(context, kid):
        raise Refused("damaged")
    to_be_signed = (
        b"\x84"
        + cbor.text_of("Signature1")
        + cbor.bytes_of(protected)
        + cbor.bytes_of(context.external_aad)
        + cbor.bytes_of(payload)
    )
    return Message(kid, payload, signature, to_be_signed)


def _protected(context: Context, kid: bytes) -> bytes:
    head = b"\x01\x27\x04" + cbor.bytes_of(kid)
    if context.content_type:
        return b"\xa3" + head + b"\x10" + cbor.text_of(context.content_type)
    return b"\xa2" + head
