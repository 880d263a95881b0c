"""Judges made-up certificates and compares with what the Rust verifier said of each.

    python -m tests.agreement [--processes N] CASES.ndjson

``tests/src/cases.rs`` of the project writes the file and says what is in it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from multiprocessing import Pool
from typing import Any, Dict, Iterable, Iterator, List, Optional, Tuple

from mohar_verify import (
    Evidence,
    ListError,
    Report,
    StatusList,
    TrustList,
    Verdict,
    describe,
    open_status_list,
    open_trust_list,
    verify,
)

Share = Tuple[str, List[str]]
"""The line of a world, and those of its cases."""


def shares(path: str) -> Iterator[Share]:
    """The worlds of a file, one at a time."""
    world, cases = "", []
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            if '"root":' not in line:
                cases.append(line)
                continue
            if cases:
                yield world, cases
            world, cases = line, []
    yield world, cases


def judge(share: Share) -> Tuple[int, List[str]]:
    """How many cases there were, and what was found wrong."""
    world = json.loads(share[0])
    trust = open_trust_list(bytes.fromhex(world["trust_list"]), bytes.fromhex(world["root"]))
    lists = [open_status_list(bytes.fromhex(data), trust) for data in world["status_lists"]]
    wrong = list(opened(world, trust))
    for line in share[1]:
        case = json.loads(line)
        answer = answered(case, trust, lists)
        differs = [name for name, value in answer.items() if value != case[name]]
        if differs:
            wrong.append(f"{case['kind']}: {[(name, answer[name], case[name]) for name in differs]} {case['text']!r}")
    return len(share[1]), wrong


def opened(world: Dict[str, Any], trust: TrustList) -> Iterator[str]:
    """The lists that open and must not."""
    root = bytes.fromhex(world["root"])
    for data in world["refused_trust_lists"]:
        try:
            open_trust_list(bytes.fromhex(data), root)
            yield f"a trust list opens: {data}"
        except ListError:
            pass
    for data in world["refused_status_lists"]:
        try:
            open_status_list(bytes.fromhex(data), trust)
            yield f"a status list opens: {data}"
        except ListError:
            pass


def answered(case: Dict[str, Any], trust: TrustList, lists: List[StatusList]) -> Dict[str, Any]:
    """The same names as in the case."""
    now = case["now"]
    verdict = verify(case["text"], Evidence(trust, [lists[n] for n in case["lists"]], now))
    report = describe(verdict, now > trust.due)
    return {
        "verdict": verdict.code,
        "as_of": verdict.status_as_of,
        "trust_list_is_old": report.trust_list_is_old,
        "foreign": verdict.foreign,
        "number": report.number,
        "lines": lines_of(verdict, report),
        "words": digest("\t".join(w) for w in (report.title, report.message, report.advice)),
    }


def lines_of(verdict: Verdict, report: Report) -> Optional[str]:
    if verdict.credential is None:
        return None
    return digest("\t".join((line.id, *line.value)) for line in report.fields)


def digest(lines: Iterable[str]) -> str:
    text = "".join(f"{line}\n" for line in lines)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]


def main() -> int:
    parser = argparse.ArgumentParser(description="Compare with what the Rust verifier said.")
    parser.add_argument("cases")
    parser.add_argument("--processes", type=int, default=1)
    options = parser.parse_args()
    total, wrong = 0, 0
    with Pool(options.processes) as pool:
        for count, found in pool.imap_unordered(judge, shares(options.cases)):
            total, wrong = total + count, wrong + len(found)
            for line in found:
                print(line)
    print(f"{total - wrong} of {total} cases agree")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
