// The page without network. The address says what is wanted; what can be shown comes from this person's
// part of the device, and everything else says so. With the network back, what waits is sent and the
// server's own page takes over.
import { LitElement, html, nothing, type TemplateResult } from "lit";
import "./elements/prefs";
import { Gone, SignedOut } from "./device/contact";
import { expire, sentence, signOut } from "./device/keeper";
import { flush, outgoing, seen } from "./device/outbox";
import { copyButton, words } from "./device/refused";
import { device, ownerAt, Store, type Case, type Outgoing, type Owner, type Paper, type Sitting, type Text } from "./device/store";
import { wanted } from "./device/take";
import { moment } from "./device/words";
import { recall } from "./elements/prefs";
import { endPush } from "./lib/push";
import { t } from "./lib/t";
import { fill, frame, type Line } from "./offline/paper";
import { session } from "./offline/session";
import { hall, keepOpinion, keepRequest, opinion } from "./offline/writing";

const TRY_EVERY = 15_000;

type View =
  | { name: "nobody" }
  | { name: "home" }
  | { name: "session"; of: Case }
  | { name: "paper"; of: Case; paper: Paper; old: boolean }
  | { name: "opinion"; of: Case; paper: Paper; text: Text | null }
  | { name: "hall"; of: Case; sitting: Sitting };

