// The page without network. The address says what is wanted; what can be shown comes from this person's
// part of the device, and everything else says so. With the network back, what waits is sent and the
// server's own page takes over.
import { LitElement, html, nothing, render as draw, type TemplateResult } from "lit";
import "./elements/prefs";
import { keepAsking } from "./device/asking";
import { Gone, SignedOut } from "./device/contact";
import { sentence, signOut } from "./device/keeper";
import { flush, outgoing, write } from "./device/outbox";
import { expire } from "./device/keeper";
import { device, Store, type AgendaItem, type Case, type OwnNotes, type Outgoing, type Owner, type Paper, type Place, type Sitting, type Text } from "./device/store";
import { wanted } from "./device/take";
import { moment } from "./device/words";
import { recall } from "./elements/prefs";
import { endPush } from "./lib/push";
import { t } from "./lib/t";
import type { State } from "./reader/types";

const TRY_EVERY = 15_000;
const KINDS: Record<string, string> = { speech: t("Đăng ký phát biểu"), rebuttal: t("Đăng ký tranh luận") };

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
  private line: "off" | "back" | "signed-out" | "gone" = "off";
  private busy = false;
  private news = false;
  private written = "";
  private blob = "";

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
    this.owner = (await device.get<Owner>("owner").catch(() => undefined)) ?? null;
    if (this.owner && !(await device.get<boolean>("ended"))) {
      this.store = await Store.open(this.owner.person);
      await expire(this.store);
      await this.load();
    }
    await this.turn();
    await this.updateComplete;
    if (this.view?.name === "paper") await this.read(this.view.paper, this.view.of);
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
    if (view.name === "paper") return this.paper(view.of, view.paper, view.old);
    return html`<div class="nt-offline">
      <div class="nt-hall-top"><a class="btn" href=${this.owner ? `/${this.owner.slug}/` : "/"}>${t("Cặp tài liệu trên máy")}</a><nt-prefs></nt-prefs></div>
      ${this.banner()} ${this.inside(view)} ${this.waiting()} ${this.foot()}
    </div>`;
  }

  private inside(view: View): TemplateResult {
    if (view.name === "nobody") return this.nobody();
    if (view.name === "session") return this.session(view.of);
    if (view.name === "opinion") return this.opinion(view.paper, view.text);
    if (view.name === "hall") return this.hall(view.of, view.sitting);
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

  // --- a session -------------------------------------------------------------------------------------

  private session(of: Case): TemplateResult {
    const { manifest } = of;
    const papers = new Map(manifest.papers.map((paper) => [paper.id, paper]));
    const sections = [...new Set(manifest.papers.map((paper) => paper.section))];
    return html`<h1>${manifest.session.title}</h1>
      <p>${t("Như máy chủ cho biết")} ${moment(of.asked)}${of.done ? nothing : html` · <strong>${t("chưa tải đủ")}</strong>`}</p>
      <section><h2 class="h3">${t("Chương trình")}</h2>
        ${manifest.agenda.map(
          (part) => html`<article class="card mb-3"><div class="card-body">
            <h3 class="h4">${part.sitting ? html`${t("Phiên")} ${part.sitting.number}: ${part.sitting.title} <small class="nt-stat-note">${moment(part.sitting.starts)}</small>` : t("Chưa xếp phiên")}</h3>
            ${part.sitting && manifest.speaks ? html`<p><a class="btn" href=${part.sitting.hall}>${t("Đăng ký phát biểu khi có mạng")}</a></p>` : nothing}
            <ol class="list-unstyled nt-stack">${part.items.map((item) => this.item(item, papers))}</ol>
          </div></article>`,
        )}
      </section>
      <section><h2 class="h3">${t("Tài liệu")}</h2>
        ${sections.map(
          (section) => html`<h3 class="h4">${section}</h3><ul class="list-unstyled nt-stack">
            ${manifest.papers.filter((paper) => paper.section === section).map((paper) => html`<li>${this.link(paper, of)}</li>`)}
          </ul>`,
        )}
      </section>`;
  }

  private item(item: AgendaItem, papers: Map<string, Paper>): TemplateResult {
    return html`<li><strong>${item.order}. ${item.title}</strong>${item.presenter ? html` <span class="nt-stat-note">${item.presenter}</span>` : nothing}
      ${item.papers.length
        ? html`<ul>${item.papers.map((id) => {
            const paper = papers.get(id);
            return paper ? html`<li><a href=${paper.url}>${paper.title}</a></li>` : nothing;
          })}</ul>`
        : nothing}</li>`;
  }

  private link(paper: Paper, of: Case): TemplateResult {
    const here = this.here.has(paper.file.sha256);
    const note = paper.withdrawn
      ? t("đã rút: %(why)s", { why: paper.withdrawn })
      : here
        ? ""
        : of.old[paper.id]
          ? t("ĐÃ THAY: trên máy là bản %(n)s", { n: of.old[paper.id]!.version })
          : t("chưa có trên máy");
    return html`<span class="nt-binder-tab">${paper.tab}</span> <a href=${paper.url}>${paper.title}</a>${note ? html` <strong>(${note})</strong>` : nothing}
      <br /><span class="nt-stat-note">${[paper.kind, paper.number, t("bản %(n)s", { n: paper.version })].filter(Boolean).join(" · ")}</span>`;
  }

  // --- a paper ---------------------------------------------------------------------------------------

  private paper(of: Case, paper: Paper, old: boolean): TemplateResult {
    const now = of.manifest.papers.find((one) => one.id === paper.id)!;
    return html`<div class="nt-reading">
      <header class="nt-reading-head">
        <a class="btn" href=${`/${of.manifest.council.slug}/ky-hop/${of.number}/`}>${t("Cặp tài liệu")}</a>
        <div class="nt-reading-title"><h1>${paper.title}</h1><p>${[paper.kind, paper.number, t("bản %(n)s", { n: paper.version })].filter(Boolean).join(" · ")}</p></div>
        ${paper.give ? html`<a class="btn" href=${paper.give}>${t("Góp ý")}</a>` : nothing}
      </header>
      <p class="nt-message ${this.line === "back" ? "nt-message-info" : "nt-message-warning"}" role="status" data-line=${this.line}>
        <span>${this.line === "back" ? t("Đã có mạng lại.") : t("Không có mạng: đang đọc từ máy, như máy chủ cho biết %(when)s.", { when: moment(of.asked) })}
        ${now.withdrawn ? t("Tài liệu này đã rút: %(why)s", { why: now.withdrawn }) : nothing}
        ${old ? t("Bản này ĐÃ THAY bằng bản %(n)s, bản mới chưa có trên máy.", { n: now.version }) : nothing}</span>
        ${this.line === "back" || this.line === "signed-out" ? html`<button type="button" class="btn btn-primary" data-nt-reload>${t("Mở trang của máy chủ")}</button>` : nothing}
      </p>
      <div class="nt-offline-paper"></div>
    </div>`;
  }

  /** Give the reader the state that the server's page would give it, from what the device holds. */
  private async read(paper: Paper, of: Case): Promise<void> {
    const room = this.querySelector<HTMLElement>(".nt-offline-paper")!;
    if (!this.here.has(paper.file.sha256)) {
      draw(html`<p class="nt-message">${paper.withdrawn ? t("Tài liệu đã rút không giữ trên máy nữa.") : t("Tài liệu này chưa tải về máy. Có mạng mới mở được.")}</p>`, room);
      return;
    }
    if (paper.file.type !== "application/pdf") {
      await this.show(paper, room);
      return;
    }
    const kept = await this.store!.get<OwnNotes>("notes", paper.version_id);
    const place = (await this.store!.get<Place>("places", paper.version_id)) ?? paper.place;
    const order = wanted(of.manifest);
    const at = order.findIndex((one) => one.id === paper.id);
    const neighbour = (one: Paper | undefined): State["before"] => (one ? { title: one.title, url: one.url } : null);
    const state: State = {
      file: paper.file.url, size: paper.file.size, offline: true, remember: paper.remember,
      version: paper.version_id, person: this.owner!.person, ...place, pages: paper.pages, title: paper.title,
      before: neighbour(order[at - 1]), after: neighbour(order[at + 1]),
      find: `${paper.notes.replace(/ghi-chu\/$/, "")}tim/`, text: paper.page_text,
      notes: {
        url: paper.notes, export: paper.export, bodies: of.manifest.bodies,
        first: { cursor: kept?.cursor ?? 0, since: 0, changes: kept?.changes ?? [], shared: kept?.shared ?? [] },
      },
    };
    const data = document.createElement("script");
    data.type = "application/json";
    data.id = "nt-offline-reader";
    data.textContent = JSON.stringify(state);
    const reader = document.createElement("nt-reader");
    reader.dataset["stateId"] = data.id;
    room.append(data, reader);
  }

  private async show(paper: Paper, room: HTMLElement): Promise<void> {
    const { file } = paper;
    const bytes = await this.store!.bytes(file, 0, file.size);
    this.blob = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>], { type: file.type }));
    const whole = file.type.split("/")[0];
    draw(
      whole === "image"
        ? html`<figure class="nt-media"><img src=${this.blob} alt=${paper.title} /></figure>`
        : whole === "audio"
          ? html`<figure class="nt-media"><audio controls src=${this.blob} aria-label=${paper.title}></audio></figure>`
          : whole === "video"
            ? html`<figure class="nt-media"><video controls playsinline src=${this.blob} aria-label=${paper.title}></video></figure>`
            : html`<p class="nt-message">${t("Loại tệp này không xem được ngay trên trang.")} <a class="btn" href=${this.blob} download=${paper.file_name}>${t("Mở bằng ứng dụng khác")}</a></p>`,
      room,
    );
  }

  // --- an opinion --------------------------------------------------------------------------------------

  private opinion(paper: Paper, text: Text | null): TemplateResult {
    if (!paper.give) return html`<h1>${paper.title}</h1><p class="nt-message">${t("Tài liệu này không nhận ý kiến, hoặc quý vị không phải đại biểu.")}</p>`;
    return html`<h1>${t("Góp ý theo điều, khoản")}</h1><p>${paper.title} · ${t("bản %(n)s", { n: paper.version })} · <a href=${paper.url}>${t("Đọc tài liệu")}</a></p>
      ${this.written ? html`<p class="nt-message nt-message-warning" role="status" data-written>${this.written}</p>` : nothing}
      <form class="card" @submit=${(event: Event) => void this.give(event, paper)}><div class="card-body nt-stack">
        <label class="form-label" for="nt-offline-place">${t("Điều, khoản")}</label>
        <select class="form-select" id="nt-offline-place" name="place">
          <option value="">${t("Toàn văn")}</option>
          ${(text?.places ?? []).map((place) => html`<option value=${JSON.stringify([place.article, place.clause, place.point, place.label])}>${place.label}. ${(place.heading || place.text).slice(0, 90)}</option>`)}
        </select>
        <label class="form-label" for="nt-offline-text">${t("Ý kiến của tôi")}</label>
        <textarea class="form-control" id="nt-offline-text" name="text" rows="6" maxlength="5000" required></textarea>
        <div><button class="btn btn-primary btn-lg">${t("Ghi lại, gửi khi có mạng")}</button></div>
      </div></form>`;
  }

  private async give(event: Event, paper: Paper): Promise<void> {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const data = new FormData(form);
    const [article, clause, point, label] = data.get("place") ? (JSON.parse(String(data.get("place"))) as string[]) : ["", "", "", t("Toàn văn")];
    const query = new URLSearchParams({ dieu: article!, khoan: clause!, diem: point!, ban: String(paper.version) });
    await write(this.store!, "opinion", `${paper.give}?${query}`, { text: String(data.get("text")) }, `${t("Ý kiến về")} ${label}, ${paper.title}`);
    form.reset();
    this.written = t("Đã giữ trên máy, chưa gửi. Có mạng sẽ tự gửi một lần.");
    await this.load();
    this.requestUpdate();
    void this.contact();
  }

  // --- asking to speak ---------------------------------------------------------------------------------

  private hall(of: Case, sitting: Sitting): TemplateResult {
    const part = of.manifest.agenda.find((one) => one.sitting?.id === sitting.id)!;
    return html`<h1>${t("Phiên")} ${sitting.number}: ${sitting.title}</h1>
      <p ?hidden=${this.line === "back"}>${t("Không có mạng nên không theo dõi được phiên họp và không biểu quyết được trên máy này. Hãy giơ tay báo thư ký nếu đang biểu quyết.")}</p>
      ${this.written ? html`<p class="nt-message nt-message-warning" role="status" data-written>${this.written}</p>` : nothing}
      ${of.manifest.speaks
        ? html`<form class="card" @submit=${(event: Event) => void this.askToSpeak(event, sitting)}><div class="card-body nt-stack">
            <p>${t("Đăng ký được giữ trên máy và chỉ gửi nếu khi có mạng lại phiên này vẫn họp đúng nội dung quý vị chọn. Quá lúc ấy thì không gửi, và máy báo cho quý vị biết.")}</p>
            <label class="form-label" for="nt-offline-item">${t("Về nội dung")}</label>
            <select class="form-select" id="nt-offline-item" name="item" required>
              ${part.items.map((item) => html`<option value=${item.id} ?selected=${item.id === sitting.item}>${item.order}. ${item.title}</option>`)}
            </select>
            <div class="nt-row">${Object.entries(KINDS).map(([kind, label]) => html`<button class="btn btn-lg ${kind === "speech" ? "btn-primary" : ""}" name="kind" value=${kind}>${label}</button>`)}</div>
          </div></form>`
        : nothing}`;
  }

  private async askToSpeak(event: Event, sitting: Sitting): Promise<void> {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const kind = ((event as SubmitEvent).submitter as HTMLButtonElement | null)?.value || "speech";
    const select = form.elements.namedItem("item") as HTMLSelectElement;
    const fields = { sitting: sitting.id, item: select.value, kind, hall: sitting.hall };
    const label = `${KINDS[kind]}, ${select.selectedOptions[0]?.textContent?.trim() ?? ""}`;
    await keepAsking(this.owner!, fields, label, undefined, sitting);
    this.written = t("Đã giữ trên máy, CHƯA tới chủ tọa. Nếu gấp, hãy giơ tay.");
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
        (one) => html`<li class="nt-row" data-outgoing-state=${one.state}><span class="flex-fill">${sentence(one)}</span>
          <button type="button" class="btn" @click=${() => void this.discard(one)}>${one.state === "waiting" ? t("Bỏ, không gửi") : t("Đã xem")}</button></li>`,
      )}</ul></div></section>`;
  }

  private async discard(one: Outgoing): Promise<void> {
    await this.store!.remove("outbox", one.nonce);
    await this.load();
    this.requestUpdate();
  }
}

function cookie(): { theme: string; size: string } | null {
  const found = /(?:^|; )nt_ui=(\w*)\.(\w+)/.exec(document.cookie);
  return found ? { theme: found[1] === "dark" ? "dark" : "light", size: found[2]! } : null;
}

customElements.define("nt-offline", Offline);
