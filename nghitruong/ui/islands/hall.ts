// «Vào họp»: one screen that follows the sitting. Three doors: Tài liệu · Phát biểu · Biểu quyết.
import { html, nothing, type TemplateResult } from "lit";
import { notify } from "./elements/page";
import { holds, reader } from "./lib/holder";
import { OwnVoteElement } from "./lib/own-vote";
import type { Annulled, Item, ItemPaper, Me, Notice, Poll, PollResult, Presence, Queue, Sitting, Waiting } from "./lib/slices";
import { REQUEST, SITTING } from "./lib/words";
import { callingCard, queueList, speakerCard } from "./parts/speaking";
import { resultCard } from "./parts/result";
import { t } from "./lib/t";

const VOTE_NOTE: Record<string, string> = { prepared: t("sắp mở"), open: t("đang mở"), closed: t("chờ kết quả") };

type Door = "papers" | "speak" | "vote";
/** So long (ms) a door that was tapped stays open although the sitting goes to its next item: the tap and the
 *  chair's step crossed on their way. */
const OWN_CHOICE = 5000;
const FUNCTION = { papers: "papers", speak: "speaking", vote: "voting" } as const;

class Hall extends OwnVoteElement {
  static override properties = { ...OwnVoteElement.properties, door: { state: true } };
  declare door: Door;
  private tapped = -OWN_CHOICE;
  /** What was written to the chair and not sent yet: the form comes and goes with its door. */
  private draft = "";

  constructor() {
    super();
    this.door = "papers";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const { opened, announced } = this.news();
    if (opened || announced) this.door = "vote";
  }

  /** The room decides, the screen follows: an opened vote, a result, an annulled vote come to the front. Only when
   *  there is another one: nobody is torn away from a paper or a half-made choice by a check-in, nor by the next
   *  item from a door tapped this moment. */
  protected override changed(): void {
    super.changed();
    const { opened, announced, walked } = this.news();
    if (opened || announced) this.come("vote");
    else if (walked && this.slice<Poll>("poll")?.state !== "open" && performance.now() - this.tapped > OWN_CHOICE) this.come("papers");
  }

  private news(): { opened: boolean; announced: boolean; walked: boolean } {
    const result = this.slice<PollResult>("result")?.poll_id ?? "";
    const poll = this.moved("poll", this.pollNow) && this.slice<Poll>("poll")?.state === "open";
    const annulled = this.slice<Annulled>("annulled")?.poll_id ?? "";
    const isAnnulled = this.moved("annulled", annulled) && annulled !== "";
    const announced = (this.moved("result", result) && result !== "") || isAnnulled;
    return { opened: poll, announced, walked: this.moved("item", this.slice<Item>("item")?.id ?? "") };
  }

  /** A request to speak that reached nobody: on a tablet with a briefcase it waits for the network, for
   *  this item only and with the nonce of the tap, so that it is entered once or not at all. */
  protected override async unanswered(name: string, body: Record<string, unknown>, nonce: string): Promise<boolean> {
    const owner = reader();
    const item = this.slice<Item>("item");
    const kind = String(body["kind"]);
    if (name !== "ask" || !holds() || !owner || !item) return false;
    const { keepAsking } = await import("./device/asking");
    await keepAsking(owner, { sitting: this.getAttribute("sitting")!, item: item.id, kind, hall: location.pathname }, `${REQUEST[kind] ?? ""}, ${item.title}`, nonce);
    notify("warning", t("Đã giữ trên máy, CHƯA tới chủ tọa. Nếu gấp, hãy giơ tay."));
    return true;
  }

  private come(door: Door): void {
    if (this.door !== door) void this.bring();
    this.door = door;
  }

  /** What came is brought into sight: on a phone with large letters it begins screens below the top. */
  private async bring(): Promise<void> {
    window.scrollTo({ top: 0 });
    await this.updateComplete;
    this.querySelector(".nt-hall-door")?.scrollIntoView({ block: "nearest" });
  }

  private tap(door: Door): void {
    this.tapped = performance.now();
    this.door = door;
  }

