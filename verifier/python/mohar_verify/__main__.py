"""The command line: ``python -m mohar_verify --help``."""

from __future__ import annotations

import argparse
import datetime
import os
import sys
import time
from pathlib import Path
from typing import Callable, Iterator, List, NamedTuple, NoReturn, Optional, TextIO

from . import output
from .errors import ListError
from .fetch import Service
from .inputs import InputError, codes
from .lists import STATUS_LIST_BYTES_MAX, TRUST_LIST_BYTES_MAX, open_status_list, open_trust_list
from .report import Report, check
from .schemas import Words
from .verdict import Evidence

__all__ = ["main"]

NOT_JUDGED = 3

_DESCRIPTION = """\
Says whether certificates are genuine. What it needs is the text of the QR code on the paper (a link
with many digits behind #), as a scanner gives it, or those digits alone.

Each CODE is such a text, or a file with one text a line; - or nothing reads them from standard input.
"""

_EPILOG = """\
examples:
  python -m mohar_verify --root root.pub --service https://verify.example.gov.in codes.txt
  python -m mohar_verify ... --format csv --output report.csv codes.txt
  python -m mohar_verify ... --column qr --format csv applicants.csv     a column of a table
  scanner | python -m mohar_verify ... --format json                     one code a line
  python -m mohar_verify ... --offline 'https://v.example.gov.in/#190...'

the root key:
  Everything hangs on it: a file with 64 hex digits from the department itself (root.pub). Compare it
  with what the department publishes elsewhere. MOHAR_ROOT may hold it instead of --root.

the lists:
  --service fetches the signed trust list and status lists and keeps them in --cache, so that the next
  run works without a network and says as of when the status is known. No certificate is sent: only
  the list of 131,072 certificates that holds it is asked for. Without a service, --trust-list and
  --status-list name files that you brought along.

the verdicts:
  genuine            signed by the department, in force, and not withdrawn
  status-stale, status-unknown
                     genuine; whether it was withdrawn lately is not known here
  expired, not-yet-valid, revoked, suspended, superseded
                     made by the department, but not in force
  altered, unknown-issuer, key-not-allowed, key-compromised
                     not what the department signed: do not accept it
  damaged, not-a-certificate, newer-version
                     cannot tell: scan again, another code, or update this program

exit: 0 all genuine, 1 some not genuine or not in force, 2 none of these but some cannot be told,
      3 nothing was judged

हिन्दी: कागज़ के क्यूआर कोड का पाठ दें (या एक पंक्ति में एक कोड वाली फ़ाइल), और विभाग से मिली मूल कुंजी
--root में। उत्तर बताता है कि प्रमाण पत्र असली है या नहीं, और उसकी स्थिति कब तक की मालूम है। प्रमाण पत्र
इस कंप्यूटर से बाहर नहीं जाता।
"""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        # 2 is the exit of "cannot tell".
        self.exit(NOT_JUDGED, f"{self.prog}: {message}\n{self.prog} --help explains.\n")


class _Judge(NamedTuple):
    """Judges one text; says afterwards what went wrong with the lists."""

    judge: Callable[[str], Report]
    problems: Callable[[], List[Words]]


def main(arguments: Optional[List[str]] = None) -> int:
    """Runs the command line and gives its exit code."""
    _speak_utf8()
    parser = _arguments()
    options = parser.parse_args(arguments)
    given = options.codes or ["-"]
    if given == ["-"] and sys.stdin.isatty():
        parser.error("no code: give one, a file with one a line, or pipe them in")
    try:
        judge = _judge(options, parser)
        with _output(options) as out:
            exit_code = output.write(options.format, options.lang, _judged(given, options.column, judge), out)
    except (InputError, ListError) as error:
        print(f"{error.en}\n{error.hi}", file=sys.stderr)
        return NOT_JUDGED
    except OSError as error:
        print(f"{error.filename or 'output'}: {error.strerror}", file=sys.stderr)
        return NOT_JUDGED
    for problem in judge.problems():
        print(f"{problem.en}\n{problem.hi}", file=sys.stderr)
    return exit_code


