"""A verifier written from schemas/credential.md alone, to show that a stranger can.

    verifier.py vectors              judges every published vector
    verifier.py cases FILE           judges made-up certificates
    verifier.py picture PNG TRUST STATUS ROOT AT   reads a QR code and prints the verdict
"""

import datetime
import hashlib
import json
import pathlib
import re
import sys
import tomllib
import zlib

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

SCHEMAS = pathlib.Path(__file__).resolve().parents[2] / "schemas"
TABLES = {t["id"]: t["row"] for t in (tomllib.loads(p.read_text()) for p in (SCHEMAS / "tables").glob("*.toml"))}
TYPES = {(t["code"], t["revision"]): t for t in (tomllib.loads(p.read_text()) for p in (SCHEMAS / "types").glob("*.toml"))}
WHITE_SPACE = "[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"
GROUPS = {0: 0, 3: 1, 5: 2, 8: 3, 10: 4, 13: 5, 15: 6, 17: 7}
LIST_SIZE = 1 << 17
ORDER = 2**252 + 27742317777372353535851937790883648493
PRIME = 2**255 - 19
CONTEXTS = {"certificate": b"mohar/certificate/1", "trust": b"mohar/trust-list/1", "status": b""}


class Refused(Exception):
    """Carries the verdict code."""


# §6: from the scanned text to bytes

def scanned(text):
    text = re.fullmatch(rf"{WHITE_SPACE}*(.*?){WHITE_SPACE}*", text, re.S)[1]
    link, sharp, fragment = text.partition("#")
    digits = fragment if sharp and re.match(r"https?://", link, re.I | re.A) else text
    if len(digits) < 64 or len(digits) > 2_500 or not re.fullmatch(r"[0-9]+", digits):
        raise Refused("not-a-certificate")
    out = b""
    for at in range(0, len(digits), 17):
        group = digits[at:at + 17]
        size = GROUPS.get(len(group))
        if size is None or int(group) >> (8 * size):
            raise Refused("damaged")
        out += int(group).to_bytes(size, "little")
    return out


# §3: one encoding only

def cbor(data):
    try:
        item = cbor2.loads(data)
        if cbor2.dumps(item) == data and plain(item, 6):
            return item
    except Exception:
        pass
    raise Refused("damaged")


def plain(item, room):
    """Whether the profile has such items, and as deep as this."""
    if room == 0 or isinstance(item, bool):
        return False
    if isinstance(item, list):
        return all(plain(i, room - 1) for i in item)
    if isinstance(item, dict):
        keys = all(type(k) in (int, str) for k in item)
        return keys and len(item) <= 64 and all(plain(v, room - 1) for v in item.values())
    return item is None or isinstance(item, (bytes, str)) or isinstance(item, int) and -2**63 <= item < 2**63


# §4: the signed message

def strict(key, message, signature):
    """RFC 8032 with the strict rules: S below the order, no point of small order."""
    point_r, s = signature[:32], int.from_bytes(signature[32:], "little")
    if s >= ORDER or small_order(key) or small_order(point_r):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
        return True
    except (InvalidSignature, ValueError):
        return False