class Offline extends LitElement {
  private owner: Owner | null = null;
  private store: Store | null = null;
  private cases: Case[] = [];
  private outbox: Outgoing[] = [];
  private waitingNotes = 0;
  private here = new Set<string>(); // SHA-256 of files that are whole
  private view: View | null = null;
  private line: Line = "off";
  private busy = false;
  private news = false;
  private written = "";

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const { theme, size } = cookie() ?? recall();
    document.documentElement.dataset["bsTheme"] = theme;
    document.documentElement.dataset["size"] = size;
    window.addEventListener("online", () => void this.contact());
    // Tries to find the network again, and only while there is none.
    setInterval(() => this.line !== "back" && void this.contact(), TRY_EVERY);
    void this.open();
  }

  private async open(): Promise<void> {
    this.owner = (await ownerAt(location.pathname).catch(() => undefined)) ?? null;
    if (this.owner && !(await device.get<boolean>("ended"))) {
      this.store = await Store.open(this.owner.person);
      await expire(this.store);
      await this.load();
    }
    await this.turn();
    await this.updateComplete;
    if (this.view?.name === "paper") {
      const { paper, of } = this.view;
      const room = this.querySelector<HTMLElement>(".nt-offline-paper")!;
      await fill(room, paper, of, this.store!, this.owner!.person, this.here.has(paper.file.sha256));
    }
    void this.contact();
  }

  private async turn(): Promise<void> {
    this.view = await this.choose();
    document.body.classList.toggle("nt-bare", this.view.name === "paper");
    document.querySelector("main")!.classList.toggle("nt-bare-main", this.view.name === "paper");
    this.requestUpdate();
  }

  private async load(): Promise<void> {
    if (!this.store) return;
    this.cases = await this.store.cases();
    this.outbox = (await outgoing(this.store)).filter((one) => one.kind !== "place");
    this.waitingNotes = (await this.store.keys("waiting")).length;
    this.here = new Set((await this.store.all<{ sha256: string; complete: boolean }>("files")).filter((file) => file.complete).map((file) => file.sha256));
  }

  // --- which page ----------------------------------------------------------------------------------

  private async choose(): Promise<View> {
    if (!this.store || !this.owner) return { name: "nobody" };
    const path = location.pathname;
    const paper = /\/tai-lieu\/([0-9a-f-]{36})\/(gop-y\/)?$/.exec(path);
    if (paper) {
      for (const of of this.cases) {
        const found = of.manifest.papers.find((one) => one.id === paper[1]);
        if (!found) continue;
        if (paper[2]) return { name: "opinion", of, paper: found, text: (await this.store.get<Text>("texts", found.version_id)) ?? null };
        const old = of.old[found.id];
        const useOld = old !== undefined && !this.here.has(found.file.sha256);
        return { name: "paper", of, paper: useOld ? old : found, old: useOld };
      }
    }
    const session = /\/ky-hop\/(\d+)\//.exec(path);
    const of = session && this.cases.find((one) => one.number === Number(session[1]));
    if (of) {
      const sitting = of.manifest.agenda.map((part) => part.sitting).find((one) => one !== null && path.startsWith(one.hall));
      return sitting ? { name: "hall", of, sitting } : { name: "session", of };
    }
    return { name: "home" };
  }

  // --- the network ---------------------------------------------------------------------------------

  /** Try to reach the server: send what waits, see whether this build is still the server's. */
  private async contact(): Promise<void> {
    if (this.busy) return;
    if (!this.owner || !this.store) return this.knock();
    this.busy = true;
    try {
      const told = await flush(this.store, this.owner);
      document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.setAttribute("content", told.csrf);
      this.news = told.version !== this.getAttribute("version");
      this.line = "back";
    } catch (error) {
      this.line = error instanceof SignedOut ? "signed-out" : error instanceof Gone ? "gone" : "off";
    }
    this.busy = false;
    if (this.line === "gone") await this.store.dropPapers().catch(() => undefined);
    await this.load().catch(() => undefined); // some of it may be sent or refused now; or emptied
    if (this.line === "gone") await this.turn();
    if (!this.outbox.some((one) => one.state === "waiting")) this.written = "";
    this.requestUpdate();
  }

  /** Nobody's papers are here: only whether the server answers. */
  private async knock(): Promise<void> {
    const there = await fetch("/healthz", { cache: "no-store" }).then((answer) => answer.ok, () => false);
    this.line = there ? "back" : "off";
    this.requestUpdate();
  }

  // --- frame -----------------------------------------------------------------------------------------

  protected override render(): TemplateResult | typeof nothing {
    const view = this.view;
    if (!view) return nothing;
    if (view.name === "paper") return frame(view.of, view.paper, view.old, this.line);
    return html`<div class="nt-offline">
      <div class="nt-hall-top"><a class="btn" href=${this.owner ? `/${this.owner.slug}/` : "/"}>${t("Cặp tài liệu trên máy")}</a><nt-prefs></nt-prefs></div>
      ${this.banner()} ${this.inside(view)} ${this.waiting()} ${this.foot()}
    </div>`;
  }

  private inside(view: View): TemplateResult {
    if (view.name === "nobody") return this.nobody();
    if (view.name === "session") return session(view.of, this.here);
    if (view.name === "opinion") {
      return opinion(view.paper, view.text, this.written, (event) => void this.keep(event, () => keepOpinion(event, view.paper, this.store!)));
    }
    if (view.name === "hall") {
      return hall(view.of, view.sitting, this.line === "back", this.written, (event) => void this.keep(event, () => keepRequest(event, view.sitting, this.owner!)));
    }
    return this.home();
  }

  private banner(): TemplateResult {
    const text = {
      off: t("Không tới được máy chủ. Trang này mở từ máy của quý vị; điều viết ở đây chưa tới máy chủ cho đến khi có mạng."),
      back: this.news
        ? t("Đã có mạng lại. Máy chủ vừa có bản phần mềm mới, khác bản trên máy này; hãy mở trang của máy chủ.")
        : t("Đã có mạng lại. Hãy mở trang của máy chủ để thấy những gì mới."),
      "signed-out": t("Đã tới được máy chủ, nhưng phiên đăng nhập trên máy này đã hết. Điều chưa gửi vẫn còn trên máy; hãy đăng nhập lại bằng đúng tài khoản ấy."),
      gone: t("Đã tới được máy chủ, nhưng tài khoản này không còn thuộc Hội đồng này, nên tài liệu đã xóa khỏi máy. Điều chưa gửi vẫn còn trên máy. Nếu đây là nhầm lẫn, hãy báo Văn phòng."),
    }[this.line];
    const reached = this.line !== "off";
    return html`<p class="nt-message ${reached ? "nt-message-info" : "nt-message-warning"}" role="status" data-line=${this.line}>
      <span>${text}</span>
      ${reached ? html`<button type="button" class="btn btn-primary" data-nt-reload>${t("Mở trang của máy chủ")}</button>` : html`<button type="button" class="btn" @click=${() => void this.contact()}>${t("Thử lại")}</button>`}
    </p>`;
  }

  private foot(): TemplateResult {
    return html`<p class="nt-stat-note">${this.owner ? html`${this.owner.name} · ` : nothing}${t("Phần mềm trên máy: bản")} ${this.getAttribute("version")}
      ${this.owner && this.store ? html` · <button type="button" class="btn" data-act="sign-out" @click=${() => void this.leave()}>${t("Đăng xuất và xóa khỏi máy")}</button>` : nothing}</p>`;
  }

  /** Without network the sign-in on the server cannot end now: it ends at the next contact, before
   *  anything is shown; what lies on the device goes at once. */
  private async leave(): Promise<void> {
    if (!(await signOut())) return;
    await endPush();
    await device.put("ended", true);
    this.store = null;
    this.owner = null;
    this.view = { name: "nobody" };
    this.requestUpdate();
  }

  private nobody(): TemplateResult {
    return html`<h1>${this.line === "off" ? t("Không có mạng") : t("Máy này chưa giữ tài liệu nào")}</h1>
      <p>${t("Trên máy này không có cặp tài liệu của ai đang đăng nhập. Khi có mạng, hãy đăng nhập rồi bấm «Tải cặp tài liệu» ở trang kỳ họp.")}</p>`;
  }

  private home(): TemplateResult {
    const other = this.owner && location.pathname !== `/${this.owner.slug}/`;
    return html`<h1>${t("Cặp tài liệu trên máy")}</h1>
      ${other ? html`<p class="nt-message nt-message-info">${t("Trang quý vị gọi không có trên máy, cần mạng mới mở được. Đây là những gì đọc được ngay.")}</p>` : nothing}
      ${this.cases.length
        ? html`<ul class="list-unstyled nt-stack">${this.cases.map(
            (of) => html`<li><a class="card text-reset text-decoration-none" href=${`/${of.manifest.council.slug}/ky-hop/${of.number}/`}><div class="card-body"><strong>${of.manifest.session.title}</strong><br /><span class="nt-stat-note">${of.manifest.council.name} · ${t("%(n)s tài liệu", { n: wanted(of.manifest).length })} · ${t("lấy về")} ${moment(of.done || of.asked)}</span></div></a></li>`,
          )}</ul>`
        : html`<p>${t("Chưa có kỳ họp nào trên máy này.")}</p>`}`;
  }

  /** Keep what was written on the device, say so, and try at once to send it. */
  private async keep(event: SubmitEvent, write: () => Promise<string>): Promise<void> {
    event.preventDefault();
    this.written = await write();
    await this.load();
    this.requestUpdate();
    void this.contact();
  }

  // --- what waits ----------------------------------------------------------------------------------------

  private waiting(): TemplateResult | typeof nothing {
    if (this.outbox.length === 0 && this.waitingNotes === 0) return nothing;
    return html`<section class="card mt-3" data-outbox><div class="card-header"><h2 class="card-title h3">${t("Viết khi mất mạng")}</h2></div><div class="card-body">
      ${this.waitingNotes ? html`<p>${t("%(n)s ghi chú trên tài liệu chờ có mạng để gửi.", { n: this.waitingNotes })}</p>` : nothing}
      <ul class="list-unstyled nt-stack">${this.outbox.map(
        (one) => html`<li class="nt-row" data-outgoing-state=${one.state}><span class="flex-fill">${sentence(one)}</span>${words(one)}${copyButton(one)}
          <button type="button" class="btn" @click=${() => void this.discard(one)}>${one.state === "waiting" ? t("Bỏ, không gửi") : t("Đã xem")}</button></li>`,
      )}</ul></div></section>`;
  }

  private async discard(one: Outgoing): Promise<void> {
    await seen(this.store!, one);
    await this.load();
    this.requestUpdate();
  }
}

function cookie(): { theme: string; size: string } | null {
  const found = /(?:^|; )nt_ui=(\w*)\.(\w+)/.exec(document.cookie);
  return found ? { theme: found[1] === "dark" ? "dark" : "light", size: found[2]! } : null;
}

customElements.define("nt-offline", Offline);
