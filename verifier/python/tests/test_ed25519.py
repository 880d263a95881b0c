"""Signatures: Wycheproof's, RFC 8032's, and those that only sloppy verifiers take."""

from __future__ import annotations

import hashlib
import json
import unittest

from mohar_verify import ed25519

from .support import CHECKOUT

WYCHEPROOF = CHECKOUT / "../shared/vectors/ed25519/wycheproof-ed25519.json"


class Ed25519(unittest.TestCase):
    def test_wycheproof(self) -> None:
        if not WYCHEPROOF.exists():
            self.skipTest(f"{WYCHEPROOF} is absent")
        tests = 0
        file = json.loads(WYCHEPROOF.read_text())
        for group in file["testGroups"]:
            key = bytes.fromhex(group["publicKey"]["pk"])
            for test in group["tests"]:
                right = ed25519.verify(key, bytes.fromhex(test["msg"]), bytes.fromhex(test["sig"]))
                self.assertEqual(right, test["result"] == "valid", (test["tcId"], test["comment"]))
                tests += 1
        self.assertEqual(tests, file["numberOfTests"])

    def test_the_first_of_rfc_8032(self) -> None:
        key = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
        signature = bytes.fromhex(
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
            "d25bf5f0595bbe24655141438e7a100b"
        )
        self.assertTrue(ed25519.verify(key, b"", signature))
        self.assertFalse(ed25519.verify(key, b"\0", signature))
        self.assertFalse(ed25519.verify(key, b"", signature[:-1]))
        self.assertFalse(ed25519.verify(key[:-1], b"", signature))
        second = (int.from_bytes(signature[32:], "little") + ed25519.ORDER).to_bytes(32, "little")
        self.assertFalse(ed25519.verify(key, b"", signature[:32] + second))

    def test_a_key_of_small_order_signs_nothing(self) -> None:
        for key in small_points():
            for s in range(8):
                # R = [s]B fits wherever [k]A vanishes: for one of eight messages and more.
                point = ed25519._encode(ed25519._multiply(ed25519.NEUTRAL, ed25519._base_table(), s + 1))
                signature = point + (s + 1).to_bytes(32, "little")
                self.assertFalse(ed25519.verify(key, b"%d" % s, signature))

    def test_an_r_of_small_order_signs_nothing(self) -> None:
        # The key is B itself: its secret is 1, so anybody can sign.
        key = ed25519._encode(ed25519._multiply(ed25519.NEUTRAL, ed25519._base_table(), 1))
        for r in small_points():
            k = int.from_bytes(hashlib.sha512(r + key).digest(), "little") % ed25519.ORDER
            self.assertFalse(ed25519.verify(key, b"", r + k.to_bytes(32, "little")))

    def test_a_key_has_one_encoding(self) -> None:
        second_forms = 0
        for y in range(19):
            self.assertIsNone(ed25519._decode((y + ed25519.PRIME).to_bytes(32, "little")))
            second_forms += ed25519._decode(y.to_bytes(32, "little")) is not None
        self.assertGreater(second_forms, 2)
        # x = 0 has no negative.
        self.assertIsNone(ed25519._decode((1 | 1 << 255).to_bytes(32, "little")))

    def test_a_signature_that_needs_the_cofactor_is_refused(self) -> None:
        # The key is B and its secret 1, as above. R is [r]B and a point of small order; S fits [r]B.
        base, r = ed25519._base_table(), 1234567
        key = ed25519._encode(ed25519._multiply(ed25519.NEUTRAL, base, 1))
        for small in filter(None, map(ed25519._decode, small_points())):
            point = ed25519._encode(ed25519._multiply(small, base, r))
            k = int.from_bytes(hashlib.sha512(point + key).digest(), "little")
            signature = point + ((r + k) % ed25519.ORDER).to_bytes(32, "little")
            self.assertEqual(ed25519.verify(key, b"", signature), small[:2] == (0, 1))


def small_points() -> list[bytes]:
    """The encodings of the points of order 1, 2, 4 and 8, canonical or not."""
    y8 = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD83D3D706A17C7
    ys = [1, 0, ed25519.PRIME - 1, y8, ed25519.PRIME - y8, ed25519.PRIME, ed25519.PRIME + 1]
    return [(y | sign << 255).to_bytes(32, "little") for y in ys for sign in (0, 1)]
