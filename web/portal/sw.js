// Keeps the portal's own files, so that a check works offline after a first visit. Signed lists and
// schemas are kept by the package, which knows which of two is newer. STATE, FILES and LATER (kept once
// they were needed) stand above: the service writes them. Another state is another service worker, which
// fetches all files anew.

const PREFIX = "mohar-shell-";
const KEPT = PREFIX + STATE;

self.addEventListener("install", (event) => {
  event.waitUntil(install());
  // Browsers that know routes look up what is kept, and ask the service, without waking this up first.
  event.addRoutes?.([
    ...FILES.map((pathname) => ({ condition: { urlPattern: { pathname, search: "" } }, source: { cacheName: KEPT } })),
    { condition: { urlPattern: { pathname: "/v1/*" } }, source: "network" },
    { condition: { urlPattern: { pathname: "/schemas.json" } }, source: "network" },
  ]).catch(() => {});
});
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== location.origin || ![...FILES, ...LATER].includes(pathname)) return;
  event.respondWith(answer(pathname));
});

async function install() {
  const kept = await caches.open(KEPT);
  // What the page has just loaded need not be sent again: the service answers that it is unchanged.
  const later = (await caches.match(LATER[0])) ? LATER : [];
  await kept.addAll([...FILES, ...later].map((path) => new Request(path, { cache: "no-cache" })));
  await self.skipWaiting();
}

async function activate() {
  const old = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== KEPT);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

// All files of one state, at once and without the network.
async function answer(path) {
  const kept = await caches.open(KEPT), found = await kept.match(path);
  if (found) return found;
  const fetched = await fetch(path);
  if (fetched.ok) await kept.put(path, fetched.clone());
  return fetched;
}