  protected override render(): TemplateResult {
    const sitting = this.slice<Sitting>("sitting");
    const me = this.slice<Me>("me");
    return html`
      <header class="nt-hall-head">
        <div>
          <p class="nt-kicker">${sitting?.session_title}</p>
          <h1>${sitting?.title}</h1>
        </div>
        <div class="nt-row">
          ${sitting ? html`<span class="nt-chip nt-chip-${SITTING[sitting.state].css}">${SITTING[sitting.state].label}</span>` : nothing}
          <nt-clock class="nt-hall-clock" aria-label=${t("Giờ máy chủ")}></nt-clock>
        </div>
      </header>
      ${this.checkIn(sitting, me)}
      ${this.door === "vote" && this.slice<Poll>("poll")?.state === "open" ? this.notice() : this.now(sitting)}
      <nav class="nt-hall-doors" aria-label=${t("Việc của đại biểu")}>
        ${this.uses("papers") ? this.doorButton("papers", t("Tài liệu")) : nothing}
        ${this.uses("speaking") ? this.doorButton("speak", t("Phát biểu"), me?.request ? t("đã đăng ký") : "") : nothing}
        ${this.uses("voting") ? this.doorButton("vote", t("Biểu quyết"), VOTE_NOTE[this.slice<Poll>("poll")?.state ?? ""]) : nothing}
      </nav>
      <div class="nt-hall-door">${this.behind(me)}</div>
    `;
  }

  /** What the chosen door shows; a function that was switched off has none, the first left opens. */
  private behind(me: Me | null): TemplateResult {
    const doors = (["papers", "speak", "vote"] as Door[]).filter((door) => this.uses(FUNCTION[door]));
    const door = doors.includes(this.door) ? this.door : doors[0];
    const shown = door === "papers" ? this.papers() : door === "speak" ? this.speak(me) : door === "vote" ? this.vote(me) : nothing;
    return html`${shown}${this.uses("speaking") || !me?.membership_id ? nothing : this.noteForm()}`;
  }

  private doorButton(door: Door, label: string, note = ""): TemplateResult {
    return html`<button type="button" class="nt-door-button ${note ? "has-note" : ""}" data-door=${door}
      aria-pressed=${this.door === door ? "true" : "false"} @click=${() => this.tap(door)}>
      <b>${label}</b>${note ? html`<small>${note}</small>` : nothing}
    </button>`;
  }

  private now(sitting: Sitting | null): TemplateResult {
    const item = this.slice<Item>("item");
    const queue = this.slice<Queue>("queue");
    const counts = this.slice<Presence>("presence")?.counts;
    return html`<section class="nt-now">
      <p class="nt-kicker">${item ? t("Nội dung %(order)s/%(total)s", { order: item.order, total: item.total }) : t("Chưa có nội dung")}</p>
      <h2>${item?.title ?? (sitting?.state === "closed" ? t("Phiên họp đã kết thúc") : t("Phiên họp chưa bắt đầu nội dung nào"))}</h2>
      <p class="nt-muted">
        ${item?.presenter ? html`${t("Trình bày")}: ${item.presenter} · ` : nothing}
        ${sitting?.presiding ? html`${t("Chủ tọa")}: ${sitting.presiding} · ` : nothing}
        ${this.uses("roll_call") ? html`${t("Có mặt")} ${counts?.present ?? 0}/${counts?.in_office ?? 0}` : nothing}
      </p>
      ${queue?.speaker ? speakerCard(queue.speaker) : queue?.calling ? callingCard(queue.calling) : nothing}
      ${this.notice()}
    </section>`;
  }

  /** The chair's words first; news of the session shows while there are none. */
  private notice(): TemplateResult | typeof nothing {
    const notice = this.slice<Notice>("notice") ?? this.slice<Notice>("news");
    return notice ? html`<p class="nt-message nt-message-info" role="status">${notice.text}</p>` : nothing;
  }

  private papers(): TemplateResult {
    const papers = this.slice<Item>("item")?.papers ?? [];
    return html`<h3>${t("Tài liệu của nội dung này")}</h3>
      ${papers.length
        ? html`<ul class="nt-papers">
            ${papers.map(
              (paper) => html`<li>${this.reads(paper.id) ? html`<a href=${paper.url}>${paperWords(paper)}</a>` : html`<span class="nt-paper-name">${paperWords(paper)}</span>`}${this.can("opinions") ? html`<a class="btn" href="${paper.url}gop-y/">${t("Góp ý, xem trả lời")}<span class="visually-hidden">: ${paper.title}</span></a>` : nothing}</li>`,
            )}
          </ul>`
        : html`<p class="nt-muted">${this.slice<Item>("item") ? t("Nội dung này không có tài liệu.") : t("Khi phiên họp vào một nội dung, tài liệu của nội dung đó tự hiện ở đây.")}</p>`}
      ${this.can("session_papers") ? html`<a class="btn btn-lg" href=${this.page.urls["session_papers"]!}>${t("Toàn bộ tài liệu kỳ họp")}</a>` : nothing}`;
  }

