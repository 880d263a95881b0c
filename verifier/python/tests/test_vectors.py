"""Every published vector, with every line that is shown."""

from __future__ import annotations

import unittest
import zlib

from mohar_verify import Evidence, ListError, StatusList, cbor, check, open_status_list, open_trust_list
from mohar_verify.lists import LIST_SIZE

from .support import CASES, CHECKOUT, NOW, ROOT, STATUS_LISTS, TRUST_LIST, case


class Vectors(unittest.TestCase):
    def setUp(self) -> None:
        self.trust = open_trust_list(TRUST_LIST, ROOT)
        self.lists = [open_status_list(data, self.trust) for data in STATUS_LISTS]

    def test_every_verdict_and_every_line(self) -> None:
        self.assertGreater(len(CASES), 80)
        for c in CASES:
            with self.subTest(c["name"]):
                lists = self.lists if c["status_lists"] else []
                report = check(c["text"], Evidence(self.trust, lists, c["at_s"]))
                lines = [[line.id, line.value.en, line.value.hi] for line in report.fields]
                self.assertEqual((report.verdict, lines, report.number), (c["verdict"], c["lines"], c["number"]))

    def test_any_white_space_around_and_any_host(self) -> None:
        digits = case("caste-sc-bilingual")["digits"]
        evidence = Evidence(self.trust, self.lists, NOW)
        for text in (digits, f"\u3000{digits}\r\n", f"HTTPS://look-alike.example/?x#{digits}"):
            self.assertTrue(check(text, evidence).genuine)
        for text in (f"\ufeff{digits}", f"\x1c{digits}", f"\u200b{digits}", f"https:{digits}", "\ud800"):
            self.assertEqual(check(text, evidence).verdict, "not-a-certificate")

    def test_every_bit_of_a_certificate_matters(self) -> None:
        c = case("income-english-only")
        good = bytes.fromhex(c["cose"])
        evidence = Evidence(self.trust, self.lists, NOW)
        for bit in range(0, len(good) * 8, 7):
            bad = bytearray(good)
            bad[bit // 8] ^= 1 << bit % 8
            verdict = check(digits_of(bytes(bad)), evidence).verdict
            self.assertIn(verdict, ("altered", "damaged", "unknown-issuer"), bit)

    def test_sentences_say_what_is_known(self) -> None:
        evidence = Evidence(self.trust, self.lists, NOW)
        revoked = check(case("revoked")["text"], evidence)
        self.assertIn("20-11-2026", revoked.message.en)
        self.assertIn("20-11-2026", revoked.message.hi)
        self.assertEqual(revoked.to_dict()["status_as_of"], "2026-11-24T05:50:00Z")
        self.assertEqual(check(case("superseded")["text"], evidence).superseded_by_index, 104)
        upi = check("upi://pay?pa=someone@bank", evidence)
        self.assertIn("a UPI payment code", upi.message.en)
        self.assertEqual(upi.fields, [])

    def test_the_first_entry_stands_in_the_lowest_bits(self) -> None:
        path = CHECKOUT / "../shared/vectors/status-list/status_list_encoding2_cbor.md"
        if not path.exists():
            self.skipTest(f"{path} is absent")
        example = cbor.decode(bytes.fromhex(path.read_text().split()[-1]))
        assert isinstance(example, dict) and isinstance(example["lst"], bytes)
        entries = StatusList(1, 0, 0, 12, zlib.decompress(example["lst"]), {})
        statuses = [entries.status(LIST_SIZE + entry) for entry in range(13)]
        self.assertEqual(statuses, [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3, None])

    def test_lists_by_nobody_we_trust(self) -> None:
        with self.assertRaises(ListError) as caught:
            open_trust_list(TRUST_LIST, bytes(32))
        self.assertIn("root", caught.exception.en)
        self.assertIn("मूल कुंजी", caught.exception.hi)
        for data in (TRUST_LIST, STATUS_LISTS[0][1:], STATUS_LISTS[0] + b"\0", b"", bytes(5 << 20)):
            with self.assertRaises(ListError):
                open_status_list(data, self.trust)
        for bit in range(0, len(TRUST_LIST) * 8, 101):
            bad = bytearray(TRUST_LIST)
            bad[bit // 8] ^= 1 << bit % 8
            with self.assertRaises(ListError):
                open_trust_list(bytes(bad), ROOT)


def digits_of(data: bytes) -> str:
    widths = (0, 3, 5, 8, 10, 13, 15, 17)
    groups = [data[at : at + 7] for at in range(0, len(data), 7)]
    return "".join(f"{int.from_bytes(g, 'little'):0{widths[len(g)]}}" for g in groups)
