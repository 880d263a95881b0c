"""Lists over the network: what is asked for, what is refused, and what is said without a network."""

from __future__ import annotations

import tempfile
import unittest
from pathlib import Path

from mohar_verify import NoListError
from mohar_verify.fetch import Service

from .signing import later_status_list, later_trust_list
from .support import NOW, ROOT, STATUS_LISTS, TRUST_LIST, Lists, case

GENUINE = case("caste-sc-bilingual")["text"]
REVOKED = case("revoked")["text"]
SECOND_LIST = case("income-second-status-list")["text"]


class Fetch(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name) / "lists"
        self.time = float(NOW)

    def service(self, lists: Lists, **more: bool) -> Service:
        return Service(lists.url, ROOT, self.folder, clock=lambda: self.time, timeout=5, **more)

    def test_lists_are_asked_for_once_and_nothing_else_is(self) -> None:
        with Lists() as lists:
            service = self.service(lists)
            for text, verdict in ((GENUINE, "genuine"), (REVOKED, "revoked"), (SECOND_LIST, "genuine")) * 2:
                self.assertEqual(service.check(text).verdict, verdict)
            self.assertEqual(service.check("upi://pay?pa=x@y").verdict, "not-a-certificate")
            paths = [path for path, _, _ in lists.asked]
            self.assertEqual(paths, ["/v1/trust-list", "/v1/status-lists/0", "/v1/status-lists/1"])
            for path, body, headers in lists.asked:
                self.assertEqual(body, b"")
                for text in (GENUINE, REVOKED, SECOND_LIST):
                    digits = text.partition("#")[2]
                    self.assertNotIn(digits[20:60], path + str(headers))
            self.assertEqual(service.problems, [])
            self.time += 301
            service.check(GENUINE)
            self.assertEqual([path for path, _, _ in lists.asked][3:], ["/v1/trust-list", "/v1/status-lists/0"])

    def test_without_a_network_the_folder_serves_and_says_as_of_when(self) -> None:
        with Lists() as lists:
            self.assertTrue(self.service(lists).check(GENUINE).genuine)
        self.time += 3_600
        later = self.service(lists)
        report = later.check(GENUINE)
        self.assertTrue(report.genuine)
        self.assertEqual(report.status_as_of, "2026-11-24T05:50:00Z")
        self.assertIn("24-11-2026 11:20", report.message.hi)
        self.assertIn("could not be fetched", later.problems[0].en)
        self.assertEqual(later.check(REVOKED).verdict, "revoked")
        # A list nobody has fetched: genuine, and no more than that.
        self.assertEqual(later.check(SECOND_LIST).verdict, "status-unknown")
        self.time += 2 * 86_400
        self.assertEqual(self.service(lists).check(GENUINE).verdict, "status-stale")

    def test_offline_asks_nobody(self) -> None:
        with Lists() as lists:
            self.service(lists).check(GENUINE)
            asked = len(lists.asked)
            self.assertTrue(self.service(lists, offline=True).check(GENUINE).genuine)
            self.assertEqual(len(lists.asked), asked)

    def test_an_older_list_is_refused_though_it_is_signed(self) -> None:
        with Lists() as lists:
            lists.answers["/v1/status-lists/0"] = later_status_list(300)
            service = self.service(lists)
            first = service.check(GENUINE)
            self.assertEqual(first.status_as_of, "2026-11-24T05:55:00Z")
            lists.answers["/v1/status-lists/0"] = STATUS_LISTS[0]
            for again in (service, self.service(lists)):
                self.time += 301
                self.assertEqual(again.check(GENUINE).status_as_of, first.status_as_of)
                self.assertIn("older", again.problems[0].en)
                self.assertIn("पुरानी", again.problems[0].hi)

    def test_an_older_trust_list_is_refused_though_it_is_signed(self) -> None:
        with Lists() as lists:
            lists.answers["/v1/trust-list"] = later_trust_list()
            self.assertEqual(self.service(lists).trust_list().version, 8)
            lists.answers["/v1/trust-list"] = TRUST_LIST
            service = self.service(lists)
            self.assertEqual(service.trust_list().version, 8)
            self.assertEqual(len(service.problems), 1)

    def test_a_status_key_that_leaked_signs_no_more(self) -> None:
        with Lists() as lists:
            service = self.service(lists)
            self.assertEqual(service.check(REVOKED).verdict, "revoked")
            lists.answers["/v1/trust-list"] = later_trust_list()
            self.time += 301
            self.assertEqual(service.check(REVOKED).verdict, "status-unknown")
            self.assertEqual(self.service(lists).check(REVOKED).verdict, "status-unknown")

    def test_what_is_no_list_changes_nothing(self) -> None:
        with Lists() as lists:
            service = self.service(lists)
            service.check(GENUINE)
            for bad in (b"", b"<html>sign in to the Wi-Fi</html>", STATUS_LISTS[1], TRUST_LIST, bytes(5 << 20)):
                lists.answers["/v1/status-lists/0"] = bad
                self.time += 301
                self.assertTrue(service.check(GENUINE).genuine)
                self.assertEqual(len(service.problems), 1)
            lists.answers["/v1/status-lists/0"] = STATUS_LISTS[0]
            self.time += 301
            self.assertTrue(service.check(GENUINE).genuine)
            self.assertEqual(service.problems, [])

    def test_a_folder_that_was_tampered_with_is_not_believed(self) -> None:
        with Lists() as lists:
            self.service(lists).check(GENUINE)
        path = self.folder / "status-lists-0"
        path.write_bytes(path.read_bytes()[:-1] + b"\0")
        self.assertEqual(self.service(lists).check(GENUINE).verdict, "status-unknown")
        (self.folder / "trust-list").write_bytes(b"")
        with self.assertRaises(NoListError) as caught:
            self.service(lists).check(GENUINE)
        self.assertIn("विश्वसनीय सूची नहीं मिली", caught.exception.hi)

    def test_a_clock_that_is_behind_is_not_believed(self) -> None:
        with Lists() as lists:
            self.time = 1_000_000_000
            service = self.service(lists)
            # In 2001 this would not be valid yet.
            self.assertTrue(service.check(GENUINE).genuine)
            self.assertIn("clock", service.problems[0].en)

    def test_only_addresses_that_are_safe(self) -> None:
        for url in ("http://verify.example.gov.in", "file:///etc/passwd", "verify.example.gov.in", ""):
            with self.assertRaises(ValueError):
                Service(url, ROOT)
        with self.assertRaises(ValueError):
            Service("https://verify.example.gov.in", "00")
