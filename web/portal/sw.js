// Keeps the portal's own files, so that a check works offline after a first visit. Signed lists and
// schemas are kept by js/evidence.js, which knows which of two is newer.

const KEPT = "mohar-shell-1";
const FILES = ["/", "/portal.css", "/seal.svg", ...["app", "bytes", "cbor", "cose", "credential", "evidence", "lists", "scan", "scsu", "strings", "verify", "words"].map((n) => `/js/${n}.js`)];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((kept) => kept.addAll(FILES)).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// The network's copy while there is a network, so that a correction reaches everybody at once.
self.addEventListener("fetch", (event) => {
  const path = new URL(event.request.url).pathname;
  if (event.request.method !== "GET" || !FILES.includes(path)) return;
  event.respondWith(fresh(path));
});

async function fresh(path) {
  const kept = await caches.open(KEPT);
  try {
    const answer = await fetch(path, { signal: AbortSignal.timeout(4000) });
    if (!answer.ok) throw new Error(path);
    await kept.put(path, answer.clone());
    return answer;
  } catch {
    return (await kept.match(path)) ?? Response.error();
  }
}
