"""Signs lists with the keys of the vectors, whose secrets are published."""

from __future__ import annotations

import hashlib

from mohar_verify import cbor, cose, ed25519

from .support import STATUS_LISTS, TRUST_LIST


def later_status_list(seconds: int) -> bytes:
    """The first status list, signed that much later."""
    claims = cbor.decode(cose.parse(cose.STATUS_LIST, STATUS_LISTS[0]).payload)
    assert isinstance(claims, dict) and isinstance(claims[6], int)
    claims[6] += seconds
    return sign("status", cose.STATUS_LIST, encode(claims))


def later_trust_list() -> bytes:
    """The trust list of the next version, in which the status key has leaked."""
    payload = cbor.decode(cose.parse(cose.TRUST_LIST, TRUST_LIST).payload)
    assert isinstance(payload, list) and isinstance(payload[1], int) and isinstance(payload[4], list)
    payload[1] += 1
    for key in payload[4]:
        assert isinstance(key, list)
        if key[1] == 1:
            key[6:8] = [2, 0]
    return sign("root", cose.TRUST_LIST, encode(payload))


def encode(item: cbor.Item) -> bytes:
    """Deterministic CBOR."""
    if item is None:
        return b"\xf6"
    if isinstance(item, int):
        return head(0, item) if item >= 0 else head(1, -1 - item)
    if isinstance(item, bytes):
        return cbor.bytes_of(item)
    if isinstance(item, str):
        return cbor.text_of(item)
    if isinstance(item, list):
        return head(4, len(item)) + b"".join(map(encode, item))
    return head(5, len(item)) + b"".join(encode(k) + encode(v) for k, v in item.items())


def head(major: int, value: int) -> bytes:
    if value < 24:
        return bytes((major << 5 | value,))
    size = next(n for n in (1, 2, 4, 8) if value >> (8 * n) == 0)
    return bytes((major << 5 | 23 + size.bit_length(),)) + value.to_bytes(size, "big")


def sign(name: str, context: cose.Context, payload: bytes) -> bytes:
    """A message in the profile's form, signed as RFC 8032 §5.1.6 says."""
    secret = hashlib.sha512(hashlib.sha256(f"mohar test key {name}".encode()).digest()).digest()
    scalar = int.from_bytes(secret[:32], "little") & ((1 << 254) - 8) | 1 << 254
    key = times_base(scalar)
    protected = cose._protected(context, cose.key_id(key))
    message = b"\x84" + b"".join(
        (cbor.text_of("Signature1"), cbor.bytes_of(protected), cbor.bytes_of(context.external_aad), cbor.bytes_of(payload))
    )
    r = int.from_bytes(hashlib.sha512(secret[32:] + message).digest(), "little")
    point = times_base(r)
    k = int.from_bytes(hashlib.sha512(point + key + message).digest(), "little")
    signature = point + ((r + k * scalar) % ed25519.ORDER).to_bytes(32, "little")
    parts = (cbor.bytes_of(protected), b"\xa0", cbor.bytes_of(payload), cbor.bytes_of(signature))
    return context.tag + b"\x84" + b"".join(parts)


def times_base(scalar: int) -> bytes:
    point = ed25519._multiply(ed25519.NEUTRAL, ed25519._base_table(), scalar % ed25519.ORDER)
    return ed25519._encode(point)
