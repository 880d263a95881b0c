"""What the tests share: the published vectors, and a service on a loopback port that serves them."""

from __future__ import annotations

import http.server
import json
import threading
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple

CHECKOUT = Path(__file__).resolve().parents[3]
VECTORS: Dict[str, Any] = json.loads((CHECKOUT / "schemas/vectors/vectors.json").read_text(encoding="utf-8"))
CASES: List[Dict[str, Any]] = VECTORS["positive"] + VECTORS["negative"]
ROOT = bytes.fromhex(VECTORS["root"])
TRUST_LIST = bytes.fromhex(VECTORS["trust_list"])
STATUS_LISTS = [bytes.fromhex(token) for token in VECTORS["status_lists"]]
NOW: int = VECTORS["positive"][0]["at_s"]


def case(name: str) -> Dict[str, Any]:
    """A vector by its name."""
    return next(c for c in CASES if c["name"] == name)


class Lists:
    """A service that serves whatever bytes stand in ``answers``, and remembers what it was asked."""

    def __init__(self) -> None:
        self.answers: Dict[str, bytes] = {"/v1/trust-list": TRUST_LIST}
        self.answers.update({f"/v1/status-lists/{n}": token for n, token in enumerate(STATUS_LISTS)})
        self.asked: List[Tuple[str, bytes, Dict[str, str]]] = []
        lists = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                lists.asked.append((self.path, self.rfile.read(length), dict(self.headers)))
                answer: Optional[bytes] = lists.answers.get(self.path)
                self.send_response(404 if answer is None else 200)
                self.end_headers()
                self.wfile.write(answer or b"")

            def log_message(self, format: str, *arguments: Any) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def __enter__(self) -> "Lists":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """The network is cut; again is as good as once."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