def small_order(point):
    d = -121665 * pow(121666, -1, PRIME) % PRIME
    y = int.from_bytes(point, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if y >= PRIME:
        return True  # not the canonical form
    x2 = (y * y - 1) * pow(d * y * y + 1, -1, PRIME) % PRIME
    x = pow(x2, (PRIME + 3) // 8, PRIME)
    if (x * x - x2) % PRIME:
        x = x * pow(2, (PRIME - 1) // 4, PRIME) % PRIME
    if (x * x - x2) % PRIME:
        return True  # not a point
    if x & 1 != sign:
        x = PRIME - x
    for _ in range(3):
        t = d * x * x * y * y % PRIME
        x, y = (2 * x * y * pow(1 + t, -1, PRIME) % PRIME,
                (y * y + x * x) * pow(1 - t, -1, PRIME) % PRIME)
    return (x, y) == (0, 1)


def message(purpose, data):
    if purpose == "status":
        if data[:1] != b"\xd2":
            raise Refused("damaged")
        data = data[1:]
    parts = cbor(data)
    if not isinstance(parts, list) or len(parts) != 4 or parts[1] != {}:
        raise Refused("damaged")
    protected, _, payload, signature = parts
    if not all(isinstance(p, bytes) for p in (protected, payload, signature)) or len(signature) != 64:
        raise Refused("damaged")
    head = cbor(protected)
    kid = head.get(4) if isinstance(head, dict) else None
    wanted = {1: -8, 4: kid}
    if purpose == "status":
        wanted[16] = "application/statuslist+cwt"
    if head != wanted or not isinstance(kid, bytes) or len(kid) != 4 or cbor2.dumps(wanted) != protected:
        raise Refused("damaged")
    to_be_signed = cbor2.dumps(["Signature1", protected, CONTEXTS[purpose], payload])
    return kid, payload, signature, to_be_signed


def kid_of(key):
    return hashlib.sha256(key).digest()[:4]


# §9 and §10: the lists

def trust_list(data, root):
    kid, payload, signature, to_be_signed = message("trust", data)
    assert kid == kid_of(root) and strict(root, to_be_signed, signature), "the trust list is not the root's"
    version, number, issued, due, keys, _ = cbor(payload)
    assert version == 1
    names = ("key", "role", "department", "types", "from", "until", "state", "from_index")
    return {"version": number, "due": due, "keys": [dict(zip(names, k)) for k in keys]}


def status_list(data, trust):
    kid, payload, signature, to_be_signed = message("status", data)
    keys = [k["key"] for k in trust["keys"] if k["role"] == 1 and k["state"] != 2 and kid_of(k["key"]) == kid]
    assert any(strict(k, to_be_signed, signature) for k in keys), "the status list is signed by nobody we trust"
    claims = cbor(payload)
    assert claims[65533]["bits"] == 2
    issued, details = claims[-65537]
    return {
        "number": int(claims[2].rsplit("/", 1)[1]), "issued_at": claims[6], "expires": claims[4],
        "issued": issued, "bits": zlib.decompress(claims[65533]["lst"]), "details": {d[0]: d[1:] for d in details},
    }


def status_of(lists, index):
    found = [l for l in lists if l["number"] == index // LIST_SIZE and index % LIST_SIZE < l["issued"]]
    if not found:
        return None, None
    best = max(found, key=lambda l: l["issued_at"])
    at = index % LIST_SIZE
    return best["bits"][at // 4] >> (2 * (at % 4)) & 3, best


# §5: the payload

def scsu_encode(text):
    out, window = bytearray(), False
    units = text.encode("utf-16-be")
    for high, low in zip(units[::2], units[1::2]):
        unit = high << 8 | low
        if 0x20 <= unit <= 0x7F:
            out.append(unit)
        elif 0x900 <= unit <= 0x97F:
            if not window:
                out.append(0x14)
                window = True
            out.append(0x80 | unit & 0x7F)
        elif 0x2000 <= unit <= 0x207F:
            out += bytes((0x05, unit & 0x7F))
        elif 0x2080 <= unit <= 0x20FF:
            out += bytes((0x06, unit & 0x7F))
        else:
            out += bytes((0x0E, high, low))
    return bytes(out)


def scsu_decode(data):
    units, at, window = bytearray(), 0, False
    while at < len(data):
        byte = data[at]
        if 0x20 <= byte <= 0x7F:
            unit, used = byte, 1
        elif byte == 0x14:
            window, at = True, at + 1
            continue
        elif byte >= 0x80 and window:
            unit, used = 0x900 + (byte & 0x7F), 1
        elif byte in (0x05, 0x06) and at + 1 < len(data):
            unit, used = (0x2000 if byte == 0x05 else 0x2080) + (data[at + 1] & 0x7F), 2
        elif byte == 0x0E and at + 2 < len(data):
            unit, used = data[at + 1] << 8 | data[at + 2], 3
        else:
            raise Refused("damaged")
        units += unit.to_bytes(2, "big")
        at += used
    try:
        text = units.decode("utf-16-be")
    except UnicodeDecodeError:
        raise Refused("damaged")
    if scsu_encode(text) != data:
        raise Refused("damaged")
    return text


def text_of(item):
    if isinstance(item, str):
        if len(scsu_encode(item)) < len(item.encode()):
            raise Refused("damaged")
        return item
    if isinstance(item, bytes):
        text = scsu_decode(item)
        if len(item) >= len(text.encode()):
            raise Refused("damaged")
        return text
    raise Refused("damaged")


def whole(item, low, high):
    if not isinstance(item, int) or isinstance(item, bool) or not low <= item <= high:
        raise Refused("damaged")
    return item


def row(table, code):
    if not 1 <= code <= len(TABLES[table]):
        raise Refused("newer-version")
    return TABLES[table][code - 1]


def day(number):
    return whole(number, -62_091, 2_932_896)


def written(number):
    return (datetime.date(1970, 1, 1) + datetime.timedelta(number)).strftime("%d-%m-%Y")


def rupees(amount):
    text = str(amount)
    head, tail = text[:-3], text[-3:]
    groups = [head[max(0, i - 2):i] for i in range(len(head), 0, -2)][::-1]
    return "₹" + ",".join(groups + [tail])


def value(field, item):
    """English and Hindi, or None where the field was left out."""
    kind = field["kind"]
    if item is None and field.get("optional"):
        return None
    if kind in ("name", "text"):
        if isinstance(item, list):
            if len(item) != 2:
                raise Refused("damaged")
            return text_of(item[0]), text_of(item[1])
        return (text_of(item),) * 2
    if kind == "day":
        return (written(day(item)),) * 2
    if kind == "year":
        return (f"{whole(item, 1900, 9999)}-{(item + 1) % 100:02}",) * 2
    if kind == "amount":
        return (rupees(whole(item, 0, 10**12)),) * 2
    found = row(field["table"], whole(item, -(2**63), 2**63 - 1))
    return found["en"], found["hi"]


def credential(payload):
    if len(payload) > 1024:
        raise Refused("damaged")
    items = cbor(payload)
    if not isinstance(items, list) or not items:
        raise Refused("damaged")
    if whole(items[0], -(2**63), 2**63 - 1) != 1:
        raise Refused("newer-version")
    items += [None] * (8 - len(items))
    kind = TYPES.get((whole(items[1], 0, 65535), whole(items[2], 0, 65535)))
    if kind is None:
        raise Refused("newer-version")
    index = whole(items[3], 0, 2**40 - 1)
    office_code = whole(items[4], 0, 65535)
    issued = day(items[5])
    starts = day(issued + whole(items[6], 0, 40_000))
    ends = None if items[7] is None else day(starts + whole(items[7], 0, 40_000))
    if len(items) - 8 != len(kind["field"]):
        raise Refused("damaged")
    office = row("offices", office_code)
    lines = [[f["id"], *v] for f, v in ((f, value(f, i)) for f, i in zip(kind["field"], items[8:])) if v]
    lines.append(["office", office["en"], office["hi"]])
    lines.append(["issued", written(issued), written(issued)])
    lines.append(["valid_until"] + ([written(ends)] * 2 if ends is not None else ["no end date", "कोई अंतिम तारीख नहीं"]))
    return {"kind": kind, "index": index, "office": office, "issued": issued, "from": starts, "until": ends, "lines": lines}


# §11: the verdict

def verdict(text, trust, lists, now):
    """The code, and the lines of the certificate where the signature is right."""
    try:
        kid, payload, signature, to_be_signed = message("certificate", scanned(text))
        same = [k for k in trust["keys"] if k["role"] == 0 and kid_of(k["key"]) == kid]
        if not same:
            raise Refused("unknown-issuer")
        key = next((k for k in same if strict(k["key"], to_be_signed, signature)), None)
        if key is None:
            raise Refused("altered")
        c = credential(payload)
    except Refused as refused:
        return str(refused), []
    return judge(c, key, lists, now), c["lines"]


def judge(c, key, lists, now):
    ended = key["until"] is not None and key["until"] < c["issued"]
    if c["kind"]["code"] not in key["types"] or c["office"]["department"] != key["department"] \
            or c["issued"] < key["from"] or ended:
        return "key-not-allowed"
    if key["state"] == 2 and c["index"] >= key["from_index"]:
        return "key-compromised"
    status, source = status_of(lists, c["index"])
    if status in (1, 2, 3):
        return ("revoked", "suspended", "superseded")[status - 1]
    today = (now + 19_800) // 86_400
    if today < c["from"]:
        return "not-yet-valid"
    if c["until"] is not None and c["until"] < today:
        return "expired"
    if status is None:
        return "status-unknown"
    return "status-stale" if source["expires"] < now else "genuine"


def judge_vectors():
    vectors = json.loads((SCHEMAS / "vectors" / "vectors.json").read_text())
    trust = trust_list(bytes.fromhex(vectors["trust_list"]), bytes.fromhex(vectors["root"]))
    lists = [status_list(bytes.fromhex(t), trust) for t in vectors["status_lists"]]
    wrong = 0
    cases = vectors["positive"] + vectors["negative"]
    for case in cases:
        code, lines = verdict(case["text"], trust, lists if case["status_lists"] else [], case["at_s"])
        if code != case["verdict"] or lines != case["lines"]:
            wrong += 1
            print(f"{case['name']}: {code}, not {case['verdict']}\n  {lines}\n  {case['lines']}")
    print(f"{len(cases) - wrong} of {len(cases)} vectors agree")
    return wrong == 0


def judge_cases(file):
    """What tests/src/cases.rs writes."""
    total = wrong = 0
    for line in open(file, encoding="utf-8"):
        case = json.loads(line)
        if "root" in case:
            trust = trust_list(bytes.fromhex(case["trust_list"]), bytes.fromhex(case["root"]))
            lists = [status_list(bytes.fromhex(t), trust) for t in case["status_lists"]]
            continue
        code, lines = verdict(case["text"], trust, [lists[n] for n in case["lists"]], case["now"])
        text = "".join("\t".join(line) + "\n" for line in lines)
        digest = hashlib.sha256(text.encode()).hexdigest()[:16] if lines else None
        total += 1
        if (code, digest) != (case["verdict"], case["lines"]):
            wrong += 1
            print(f"{case['kind']}: {code}, not {case['verdict']}: {case['text']!r}")
    print(f"{total - wrong} of {total} cases agree")
    return wrong == 0


def judge_picture(picture, trust_file, status_file, root, now):
    import zxingcpp
    from PIL import Image
    texts = [code.text for code in zxingcpp.read_barcodes(Image.open(picture))]
    trust = trust_list(pathlib.Path(trust_file).read_bytes(), bytes.fromhex(root))
    lists = [status_list(pathlib.Path(status_file).read_bytes(), trust)]
    code, lines = verdict(texts[0], trust, lists, int(now)) if texts else ("unreadable-picture", [])
    print(json.dumps({"verdict": code, "lines": lines}, ensure_ascii=False))


if __name__ == "__main__":
    if sys.argv[1:] == ["vectors"]:
        sys.exit(0 if judge_vectors() else 1)
    if sys.argv[1:2] == ["cases"]:
        sys.exit(0 if judge_cases(*sys.argv[2:]) else 1)
    judge_picture(*sys.argv[2:])
