"""Fetches the lists of a service, keeps them, and checks with them: online, and offline after that.

    from mohar_verify.fetch import Service

    service = Service("https://verify.example.gov.in", root="5c1f…", folder="mohar-lists")
    report = service.check(text_of_the_qr_code)
    print(report.verdict, report.title.hi, report.status_as_of)

A certificate never leaves the machine: what is asked for are the trust list and the status list of
131,072 certificates, one of which is yours. An older list than the one at hand is refused, even if it
is signed. Without a network the lists of the folder serve, and the report says as of when.

A service is for one thread. Several processes may share a folder.
"""

from __future__ import annotations

import http.client
import os
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Callable, Dict, Generic, List, Optional, TypeVar, Union

from .errors import ListError, NoListError
from .lists import (
    LIST_SIZE,
    STATUS_LIST_BYTES_MAX,
    TRUST_LIST_BYTES_MAX,
    StatusList,
    TrustList,
    open_status_list,
    open_trust_list,
)
from .report import Report, describe
from .schemas import Words
from .verdict import Authentic, Evidence, authenticate, judge

__all__ = ["Service"]

_TRUST_LIST = "trust-list"
_CLOCK_TOLERANCE_S = 300
_L = TypeVar("_L", TrustList, StatusList)


class _Kept(Generic[_L]):
    """A list at hand, as bytes and opened, and when we last asked for a newer one."""

    def __init__(self, data: Optional[bytes], opener: Callable[[bytes], _L]) -> None:
        self.data = data
        self.list: Optional[_L] = None
        self.asked: Optional[float] = None
        self.open_again(opener)

    def open_again(self, opener: Callable[[bytes], _L]) -> None:
        """Checks it as if it had just been fetched; what does not open is as if it were not there."""
        try:
            self.list = None if self.data is None else opener(self.data)
        except ListError:
            self.list = None


