// On every page of a device that holds something: whose device it is now, what waits is sent, what
// became of it is told, sessions past their date leave, marks are brought up to date, a sign-out
// empties it. Loaded only where a briefcase was taken (lib/holder.ts).
import { html, render } from "lit";
import { ask, notify } from "../elements/page";
import { endPush } from "../lib/push";
import { t } from "../lib/t";
import { Gone, hello, Refused, report } from "./contact";
import { flush, outgoing, seen } from "./outbox";
import { copyButton, words } from "./refused";
import { device, leave, people, settle, Store, wipe, wipeAll, type Case, type Outgoing, type Owner } from "./store";
import { NO_READER, Taker } from "./take";
import { moment } from "./words";

const LOOK_EVERY = 5 * 60_000;

/** Sessions whose date has passed leave the device, whoever uses it. */
export async function expire(store: Store, today = new Date().toISOString().slice(0, 10)): Promise<number> {
  let gone = 0;
  for (const one of await store.cases()) {
    if (one.manifest.keep_until >= today) continue;
    await store.remove("cases", one.number);
    gone += 1;
  }
  if (gone > 0) await store.sweep();
  return gone;
}

/** This person is signed in: papers of other accounts leave; what those wrote and could not send stays
 *  for when they are back. First it becomes theirs: a line cut in between must not leave it another's. */
export async function welcome(owner: Owner): Promise<void> {
  const others = (await people()).filter((other) => other.account !== owner.account);
  await settle(owner);
  await leave(others);
}

/** Who is of their council no more (the server knows them there no longer) reads its papers no more. */
export async function dropEnded(kept: Owner[]): Promise<void> {
  for (const one of kept) {
    try {
      await hello(one);
    } catch (error) {
      if (error instanceof Gone) await leave([one]);
    }
  }
}

export const manifestUrl = (slug: string, number: number): string => `/${slug}/ky-hop/${number}/cap-tai-lieu.json`;
export const notesUrl = (slug: string, number: number): string => `/${slug}/ky-hop/${number}/cap-tai-lieu/ghi-chu.json`;

export async function keep(owner: Owner | null): Promise<void> {
  for (const one of await people()) {
    const store = await Store.open(one.person);
    await expire(store);
    store.close();
  }
  if (owner) await welcome(owner);
  await dropEnded((await people()).filter((one) => one.person !== owner?.person));
  if (!owner) return;
  const store = await Store.open(owner.person);
  const send = async (): Promise<void> => {
    try {
      const told = await flush(store, owner);
      if (told.wipe) await empty();
    } catch {
      // no network or another sign-in: it waits, and the page tells so itself
    }
    await tell(store);
  };
  window.addEventListener("online", () => void send());
  await send();
  await look(store, owner);
  // The same account in another council, whose pages may never be opened here again: what was written there
  // is sent, and a right to read that ended there is noticed.
  for (const one of (await people()).filter((other) => other.account === owner.account && other.person !== owner.person)) {
    const theirs = await Store.open(one.person);
    await flush(theirs, one).catch(() => undefined);
    await tell(theirs);
    await look(theirs, one);
    theirs.close();
  }
}

async function look(store: Store, owner: Owner): Promise<void> {
  const last = (await device.get<number>(`looked-${owner.person}`)) ?? 0;
  if (Date.now() - last < LOOK_EVERY) return;
  await device.put(`looked-${owner.person}`, Date.now());
  let lost = "";
  for (const one of await store.cases()) {
    const taker = new Taker(store, one.number, { url: manifestUrl(owner.slug, one.number), notes: notesUrl(owner.slug, one.number) });
    await taker.open();
    await taker.look().catch((error: unknown) => {
      if (error instanceof Refused && error.code === NO_READER) lost = one.manifest.council.name;
    });
  }
  if (lost) notify("warning", t("%(council)s: quý vị không còn quyền đọc tài liệu kỳ họp nên cặp tài liệu đã được gỡ khỏi máy này. Điều đã viết mà chưa gửi vẫn ở trên máy; điều nào không còn nơi nhận, máy báo để quý vị chép lời.", { council: lost }));
  try {
    if ((await report(owner, store)).wipe) await empty();
  } catch {
    // the next page asks again
  }
}

