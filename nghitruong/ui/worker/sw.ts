// The service worker. It shows the page without network when the server cannot be reached, gives that
// page its files, and empties the device when the server says it is lost. It never keeps a page of the
// server: what it shows is either fresh, or says that there is no network.
/// <reference lib="webworker" />
import { device, leave, ownerAt, people, wipe, wipeAll, type Owner } from "../islands/device/store";
import { write } from "../islands/device/outbox";
import { Store } from "../islands/device/store";

declare const self: ServiceWorkerGlobalScope & {
  NT: { version: string; page: string; files: string[]; logout: string; login: string; device: string };
};

const NT = self.NT;
const SHELL = `nt-shell-${NT.version}`;
const PATIENCE = 10_000; // a line that is there but carries nothing
const ORDER_EVERY = 60_000;
const SHORT = 2_000; // for questions that must not hold a page up
const NOBODY = "00000000-0000-0000-0000-000000000000";

self.addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(SHELL);
      await cache.addAll([...NT.files, new Request(NT.page, { cache: "reload", credentials: "omit" })]);
      await self.skipWaiting();
    })(),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      // One build back stays: a page of it may still be open and ask for a file.
      const shells = (await caches.keys()).filter((name) => name.startsWith("nt-shell-") && name !== SHELL);
      for (const name of shells.slice(0, -1)) await caches.delete(name);
      await self.clients.claim();
    })(),
  );
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (url.origin !== self.location.origin) return;
  if (event.request.mode === "navigate") {
    if (event.request.method === "GET") event.respondWith(navigate(event));
    else if (url.pathname === NT.logout) event.respondWith(signOut(event.request));
    else if (/\/tai-lieu\/[0-9a-f-]{36}\/gop-y\/$/.test(url.pathname)) event.respondWith(opinion(event.request));
  } else if (event.request.method === "GET" && url.pathname.startsWith("/static/")) {
    event.respondWith(asset(event.request));
  }
});

/** Files of this build first; of an older one, only what carries its content's hash in its name. */
async function asset(request: Request): Promise<Response> {
  const own = await (await caches.open(SHELL)).match(request);
  if (own) return own;
  const hashed = /-[\w-]{8,}\.\w+$/.test(new URL(request.url).pathname);
  return (hashed && (await caches.match(request))) || fetch(request);
}

async function shell(): Promise<Response> {
  const cache = await caches.open(SHELL);
  return (await cache.match(NT.page)) ?? Response.error();
}

async function navigate(event: FetchEvent): Promise<Response> {
  const page = fresh(event.request);
  event.waitUntil(page.catch(() => undefined)); // an order begun is carried out, whatever is shown
  const over = new AbortController();
  try {
    return (await Promise.race([page, silence(over.signal)])) ?? (await shell());
  } catch {
    return shell();
  } finally {
    over.abort();
  }
}

/** The server's own page, or where an order or an unfinished sign-out leads. */
async function fresh(request: Request): Promise<Response> {
  const led = await duties(ORDER_EVERY);
  if (led) return led;
  const response = await fetch(request);
  // Led away, perhaps to the sign-in: an order ends the sign-in first.
  const away = response.type === "opaqueredirect" || response.redirected;
  return (away && (await duties(0))) || response;
}

/** Ends when nothing came for long and the server is not there at all. While it is there, it is still
 *  making what was asked for (a table, a bundle of papers): never ends. */
async function silence(over: AbortSignal): Promise<null> {
  for (;;) {
    await new Promise((done) => setTimeout(done, PATIENCE));
    if (over.aborted) return null;
    const there = await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(SHORT) }).catch(() => null);
    if (!there?.ok) return null;
  }
}

/** A sign-out whose page could not empty the device itself (tapped too early): the papers of the account
 *  leave; what was not sent stays, for nobody was asked. Without network it is finished later. */
async function signOut(request: Request): Promise<Response> {
  const response = await fetch(request).catch(() => null);
  if (!response) await device.put("ended", true);
  if (!response || response.type === "opaqueredirect" || response.ok) {
    const owner = await device.get<Owner>("owner").catch(() => undefined);
    if (owner) await leave((await people()).filter((one) => one.account === owner.account)).catch(() => undefined);
  }
  return response ?? shell();
}

/** An opinion whose form was sent into nothing waits on the device, with the nonce of its form: had it
 *  arrived after all, the server knows it again. */
async function opinion(request: Request): Promise<Response> {
  const copy = request.clone();
  try {
    return await fetch(request);
  } catch {
    const url = new URL(request.url);
    const owner = await ownerAt(url.pathname).catch(() => undefined);
    if (!owner) return shell();
    const form = await copy.formData();
    const text = String(form.get("text") ?? "");
    const store = await Store.open(owner.person);
    const key = String(form.get("nonce") ?? "");
    const label = `Ý kiến: ${text.slice(0, 80)}`;
    if (text.trim() && key) await write(store, "opinion", url.pathname + url.search, { text }, label, "", key);
    store.close();
    return Response.redirect(url.pathname, 303);
  }
}

let asked = 0;

/** Before anything else of the server is shown: finish a sign-out made without network, and obey an
 *  order to empty the device. Throws when the server cannot be reached. */
async function duties(every: number): Promise<Response | null> {
  if (await device.get<boolean>("ended").catch(() => false)) {
    await endSession();
    await device.remove("ended");
    return Response.redirect(NT.login, 303);
  }
  const key = await device.get<string>("key").catch(() => undefined);
  if (!key || Date.now() - asked < every) return null;
  const url = NT.device.replace(NOBODY, key);
  let response: Response;
  try {
    response = await fetch(url, { cache: "no-store", signal: AbortSignal.timeout(SHORT) });
  } catch (error) {
    if ((error as Error).name === "TimeoutError") return null; // slow: the page may come, the order next time
    throw error;
  }
  if (!response.ok) return null;
  asked = Date.now();
  if (!((await response.json()) as { wipe: boolean }).wipe) return null;
  await wipe(await people());
  await wipeAll();
  await device.put("ended", true); // the key is gone with the rest: what is not ended now would never be
  await endSession().then(() => device.remove("ended"), () => undefined);
  await fetch(url, { method: "POST" });
  return Response.redirect(NT.login, 303);
}

/** The token is read at the moment it is used: from the page that asks whether to sign out. Throws while
 *  it is not sure that nobody is signed in any more: a page of a server in trouble, or of what stands in
 *  front of it, says nothing of that, and the next person at a shared tablet must not meet the last one. */
async function endSession(): Promise<void> {
  const page = await fetch(NT.logout, { credentials: "same-origin", cache: "no-store" });
  if (page.redirected) return; // signed out already: that page leads away
  const token = /name="csrf-token" content="([^"]+)"/.exec(await page.text())?.[1];
  if (!token) throw new Error(`sign-out: ${page.status}`);
  const done = await fetch(NT.logout, { method: "POST", headers: { "X-CSRFToken": token }, redirect: "manual" });
  if (done.type !== "opaqueredirect" && !done.ok) throw new Error(`sign-out: ${done.status}`);
}
