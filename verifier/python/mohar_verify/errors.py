"""Why something cannot be used. What leaves the package speaks English and Hindi."""

from __future__ import annotations

from typing import Optional

__all__ = ["ListError", "NoListError", "Refused"]


class Refused(Exception):
    """Ends a check early; ``code`` is the verdict. Never leaves the package."""

    def __init__(self, code: str, foreign: Optional[str] = None) -> None:
        super().__init__(code)
        self.code = code
        self.foreign = foreign


class ListError(ValueError):
    """A list that must not be used; ``en`` and ``hi`` say why."""

    def __init__(self, en: str, hi: str) -> None:
        super().__init__(en)
        self.en = en
        self.hi = hi


class NoListError(ListError):
    """There is no trust list: neither from the service nor from the folder."""