  private speak(me: Me | null): TemplateResult {
    const queue = this.slice<Queue>("queue");
    const mine = me?.request;
    return html`<h3>${t("Phát biểu")}</h3>
      ${mine
        ? html`<div class="nt-asked" role="status">
            <p><b>${t("Đã ghi nhận đăng ký")} ${REQUEST[mine.kind]?.toLowerCase()}.</b>
              ${mine.state === "called" ? t("Chủ tọa đã mời quý vị.") : html`${t("Thứ tự")} ${place(queue, me)} ${t("trong danh sách chờ.")}`}</p>
            ${mine.state === "waiting"
              ? html`<button type="button" class="btn btn-lg" data-withdraw ?disabled=${this.busy !== ""} @click=${() => void this.command("withdraw")}>${t("Rút đăng ký")}</button>`
              : nothing}
          </div>`
        : !me?.membership_id
          ? html`<p class="nt-why">${t("Đại biểu của phiên họp đăng ký phát biểu ở đây khi đã mở điểm danh.")}</p>`
          : html`<div class="nt-row">
            ${this.questioning()
              ? this.askButton("question", t("Đăng ký chất vấn"), "btn-primary")
              : this.askButton("speech", t("Đăng ký phát biểu"), "btn-primary")}
            ${this.askButton("rebuttal", t("Đăng ký tranh luận"))}
            ${this.askButton("point_of_order", t("Xin ý kiến về điều hành"))}
          </div>`}
      <h4 class="mt-3">${t("Danh sách chờ")}</h4>
      ${queueList(queue)}
      ${me?.membership_id ? this.noteForm() : nothing}`;
  }

  /** Whether the rules of questioning hold now (as the server's `limits.is_questioning`). */
  private questioning(): boolean {
    return [this.slice<Sitting>("sitting")?.kind, this.slice<Item>("item")?.kind].includes("questioning");
  }

  private askButton(kind: Waiting["kind"], label: string, css = ""): TemplateResult {
    return html`<button type="button" class="btn btn-lg ${css}" data-ask=${kind} ?disabled=${this.busy !== ""}
      @click=${() => void this.command("ask", { kind })}>${label}</button>`;
  }

  private noteForm(): TemplateResult {
    return html`<form class="nt-note" @submit=${(event: Event) => void this.note(event)}>
        <label class="form-label" for="nt-note-text">${t("Ý kiến gửi riêng chủ tọa")}</label>
        <textarea id="nt-note-text" name="text" class="form-control" rows="2" maxlength="1000" required .value=${this.draft}
          @input=${(event: Event) => (this.draft = (event.target as HTMLTextAreaElement).value)}></textarea>
        <button class="btn" ?disabled=${this.busy !== ""}>${t("Gửi chủ tọa")}</button>
      </form>`;
  }

  private async note(event: Event): Promise<void> {
    event.preventDefault();
    const text = this.draft;
    if (!(await this.command("note", { text })) || this.draft !== text) return;
    this.draft = "";
    this.requestUpdate();
  }

  private vote(me: Me | null): TemplateResult {
    const poll = this.slice<Poll>("poll");
    const result = this.result();
    if (poll?.state === "open") return this.openVote(poll, me);
    if (result) return html`${resultCard(result)}${this.myVote(result)}`;
    if (poll?.state === "closed") return html`<p class="nt-vote-sending" role="status">${t("Biểu quyết đã kết thúc, đang chờ chủ tọa công bố kết quả.")}</p>`;
    if (poll?.state === "prepared") return html`${this.annulled()}<p class="nt-vote-sending">${t("Sắp biểu quyết")}: <b>${poll.question}</b></p>`;
    return html`${this.annulled()}<p class="nt-muted">${t("Chưa có nội dung nào đang biểu quyết. Màn hình tự mở khi chủ tọa bắt đầu.")}</p>`;
  }
}

function paperWords(paper: ItemPaper): TemplateResult {
  return html`<span class="nt-chip nt-chip-info">${paper.kind}</span>
    <b>${paper.title}</b>
    <small>${[paper.number, t("bản %(n)s", { n: paper.version })].filter(Boolean).join(" · ")}</small>`;
}

function place(queue: Queue | null, me: Me | null): number {
  return (queue?.waiting ?? []).findIndex((row) => row.membership_id === me?.membership_id) + 1;
}

customElements.define("nt-hall", Hall);