def _arguments() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m mohar_verify",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("codes", nargs="*", metavar="CODE", help="text of a QR code, or a file with one a line")
    add("--root", default=os.environ.get("MOHAR_ROOT"), help="root key: 64 hex digits, or a file with them")
    add("--service", metavar="URL", help="where the lists are fetched")
    add("--cache", metavar="DIR", default=None, help="where they are kept (default: your cache folder)")
    add("--offline", action="store_true", help="use only what is kept there")
    add("--trust-list", metavar="FILE", help="a trust list, instead of --service")
    add("--status-list", metavar="FILE", action="append", default=[], help="a status list; may be repeated")
    add("--at", metavar="TIME", type=_time, help="judge as of this time (2026-11-24T11:30+05:30, or seconds)")
    add("--column", metavar="NAME", help="files are CSV, and the codes stand in the column of this name")
    add("--format", choices=output.FORMATS, default="text", help="how to report (default: %(default)s)")
    add("--lang", choices=("en", "hi", "both"), default="both", help="language of text (default: %(default)s)")
    add("--output", metavar="FILE", help="where to report (default: standard output)")
    return parser


def _time(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) < 12:
        return int(text)
    try:
        moment = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        moment = datetime.datetime.min
    if moment.tzinfo is None:
        raise argparse.ArgumentTypeError("a time is like 2026-11-24T11:30+05:30")
    return int(moment.timestamp())


def _speak_utf8() -> None:
    """Hindi comes out whole on every system."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8")


def _judge(options: argparse.Namespace, parser: argparse.ArgumentParser) -> _Judge:
    root = _root(options.root, parser)
    if options.service:
        if options.trust_list or options.status_list or options.at is not None:
            parser.error("--service fetches the lists and judges as of now: leave the others out")
        folder = Path(options.cache) if options.cache else _cache() / root.hex()[:16]
        try:
            service = Service(options.service, root, folder, offline=options.offline)
        except ValueError as error:
            parser.error(str(error))
        return _Judge(service.check, lambda: service.problems)
    if not options.trust_list:
        parser.error("no lists: give --service URL, or --trust-list FILE and --status-list FILE")
    trust = open_trust_list(_read(options.trust_list, TRUST_LIST_BYTES_MAX), root)
    lists = [open_status_list(_read(path, STATUS_LIST_BYTES_MAX), trust) for path in options.status_list]
    now = int(time.time()) if options.at is None else options.at
    evidence = Evidence(trust, lists, now)
    return _Judge(lambda text: check(text, evidence), list)


def _root(text: Optional[str], parser: argparse.ArgumentParser) -> bytes:
    if not text:
        parser.error("no root key: --root HEX-or-FILE; the department gives it out as root.pub")
    try:
        # No name of a file is taken for a key: a key is hex digits only.
        root = bytes.fromhex(text)
    except ValueError:
        try:
            root = bytes.fromhex(_read(text, 200).decode("ascii").strip())
        except (OSError, ValueError):
            root = b""
    if len(root) != 32:
        parser.error("--root: a root key is 64 hex digits, or a file with them")
    return root


def _read(path: str, limit: int) -> bytes:
    """A file, or of a longer one enough to see that it is too long."""
    with open(path, "rb") as file:
        return file.read(limit + 1)


def _cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA") or Path.home() / ".cache"
    return Path(base) / "mohar-verify"


def _output(options: argparse.Namespace) -> TextIO:
    if options.output is None:
        # Not to be closed with the report.
        return open(os.dup(sys.stdout.fileno()), "w", encoding="utf-8", newline="")
    # A byte order mark, by which spreadsheets know that a CSV file is UTF-8.
    encoding = "utf-8-sig" if options.format == "csv" else "utf-8"
    return open(options.output, "w", encoding=encoding, newline="")


def _judged(given: List[str], column: Optional[str], judge: _Judge) -> Iterator[output.Row]:
    for code in codes(given, column):
        yield output.Row(code.source, code.line, judge.judge(code.text))


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BrokenPipeError:
        # Whoever read the report has read enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
