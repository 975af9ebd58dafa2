// What was written without network and waits: opinions, requests to speak, pages read. Each carries the
// nonce made when it was written, by which the server knows it again; the token is asked for at the
// moment of sending. What the server refuses, and what came too late, is told to the person.
import { nonce } from "../lib/nonce";
import { t } from "../lib/t";
import { DeviceQueue } from "../reader/queue";
import { AT_ONCE, type Answer, type Note } from "../reader/types";
import { AnotherPerson, ask, Faulty, Gone, hello, Refused, SignedOut, type Hello } from "./contact";
import type { Outgoing, Owner, Sent, Store } from "./store";

export async function write(store: Store, kind: Sent, url: string, fields: Record<string, string>, label: string, until = "", key: string = nonce()): Promise<Outgoing> {
  const out: Outgoing = { nonce: key, kind, url, fields, label, made: new Date().toISOString(), until, state: "waiting", answer: "" };
  await store.put("outbox", out);
  return out;
}

export const outgoing = async (store: Store): Promise<Outgoing[]> =>
  (await store.all<Outgoing>("outbox")).sort((a, b) => (a.made < b.made ? -1 : 1));

// Not a constant: the worker loads this too, and has no page to take words from.
const noPlace = (): string => t("Không còn nơi nhận trên máy chủ: tài liệu hoặc phiên họp này không còn mở cho quý vị.");

async function end(store: Store, one: Outgoing, state: "sent" | "refused", answer: string): Promise<void> {
  if (one.kind === "place") await store.remove("outbox", one.nonce); // nothing anybody has to read
  else await store.put("outbox", { ...one, state, answer });
}