class Service:
    """A service that issues certificates, seen from a verifier."""

    def __init__(
        self,
        url: str,
        root: Union[bytes, str],
        folder: Union[None, str, "os.PathLike[str]"] = None,
        *,
        offline: bool = False,
        fresh_for: float = 300,
        timeout: float = 10,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Nothing is fetched yet.

        ``root`` is the root key, 32 bytes or 64 hex digits, which you got from the department;
        ``folder`` keeps the lists between runs; with ``offline`` it is all there is. A list is asked
        for again after ``fresh_for`` seconds, and given up after ``timeout``.
        """
        self._url = _address(url)
        self._root = bytes.fromhex(root) if isinstance(root, str) else bytes(root)
        if len(self._root) != 32:
            raise ValueError("root: a root key is 32 bytes, or 64 hex digits")
        self._folder = None if folder is None else Path(folder)
        self._offline, self._fresh_for, self._timeout, self._clock = offline, fresh_for, timeout, clock
        self._trust: Optional[_Kept[TrustList]] = None
        self._status: Dict[int, _Kept[StatusList]] = {}
        self._problems: Dict[str, Words] = {}

    def check(self, text: str) -> Report:
        """Judges the text of a QR code or bare digits with the newest lists there are.

        Raises ``NoListError`` if there has never been a trust list.
        """
        trust = self.trust_list()
        found = authenticate(text, trust)
        lists: List[StatusList] = []
        if isinstance(found, Authentic):
            status_list = self.status_list(found.credential.index // LIST_SIZE)
            lists = [status_list] if status_list else []
        now = self.now()
        verdict = judge(found, Evidence(trust, lists, now)) if isinstance(found, Authentic) else found
        return describe(verdict, now > trust.due)

    def trust_list(self) -> TrustList:
        """The newest trust list there is."""
        if self._trust is None:
            self._trust = _Kept(self._from_folder(_TRUST_LIST), self._open_trust_list)
        kept = self._trust
        data = self._ask(kept, _TRUST_LIST, TRUST_LIST_BYTES_MAX)
        if data is not None and self._take(kept, _TRUST_LIST, data, self._open_trust_list):
            # A status key may not be trusted any more.
            trust = self._open_trust_list(data)
            for number, status in self._status.items():
                status.open_again(self._status_opener(number, trust))
        if kept.list is None:
            why = self._problems.get(_TRUST_LIST, Words("there is none in the folder", "फ़ोल्डर में नहीं है"))
            raise NoListError(f"no trust list: {why.en}", f"विश्वसनीय सूची नहीं मिली: {why.hi}")
        return kept.list

    def status_list(self, number: int) -> Optional[StatusList]:
        """The newest status list of a number there is; none if there has never been one."""
        name = f"status-lists/{number}"
        opener = self._status_opener(number, self.trust_list())
        kept = self._status.get(number)
        if kept is None:
            kept = self._status[number] = _Kept(self._from_folder(name), opener)
        data = self._ask(kept, name, STATUS_LIST_BYTES_MAX)
        if data is not None:
            self._take(kept, name, data, opener)
        return kept.list

    def now(self) -> int:
        """Seconds since 1970 UTC; a clock that is behind what has been signed is not believed."""
        lists = [self._trust] if self._trust else []
        signed = [k.list.issued for k in lists if k.list]
        signed += [k.list.issued_at for k in self._status.values() if k.list]
        clock, newest = int(self._clock()), max(signed, default=0)
        if clock + _CLOCK_TOLERANCE_S < newest:
            self._problems["clock"] = Words(
                "the clock of this computer is behind; the time of the newest list was taken",
                "इस कंप्यूटर की घड़ी पीछे है; सबसे नई सूची का समय माना गया",
            )
        return max(clock, newest)

    @property
    def problems(self) -> List[Words]:
        """What went wrong with the newest attempts, for people; checking goes on with what there is."""
        return list(self._problems.values())

    def _open_trust_list(self, data: bytes) -> TrustList:
        return open_trust_list(data, self._root)

    def _status_opener(self, number: int, trust: TrustList) -> Callable[[bytes], StatusList]:
        def opener(data: bytes) -> StatusList:
            opened = open_status_list(data, trust)
            if opened.number != number:
                raise ListError("the status list is another one", "यह कोई दूसरी स्थिति सूची है")
            return opened

        return opener

    def _ask(self, kept: _Kept[_L], name: str, limit: int) -> Optional[bytes]:
        """The bytes of a list, if it is time to ask and there is an answer."""
        now = self._clock()
        # A clock that was set back must not keep us from asking.
        if self._offline or (kept.asked is not None and 0 <= now - kept.asked < self._fresh_for):
            return None
        kept.asked = now
        try:
            return _get(f"{self._url}/v1/{name}", limit, self._timeout)
        except (OSError, http.client.HTTPException) as error:
            status = f" ({error.code})" if isinstance(error, urllib.error.HTTPError) else ""
            self._problems[name] = Words(
                f"{name} could not be fetched from {self._url}{status}",
                f"{self._url} से {name} नहीं मिल सका{status}",
            )
            return None

    def _take(self, kept: _Kept[_L], name: str, data: bytes, opener: Callable[[bytes], _L]) -> bool:
        """Takes a list that was fetched, unless it is not to be trusted or older than the one at hand."""
        try:
            new = opener(data)
            if kept.list is not None and _age(new) < _age(kept.list):
                raise ListError(
                    f"an older {name} than the one at hand was refused",
                    f"पास मौजूद सूची से पुरानी सूची ({name}) स्वीकार नहीं की गई",
                )
        except ListError as error:
            self._problems[name] = Words(error.en, error.hi)
            return False
        kept.list, kept.data = new, data
        self._problems.pop(name, None)
        self._to_folder(name, data)
        return True

    def _from_folder(self, name: str) -> Optional[bytes]:
        try:
            return None if self._folder is None else (self._folder / name.replace("/", "-")).read_bytes()
        except OSError:
            return None

    def _to_folder(self, name: str, data: bytes) -> None:
        """Whole or not at all: a crash leaves the old list."""
        if self._folder is None:
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            handle, part = tempfile.mkstemp(dir=self._folder)
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            os.replace(part, self._folder / name.replace("/", "-"))
        except OSError as error:
            self._problems["folder"] = Words(
                f"the lists could not be kept in {self._folder}: {error.strerror}",
                f"सूचियाँ {self._folder} में नहीं रखी जा सकीं: {error.strerror}",
            )


def _age(opened: Union[TrustList, StatusList]) -> int:
    """Grows from list to list."""
    return opened.version if isinstance(opened, TrustList) else opened.issued_at


def _address(url: str) -> str:
    parts = urllib.parse.urlsplit(url)
    local = parts.hostname in ("localhost", "127.0.0.1", "::1")
    if not parts.hostname or parts.scheme != "https" and not (parts.scheme == "http" and local):
        raise ValueError("url: an address starts with https://; only this computer's own may use http://")
    return url.rstrip("/")


def _get(url: str, limit: int, timeout: float) -> bytes:
    """At most one byte more than the limit, and no longer than twice the timeout."""
    request = urllib.request.Request(url, headers={"User-Agent": "mohar-verify"})
    deadline = time.monotonic() + timeout
    with urllib.request.urlopen(request, timeout=timeout) as answer:
        data = bytearray()
        while len(data) <= limit:
            part = answer.read1(1 << 16)
            if not part:
                return bytes(data)
            data += part
            if time.monotonic() > deadline:
                raise TimeoutError("the answer takes too long")
        return bytes(data)