/** The server ordered it: nothing stays, and the sign-in ends. The worker does the same by itself. */
async function empty(): Promise<void> {
  const key = await device.get<string>("key");
  forgetMark();
  await wipeAll();
  await endPush();
  if (key) await fetch(`/may/${key}/`, { method: "POST" }).catch(() => undefined);
  location.assign("/");
}

function forgetMark(): void {
  try {
    localStorage.removeItem("nt_case");
  } catch {
    // a browser that keeps nothing kept no mark
  }
}

/** What became of what was written without network. A refusal, with the words that went nowhere, is shown
 *  on every page until the person says that they have seen it; × only clears this page. */
export async function tell(store: Store): Promise<void> {
  const shown = new Set([...document.querySelectorAll<HTMLElement>("[data-outgoing]")].map((box) => box.dataset["outgoing"]));
  for (const one of await outgoing(store)) {
    if (one.state === "waiting" || shown.has(one.nonce)) continue;
    const box = notify(one.state === "sent" ? "success" : "warning", sentence(one), { stays: true });
    if (!box) return;
    box.dataset["outgoing"] = one.nonce;
    if (one.state === "sent") await store.remove("outbox", one.nonce);
    else box.querySelector("p")!.replaceWith(refusal(store, one));
  }
}

/** The store that it was told from may be closed by now. */
async function forget(person: string, one: Outgoing): Promise<void> {
  const store = await Store.open(person);
  await seen(store, one);
  store.close();
}

function refusal(store: Store, one: Outgoing): HTMLElement {
  const said = document.createElement("div");
  said.className = "flex-fill nt-stack";
  const button = html`<button type="button" class="btn" data-nt-dismiss data-act="seen" @click=${() => void forget(store.person, one)}>${t("Đã xem")}</button>`;
  render(html`<p>${sentence(one)}</p>${words(one)}<div class="nt-row">${copyButton(one)}${button}</div>`, said);
  return said;
}

export function sentence(one: Outgoing): string {
  const state = one.state === "sent" ? t("Đã gửi") : one.state === "refused" ? t("Không gửi được") : t("Chờ có mạng để gửi");
  return `${state}: ${one.label} (${t("ghi lúc")} ${moment(one.made)}). ${one.answer}`.trim();
}

/** Ask about what would be lost, then empty. False: the person stays. */
export async function signOut(): Promise<boolean> {
  const owner = await device.get<Owner>("owner");
  const mine = (await people()).filter((one) => !owner || one.account === owner.account);
  let unsent = 0;
  let refused = 0; // of those: no network will send them
  for (const one of mine) {
    const store = await Store.open(one.person);
    unsent += await store.unsent();
    refused += (await outgoing(store)).filter((row) => row.state === "refused").length;
    store.close();
  }
  const why = [
    unsent > refused ? t("Ghi chú, ý kiến viết khi mất mạng mà chưa gửi sẽ mất khi đăng xuất. Hãy ở lại đến khi có mạng, chúng sẽ tự gửi.") : "",
    refused > 0 ? t("%(n)s điều máy chủ không nhận nên không tự gửi nữa, lời chỉ còn trên máy này: hãy chép lời rồi bấm «Đã xem» ở thông báo trước khi đăng xuất.", { n: refused }) : "",
  ];
  if (
    unsent > 0 &&
    !(await ask(t("Còn %(n)s điều chưa gửi. Vẫn đăng xuất?", { n: unsent }), {
      detail: why.join(" ").trim(),
      yes: t("Đăng xuất và bỏ"),
      danger: true,
    }))
  )
    return false;
  await wipe(mine);
  for (const one of mine) await report(one, null).catch(() => undefined); // without network: later, or never
  if ((await people()).length === 0) forgetMark();
  return true;
}

export type { Case };