function sending(one: Outgoing, told: Hello): RequestInit & { url: string } {
  if (one.kind === "opinion") {
    return {
      url: one.url,
      method: "POST",
      headers: { "X-CSRFToken": told.csrf, "Content-Type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ ...one.fields, nonce: one.nonce }).toString(),
    };
  }
  return {
    url: one.url,
    method: "POST",
    headers: { "X-CSRFToken": told.csrf, "Content-Type": "application/json" },
    body: JSON.stringify(one.kind === "place" ? { ...one.fields, page: Number(one.fields["page"]), zoom: Number(one.fields["zoom"]) } : { ...one.fields, nonce: one.nonce }),
  };
}

/** Whether this page is the hall of another sitting: its ticket must not be taken from under its votes. */
const inAnotherHall = (sitting: string): boolean => (document.querySelector("[sitting]")?.getAttribute("sitting") ?? sitting) !== sitting;

/** Send what waits, oldest first. Returns the server's greeting; throws when it cannot be reached or
 *  somebody else is signed in. Another page of this browser may be sending too: one at a time. */
export async function flush(store: Store, owner: Owner): Promise<Hello> {
  const work = (): Promise<Hello> => sendAll(store, owner);
  return navigator.locks ? navigator.locks.request(`nt-outbox-${store.person}`, work) : work();
}

async function sendAll(store: Store, owner: Owner): Promise<Hello> {
  const told = await hello(owner);
  for (const one of await outgoing(store)) {
    if (one.state !== "waiting") continue;
    if (one.until !== "" && new Date(one.until) < new Date()) {
      await end(store, one, "refused", t("Không gửi nữa: phiên họp ấy đã qua khi máy có mạng lại. Nếu còn muốn phát biểu, hãy đăng ký trong phiên đang họp."));
      continue;
    }
    if (one.kind === "ask" && inAnotherHall(one.fields["sitting"]!)) continue;
    try {
      // The hall's commands need the ticket that its page gives; reading the page is taking it.
      if (one.kind === "ask") await ask(one.fields["hall"]!, owner.person, { headers: { Accept: "text/html" } });
      const { url, ...init } = sending(one, told);
      const response = await ask(url, owner.person, init);
      const answer = (await response.json().catch(() => ({}))) as { message?: string };
      await end(store, one, "sent", answer.message ?? t("Máy chủ đã ghi nhận."));
    } catch (error) {
      if (error instanceof Gone) await end(store, one, "refused", noPlace());
      else if (error instanceof Refused) await end(store, one, "refused", error.message);
      // One that the server fails at must not hold back those written after it.
      else if (error instanceof Faulty) await store.put("outbox", { ...one, answer: t("Máy chủ gặp lỗi khi nhận điều này; máy sẽ thử lại.") });
      else if (error instanceof AnotherPerson) {
        // Still the same person after all: then it is this one that was written as another's (on a page of
        // another council), and it must not hold back the rest. Otherwise this throws and all goes on waiting.
        await hello(owner);
        await end(store, one, "refused", t("Điều này viết ở trang của Hội đồng khác nên không gửi được bằng tư cách này. Hãy chép lời rồi gửi lại ở trang của Hội đồng đó."));
      } else throw error; // no network, or another sign-in is asked for: it goes on waiting
    }
  }
  await sendNotes(store, owner, told);
  return told;
}

/** Notes on papers, which need not be opened again for it. What the server refuses stays: the reader says
 *  why when the paper is opened. Words on a paper that opens to this person no more are told once, as a
 *  refused opinion is, to be copied; until they were seen they wait on, and so do marks without words: the
 *  paper may open again. Nothing is asked back (`since`). */
async function sendNotes(store: Store, owner: Owner, told: Hello): Promise<void> {
  const queue = new DeviceQueue(store);
  const byUrl = new Map<string, Note[]>();
  for (const { url, note } of await queue.all()) byUrl.set(url, [...(byUrl.get(url) ?? []), note]);
  for (const [url, notes] of byUrl) {
    for (let at = 0; at < notes.length; at += AT_ONCE) {
      const sent = notes.slice(at, at + AT_ONCE);
      const changes = sent.map(({ shared: _, ...change }) => change);
      const headers = { "X-CSRFToken": told.csrf, "Content-Type": "application/json" };
      try {
        const response = await ask(url, owner.person, { method: "POST", headers, body: JSON.stringify({ since: Number.MAX_SAFE_INTEGER, changes }) });
        const refused = new Set((((await response.json()) as Answer).refused ?? []).map((one) => one.id));
        for (const note of sent) if (!refused.has(note.id)) await queue.done(note);
        await store.remove("outbox", strandedKey(url)); // it opened again
      } catch (error) {
        if (error instanceof Gone) await tellStranded(store, url, notes);
        else if (!(error instanceof Refused || error instanceof Faulty)) throw error;
      }
    }
  }
}

const strandedKey = (url: string): string => `stranded ${url}`;
const worded = (note: Note): boolean => !note.removed && note.text.trim() !== "";

async function tellStranded(store: Store, url: string, notes: Note[]): Promise<void> {
  const told = notes.filter(worded);
  if (told.length === 0) return;
  const text = told.map((note) => t("Trang %(page)s: %(words)s", { page: note.page, words: note.text.trim() })).join("\n");
  const before = await store.get<Outgoing>("outbox", strandedKey(url));
  if (before?.fields["text"] === text) return;
  const found = await store.find((paper) => paper.notes === url); // not after the papers were taken away
  const paper = found?.paper.title ?? before?.fields["paper"] ?? "";
  const label = paper ? t("%(n)s ghi chú trên «%(paper)s»", { n: told.length, paper }) : t("%(n)s ghi chú trên một tài liệu", { n: told.length });
  const made = new Date().toISOString();
  await store.put("outbox", { nonce: strandedKey(url), kind: "note", url, fields: { text, paper }, label, made, until: "", state: "refused", answer: noPlace() } satisfies Outgoing);
}

/** The person has seen what became of it: it goes, and with told notes the words that wait. */
export async function seen(store: Store, one: Outgoing): Promise<void> {
  if (one.kind === "note") {
    const queue = new DeviceQueue(store);
    for (const { url, note } of await queue.all()) if (url === one.url && worded(note)) await queue.done(note);
  }
  await store.remove("outbox", one.nonce);
}

export { SignedOut };
