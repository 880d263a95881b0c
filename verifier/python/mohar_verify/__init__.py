"""Verifies Mohar certificates: the code on the paper, offline, in pure Python.

    from mohar_verify import Evidence, check, open_status_list, open_trust_list

    trust = open_trust_list(trust_list_bytes, root_key)
    evidence = Evidence(trust, [open_status_list(status_list_bytes, trust)], now=int(time.time()))
    report = check(text_of_the_qr_code, evidence)
    print(report.verdict, report.title.hi, report.number)

Nothing here touches a network, a clock or a file but the package's own data: lists and time are
parameters. ``mohar_verify.fetch`` fetches and keeps the lists; ``python -m mohar_verify --help`` is
the command line.
"""

from .credential import Credential, Line
from .errors import ListError, NoListError
from .lists import Detail, StatusList, TrustedKey, TrustList, open_status_list, open_trust_list
from .report import Report, check, describe
from .schemas import Words
from .verdict import Evidence, Verdict, verify

__all__ = [
    "Credential",
    "Detail",
    "Evidence",
    "Line",
    "ListError",
    "NoListError",
    "Report",
    "StatusList",
    "TrustList",
    "TrustedKey",
    "Verdict",
    "Words",
    "check",
    "describe",
    "open_status_list",
    "open_trust_list",
    "verify",
]
