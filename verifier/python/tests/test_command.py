"""The command line as people call it."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Tuple

from .support import CHECKOUT, NOW, ROOT, STATUS_LISTS, TRUST_LIST, Lists, case

GENUINE = case("caste-sc-bilingual")["text"]
REVOKED = case("revoked")["text"]
UNKNOWN = case("list-not-at-hand")["text"]


class Command(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.write("root.pub", ROOT.hex().encode() + b"\n")
        self.write("trust", TRUST_LIST)
        lists = [self.write(f"status-{n}", data) for n, data in enumerate(STATUS_LISTS)]
        self.evidence = ["--root", "root.pub", "--trust-list", "trust", "--at", str(NOW)]
        self.evidence += [word for path in lists for word in ("--status-list", path)]

    def write(self, name: str, data: bytes) -> str:
        (self.folder / name).write_bytes(data)
        return name

    def run_it(self, *arguments: str, stdin: str = "") -> Tuple[int, str, str]:
        package = str(CHECKOUT / "verifier/python")
        environment = {**os.environ, "PYTHONPATH": package, "PYTHONIOENCODING": "ascii", "MOHAR_ROOT": ""}
        done = subprocess.run(
            [sys.executable, "-W", "error", "-m", "mohar_verify", *arguments],
            cwd=self.folder,
            env=environment,
            input=stdin.encode(),
            capture_output=True,
            check=False,
        )
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def test_one_code_in_words(self) -> None:
        code, out, errors = self.run_it(*self.evidence, GENUINE)
        self.assertEqual((code, errors), (0, ""))
        for words in ("genuine: Genuine · असली", "रद्द", "2026-0000042", "धारक का नाम"):
            self.assertEqual(words in out, words != "रद्द", words)
        _, hindi, _ = self.run_it(*self.evidence, "--lang", "hi", REVOKED)
        self.assertIn("विभाग ने यह प्रमाण पत्र 20-11-2026 को रद्द कर दिया", hindi)
        self.assertNotIn("Revoked", hindi)

    def test_exit_codes(self) -> None:
        for texts, code in (([GENUINE], 0), ([GENUINE, UNKNOWN], 2), ([UNKNOWN, REVOKED, GENUINE], 1), ([], 0)):
            for form in ("text", "csv", "json"):
                got = self.run_it(*self.evidence, "--format", form, stdin="\n\n".join(texts))
                self.assertEqual(got[0], code, got)
                self.assertEqual(got[2], "")

    def test_a_file_becomes_a_table_that_spreadsheets_read(self) -> None:
        self.write("codes.txt", f"\ufeff{GENUINE}\r\n\r\n{REVOKED}\r\n{'9' * 50_000}\nupi:x\n".encode())
        code, out, errors = self.run_it(*self.evidence, "--format", "csv", "--output", "out.csv", "codes.txt")
        self.assertEqual((code, out, errors), (1, "", ""))
        data = (self.folder / "out.csv").read_bytes()
        self.assertTrue(data.startswith(b"\xef\xbb\xbf"))
        rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
        self.assertEqual([row["line"] for row in rows], ["1", "3", "4", "5"])
        verdicts = ["genuine", "revoked", "not-a-certificate", "not-a-certificate"]
        self.assertEqual([row["verdict"] for row in rows], verdicts)
        self.assertIn("Name of the holder: ", rows[0]["fields_en"])
        self.assertEqual(rows[1]["title_hi"], "रद्द")
        self.assertEqual(rows[2]["fields_en"], "")

    def test_json_has_the_names_of_the_api(self) -> None:
        _, out, _ = self.run_it(*self.evidence, "--format", "json", "-", stdin=f"{GENUINE}\n{REVOKED}")
        rows = json.loads(out)
        self.assertEqual([(row["source"], row["line"], row["verdict"]) for row in rows],
                         [("-", 1, "genuine"), ("-", 2, "revoked")])
        self.assertEqual(rows[0]["fields"][0]["label"]["hi"], "धारक का नाम")
        self.assertEqual(json.loads(self.run_it(*self.evidence, "--format", "json")[1]), [])

    def test_a_column_of_a_table(self) -> None:
        table = f'id,"the code"\r\n1,{GENUINE}\r\n2,\r\n3,"{REVOKED}"\r\n'
        self.write("applicants.csv", table.encode())
        _, out, _ = self.run_it(*self.evidence, "--format", "json", "--column", "the code", "applicants.csv")
        self.assertEqual([(row["line"], row["verdict"]) for row in json.loads(out)], [(2, "genuine"), (4, "revoked")])
        code, _, errors = self.run_it(*self.evidence, "--column", "qr", "applicants.csv")
        self.assertEqual(code, 3)
        self.assertIn("no column 'qr'; there are: id, the code", errors)

    def test_a_service_and_then_no_network(self) -> None:
        with Lists() as lists:
            arguments = ("--root", ROOT.hex(), "--service", lists.url, "--cache", "kept", "--format", "json")
            first = json.loads(self.run_it(*arguments, GENUINE)[1])[0]
            self.assertEqual(first["status_as_of"], "2026-11-24T05:50:00Z")
        code, out, errors = self.run_it(*arguments, REVOKED)
        self.assertEqual((code, json.loads(out)[0]["verdict"]), (1, "revoked"))
        self.assertIn("नहीं मिल सका", errors)
        code, out, errors = self.run_it(*arguments, "--offline", REVOKED)
        self.assertEqual((code, json.loads(out)[0]["verdict"], errors), (1, "revoked", ""))

    def test_what_cannot_be_judged_says_why(self) -> None:
        self.write("paper.pdf", b"%PDF-1.7\n")
        self.write("bad.pub", b"zz")
        for arguments, why in (
            ([GENUINE], "no root key"),
            (["--root", "00", GENUINE], "64 hex digits"),
            (["--root", "bad.pub", GENUINE], "64 hex digits"),
            (["--root", "root.pub", GENUINE], "no lists"),
            (["--root", "root.pub", "--service", "http://example.org", GENUINE], "https://"),
            (["--root", "00" * 32, "--trust-list", "trust", GENUINE], "मूल कुंजी"),
            (["--root", "root.pub", "--trust-list", "absent", GENUINE], "absent"),
            ([*self.evidence, "paper.pdf"], "not a text"),
            ([*self.evidence, "--column", "qr", GENUINE], "no such file"),
            ([*self.evidence, "--at", "yesterday", GENUINE], "a time is like"),
        ):
            code, out, errors = self.run_it(*arguments)
            self.assertEqual((code, out), (3, ""), arguments)
            self.assertIn(why, errors)
            self.assertNotIn("Traceback", errors)

    def test_help_teaches(self) -> None:
        code, out, _ = self.run_it("--help")
        self.assertEqual(code, 0)
        for words in ("the root key", "examples", "No certificate is sent", "exit:", "कोड"):
            self.assertIn(words, out)


class Tables(unittest.TestCase):
    def test_no_cell_is_a_formula(self) -> None:
        from mohar_verify.output import _safe

        for cell in ("=1+1", "+1", "-1", "@x", "\t=1"):
            self.assertEqual(_safe(cell), f"'{cell}")
        self.assertEqual(_safe("Ravi = Kumar"), "Ravi = Kumar")
