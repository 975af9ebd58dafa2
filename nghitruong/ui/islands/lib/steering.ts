// What chair and clerk can both do: walk the agenda, the floor, the vote. A clerk's step is recorded
// as done in the chair's name; the server decides, this only offers what the page's `urls` allow.
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { ask } from "../elements/page";
import { callingCard, queueList, speakerCard } from "../parts/speaking";
import { outcomeLine, resultCard, resultRows } from "../parts/result";
import { OwnVoteElement } from "./own-vote";
import type { AgendaLine, Item, Me, Note, Notice, Poll, PollResult, Presence, Progress, Queue, Sitting, Tally, Waiting } from "./slices";
import { t } from "./t";
import { PRESENCE } from "./words";

// Beside the buttons, not only over them: a finger has no pointer to rest.
const OCCUPIED = t("Đang có người phát biểu hoặc vừa được mời; kết thúc lượt đó trước.");
const UNANNOUNCED = t("Kết quả biểu quyết chưa công bố; công bố hoặc hủy kết quả trước khi sang nội dung khác.");

const VOTING = t("Đang biểu quyết. Hãy kết thúc biểu quyết trước."); // the server's own words
const RESTING: Record<string, string> = {
  planned: t("Phiên họp chưa bắt đầu. Hãy bắt đầu phiên họp rồi mời phát biểu."),
  suspended: t("Phiên họp đang tạm nghỉ. Hãy tiếp tục phiên họp rồi mời phát biểu."),
};
const VOTING_FLOOR = t("Đang biểu quyết. Hãy kết thúc biểu quyết rồi mời phát biểu.");

export abstract class SteeringElement extends OwnVoteElement {
  static override properties = { ...OwnVoteElement.properties, target: { state: true } };
  /** The item chosen in «Chuyển đến», not yet gone to. */
  declare target: string;

  constructor() {
    super();
    this.target = "";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.moved("steered", this.steered);
  }

  /** What a refusal of a step speaks of. */
  private get steered(): string {
    return [this.slice<Sitting>("sitting")?.state, this.slice<Item>("item")?.id, this.pollNow].join(" ");
  }

  protected override changed(): void {
    super.changed();
    const item = this.slice<Item>("item")?.id ?? "";
    // «Đang biểu quyết…» is no longer true when the vote has moved on, nor what was said at another item.
    if (this.moved("steered", this.steered)) this.settled();
    if (this.moved("steered item", item) && item === this.target) this.target = "";
  }

  /** Forms the server drew below the island show only while they can be used. */
  protected override updated(): void {
    const sitting = this.slice<Sitting>("sitting");
    const now = [sitting?.state ?? "planned", sitting?.roll_open ? "roll-open" : "roll-closed"];
    document.querySelectorAll<HTMLElement>("[data-when]").forEach((form) => {
      form.hidden = !form.dataset["when"]!.split(" ").some((state) => now.includes(state));
    });
  }

  /** Whoever steers and holds a seat votes here too, without leaving the screen. */
  protected ownPart(): TemplateResult | typeof nothing {
    const me = this.slice<Me>("me");
    if (!me?.membership_id) return nothing;
    const poll = this.slice<Poll>("poll");
    return html`${this.annulled()}
      ${poll?.state === "open" ? html`<section class="card nt-step nt-own-vote"><p class="nt-kicker">${t("Phiếu của quý vị")}</p>${this.openVote(poll, me)}</section>` : nothing}`;
  }

  /** Above the steps: who presides and forgot it would stand in the minutes as not on the roll. */
  protected ownCheckIn(): TemplateResult | typeof nothing {
    const me = this.slice<Me>("me");
    return me?.presence === "present" ? nothing : this.checkIn(this.slice<Sitting>("sitting"), me);
  }

  /** What is over is not steered any more. */
  protected override can(step: string): boolean {
    return super.can(step) && (this.slice<Sitting>("sitting")?.state !== "closed" || step === "read_note");
  }

  protected button(step: string, label: string, fields: Record<string, string> = {}, css = "", path = "", held = false): TemplateResult | typeof nothing {
    if (!this.can(step)) return nothing;
    const name = path ? `${step}:${path}` : step;
    return html`<button type="button" class="btn btn-lg ${css}" data-step=${step} ?disabled=${this.busy !== "" || held}
      @click=${() => void this.step(step, fields, path)}>${this.busy === name ? t("Đang thực hiện…") : label}</button>`;
  }

  /** What stands on every screen of the hall now, told to whoever may take it down. */
  protected noticeUp(): TemplateResult | typeof nothing {
    const notice = this.slice<Notice>("notice");
    if (!notice) return nothing;
    return html`<div class="nt-message nt-message-info nt-notice-up" role="status">
      <p><b>${t("Đang chiếu trên mọi màn hình")}:</b> ${notice.text}</p>
      ${this.button("clear_notice", t("Thôi chiếu thông báo"))}</div>`;
  }

  protected sittingSteps(sitting: Sitting | null): TemplateResult {
    return html`<div class="nt-row">
      ${sitting && sitting.state !== "closed" && !sitting.roll_open && this.uses("roll_call") ? this.button("open_roll", t("Mở điểm danh"), {}, sitting.state === "planned" ? "btn-primary" : "") : nothing}
      ${sitting?.state === "planned" ? this.button("open", t("Bắt đầu phiên họp"), {}, "btn-gold") : nothing}
      ${sitting?.state === "open" ? this.button("suspend", t("Tạm nghỉ")) : nothing}
      ${sitting?.state === "suspended" ? this.button("resume", t("Tiếp tục"), {}, "btn-gold") : nothing}
      ${sitting?.state === "open" || sitting?.state === "suspended" ? this.closing() : nothing}
    </div>`;
  }

  private closing(): TemplateResult | typeof nothing {
    if (!this.can("close")) return nothing;
    return html`<button type="button" class="btn btn-lg" data-step="close" ?disabled=${this.busy !== ""}
      @click=${async () => {
        if (await ask(t("Kết thúc phiên họp?"), { detail: t("Sau khi kết thúc, không điểm danh, phát biểu hay biểu quyết trong phiên này nữa."), yes: t("Kết thúc phiên họp") })) void this.step("close");
      }}>${t("Kết thúc phiên họp")}</button>`;
  }

  protected itemCard(): TemplateResult {
    const item = this.slice<Item>("item");
    const sitting = this.slice<Sitting>("sitting");
    const held = this.held();
    return html`<section class="card nt-step">
      <p class="nt-kicker">${item ? `${t("Nội dung %(order)s/%(total)s", { order: item.order, total: item.total })} · ${t("%(n)s phút", { n: item.minutes })}` : t("Chương trình")}</p>
      <h2>${item?.title ?? t("Chưa vào nội dung nào")}</h2>
      ${item?.presenter ? html`<p>${t("Trình bày")}: <b>${item.presenter}</b></p>` : nothing}
      <div class="nt-row">
        ${sitting?.state === "open" ? this.button("next", t("Tiếp theo"), { after: item?.id ?? "" }, held ? "nt-next" : "btn-gold nt-next", "", Boolean(held)) : nothing}
        ${this.jump()}
      </div>
      ${sitting?.state === "closed" ? html`<p class="nt-why">${t("Phiên họp đã kết thúc.")}</p>` : nothing}
      ${held && (this.can("next") || this.can("go_to")) ? html`<p class="nt-why">${held}</p>` : nothing}
    </section>`;
  }

  /** Why the hall stays at its item: a vote runs, or it is counted (announced at another item, its
   *  result comes to no screen). "": it does not. */
  private held(): string {
    const state = this.slice<Poll>("poll")?.state;
    return state === "open" ? VOTING : state === "closed" ? UNANNOUNCED : "";
  }

  /** Item and vote. What must be done before anything else stands on top: while a vote holds the hall,
   *  that is its end or its announcement. */
  protected itemAndVote(): unknown {
    const parts = [["item", () => this.itemCard()], ["vote", () => this.voteSteps()]] as const;
    return repeat(this.held() ? [...parts].reverse() : parts, ([name]) => name, ([, draw]) => draw());
  }

  private jump(): TemplateResult | typeof nothing {
    const agenda = this.slice<AgendaLine[]>("agenda") ?? [];
    if (!this.can("go_to") || !agenda.length) return nothing;
    const current = this.slice<Item>("item")?.id ?? "";
    const chosen = agenda.some((row) => row.id === this.target) ? this.target : ""; // it may be taken out meanwhile
    const target = chosen || current;
    return html`<div class="nt-jump"><label for="nt-go-to">${t("Chuyển đến")}</label>
      <select id="nt-go-to" class="form-select" @change=${(event: Event) => (this.target = (event.target as HTMLSelectElement).value)}>
        <option disabled value="" .selected=${target === ""}>${t("chọn nội dung…")}</option>
        ${agenda.map((row) => html`<option value=${row.id} .selected=${row.id === target}>${row.order}. ${row.title}</option>`)}
      </select>
      <button type="button" class="btn btn-lg" data-step="go_to" ?disabled=${this.busy !== "" || target === current || this.held() !== ""} @click=${() => void this.goTo(target)}>${this.busy === "go_to" ? t("Đang thực hiện…") : t("Chuyển")}</button></div>`;
  }

  /** An arrow key in the list only looks: the hall moves when the button says so. */
  private async goTo(item: string): Promise<void> {
    if (await this.step("go_to", { item })) this.target = "";
  }

  protected floorCard(): TemplateResult | typeof nothing {
    const queue = this.slice<Queue>("queue");
    const speaker = queue?.speaker;
    if (!this.uses("speaking") && !speaker) return nothing;
    const voting = this.slice<Poll>("poll")?.state === "open";
    const resting = RESTING[this.slice<Sitting>("sitting")?.state ?? ""] ?? "";
    const occupied = voting ? VOTING_FLOOR : resting || ((speaker ?? queue?.calling) ? OCCUPIED : "");
    return html`<section class="card nt-step">
      <p class="nt-kicker">${t("Phát biểu")} · ${queue?.waiting.length ?? 0} ${t("người chờ")}</p>
      ${speaker
        ? html`${speakerCard(speaker)}
            <div class="nt-row">${this.button("finish", t("Kết thúc phát biểu"), { speech: speaker.speech_id }, "btn-primary")}
            ${speaker.paused_at
              ? this.button("resume_clock", t("Chạy tiếp đồng hồ"), { speech: speaker.speech_id }, "btn-gold")
              : this.button("pause_clock", t("Dừng đồng hồ"), { speech: speaker.speech_id })}
            ${this.button("extend", t("Thêm 1 phút"), { speech: speaker.speech_id, seconds: "60" })}
            ${this.button("warn", t("Nhắc thời gian"), { speech: speaker.speech_id })}
            ${speaker.request_id ? this.callOff(speaker.request_id, speaker.name) : nothing}</div>`
        : nothing}
      ${!speaker && queue?.calling
        ? html`${callingCard(queue.calling)}
            <div class="nt-row">${this.button("start", t("Chạy đồng hồ"), { request: queue.calling.id }, voting || resting ? "" : "btn-gold", "", voting || resting !== "")}
            ${this.button("call_off", t("Hủy lượt mời"), { request: queue.calling.id })}
            ${this.drop(queue.calling)}</div>`
        : nothing}
      ${occupied && (queue?.waiting.length || ((voting || resting) && queue?.calling)) && this.can("call") ? html`<p class="nt-why">${occupied}</p>` : nothing}
      ${queueList(queue, (row) => this.callButtons(row, occupied), (row) => this.whereabouts(row))}
    </section>`;
  }

  /** Call and start the clock at once, or call first and start it when they stand at the rostrum. */
  private callButtons(row: Waiting, occupied: string): TemplateResult | typeof nothing {
    if (!this.can("call")) return nothing;
    return html`<span class="nt-queue-buttons">
      <button type="button" class="btn" data-call=${row.id} ?disabled=${this.busy !== "" || occupied !== ""} title=${occupied}
        @click=${() => void this.step("call", { request: row.id })}>${t("Mời phát biểu")}</button>
      <button type="button" class="btn" data-call-first=${row.id} ?disabled=${this.busy !== "" || occupied !== ""} title=${occupied}
        aria-label=${t("Mời %(name)s lên trước, chạy đồng hồ sau", { name: row.name })}
        @click=${() => void this.step("call", { request: row.id, start: "0" })}>${t("Mời trước")}</button>
      ${this.drop(row)}
    </span>`;
  }

  /** Why somebody in the queue cannot be called now. */
  private whereabouts(row: Waiting): string {
    const member = this.slice<Presence>("presence")?.members[row.membership_id];
    if (!member || (member.presence === "present" && member.entitled)) return "";
    return member.entitled ? PRESENCE[member.presence].label.toLowerCase() : t("tạm đình chỉ hoặc thôi nhiệm vụ");
  }

  /** Of who speaks already: beside «Kết thúc», so it asks first; soon after the call it leaves no trace. */
  private callOff(request: string, name: string): TemplateResult | typeof nothing {
    if (!this.can("call_off")) return nothing;
    return html`<button type="button" class="btn btn-lg" data-step="call_off" ?disabled=${this.busy !== ""}
      @click=${async () => {
        if (await ask(t("Hủy lượt mời %(name)s?", { name }), { detail: t("Dùng khi mời nhầm hoặc đại biểu không lên phát biểu; đã phát biểu thì bấm «Kết thúc phát biểu». Đại biểu trở lại chỗ cũ trong danh sách chờ."), yes: t("Hủy lượt mời") })) void this.step("call_off", { request });
      }}>${t("Hủy lượt mời")}</button>`;
  }

  /** Take somebody out of the queue who is not there to be called. */
  private drop(row: Waiting): TemplateResult | typeof nothing {
    if (!this.can("drop")) return nothing;
    return html`<button type="button" class="btn" data-drop=${row.id} ?disabled=${this.busy !== ""}
      aria-label=${t("Bỏ lượt đăng ký của %(name)s", { name: row.name })}
      @click=${async () => {
        if (await ask(t("Bỏ lượt đăng ký của %(name)s?", { name: row.name }), { detail: t("Đại biểu muốn phát biểu thì đăng ký lại, xếp ở cuối danh sách."), yes: t("Bỏ lượt") })) void this.step("drop", { request: row.id });
      }}>${t("Bỏ lượt")}</button>`;
  }

  protected voteSteps(): TemplateResult | typeof nothing {
    if (!this.uses("voting")) return nothing;
    const poll = this.slice<Poll>("poll");
    const result = this.result();
    const outcome = this.slice<PollResult>("outcome");
    const item = this.slice<Item>("item");
    return html`<section class="card nt-step nt-steer-vote">
      <p class="nt-kicker">${t("Biểu quyết")}</p>
      ${poll ? html`<h3>${poll.question}</h3><p class="nt-muted">${poll.version ? `${t("Bản %(n)s", { n: poll.version.number })} · ` : ""}${poll.rule.label}${poll.rule.article ? ` (${poll.rule.article})` : ""}</p>` : nothing}
      ${poll?.state === "prepared" ? html`<div class="nt-row">${this.button("open_poll", t("Bắt đầu biểu quyết"), {}, "btn-gold", String(poll.number))}
        ${poll.version ? this.button("prepare_poll_again", t("Chuẩn bị lại với bản mới nhất"), {}, "", String(poll.number)) : nothing}</div>` : nothing}
      ${poll?.state === "open" ? this.openPoll(poll) : nothing}
      ${poll?.state === "closed" ? (outcome ? this.closedPoll(poll, outcome) : html`<p class="nt-muted" role="status">${t("Biểu quyết đã kết thúc, đang chờ chủ tọa công bố kết quả.")}</p>`) : nothing}
      ${!poll && result ? resultCard(result) : nothing}
      ${!poll && item?.kind === "election" ? this.besideElection(item) : nothing}
      ${!poll && item && item.kind !== "election" && this.can("prepare_poll") ? html`<div class="nt-row">${this.button("prepare_poll", result ? t("Chuẩn bị biểu quyết tiếp") : t("Chuẩn bị biểu quyết nội dung này"), { item: item.id }, "btn-primary")}</div>` : nothing}
      ${!poll && !item ? html`<p class="nt-muted">${t("Vào một nội dung rồi chuẩn bị biểu quyết.")}</p>` : nothing}
    </section>`;
  }

  /** The election itself is by paper ballot: one tap must not make it an open vote. What goes with it
   *  is worded here; a resolution is prepared on the page of votes, with its text. */
  private besideElection(item: Item): TemplateResult | typeof nothing {
    if (!this.can("prepare_poll")) return nothing;
    return html`<p class="nt-why">${t("Việc bầu bỏ phiếu kín bằng phiếu giấy (NQ 104/2025/UBTVQH15, Điều 16); kết quả ghi vào «Diễn biến». Ở đây chỉ biểu quyết việc kèm theo, như danh sách để bầu, Ban kiểm phiếu.")}</p>
      <div class="nt-row"><label class="nt-jump">${t("Câu hỏi biểu quyết")}<input id="nt-poll-question" class="form-control" maxlength="500" /></label>
        <button type="button" class="btn btn-lg" data-step="prepare_poll" ?disabled=${this.busy !== ""} @click=${() => void this.prepareWorded(item)}>${t("Chuẩn bị biểu quyết")}</button></div>`;
  }

  private async prepareWorded(item: Item): Promise<void> {
    const question = (this.querySelector("#nt-poll-question") as HTMLInputElement | null)?.value.trim() ?? "";
    if (!question) {
      this.refuse("warning", t("Ghi câu hỏi biểu quyết rồi bấm lại, ví dụ «Thông qua danh sách để bầu»."));
      return;
    }
    await this.step("prepare_poll", { item: item.id, question, text: "none" });
  }

  private openPoll(poll: Poll): TemplateResult {
    const tally = this.slice<Tally>("tally");
    const own = tally?.poll_id === poll.id ? tally : null;
    if (this.live.store.get("tally") === undefined) return this.uncounted(poll);
    return html`<div class="nt-tally" aria-live="polite">
        <p><b class="nt-tally-cast">${own?.cast ?? 0}</b>/${own?.electors ?? poll.electors} ${t("đã biểu quyết")}</p>
        <p>✓ ${t("Tán thành")} <b>${own?.yes ?? 0}</b> · ✕ ${t("Không tán thành")} <b>${own?.no ?? 0}</b> · – ${t("Không biểu quyết")} <b>${own?.abstain ?? 0}</b></p>
        <p class="nt-tally-missing">${own ? (own.missing > 0 ? t("Còn thiếu %(n)s phiếu tán thành để thông qua", { n: own.missing }) : t("Đã đủ số phiếu tán thành để thông qua")) : t("Đang chờ phiếu đầu tiên")}</p>
      </div>
      ${this.can("close_poll")
        ? html`<button type="button" class="btn btn-lg btn-gold nt-next" data-step="close_poll" ?disabled=${this.busy !== ""}
            @click=${() => void this.command("close-poll", { poll: poll.id })}>${this.busy === "close-poll" ? t("Đang kết thúc…") : t("Kết thúc biểu quyết")}</button>`
        : nothing}`;
  }

  /** For whoever does not hear the count before the announcement: how many have voted, never how. */
  private uncounted(poll: Poll): TemplateResult {
    const progress = this.slice<Progress>("progress");
    const own = progress?.poll_id === poll.id ? progress : null;
    return html`<div class="nt-tally" aria-live="polite">
        <p><b class="nt-tally-cast">${own?.cast ?? 0}</b>/${own?.electors ?? poll.electors} ${t("đã biểu quyết")}</p>
        <p class="nt-muted">${t("Số phiếu từng lựa chọn hiện khi chủ tọa công bố kết quả.")}</p>
      </div>`;
  }

  private closedPoll(poll: Poll, outcome: PollResult): TemplateResult {
    return html`${outcomeLine(outcome)} ${resultRows(outcome)}
      <blockquote class="nt-sentence"><p class="nt-kicker">${t("Câu đọc")}</p>${outcome.sentence}</blockquote>
      <div class="nt-row">${this.announcing(poll)}</div>
      <div class="nt-row">
        ${this.can("annul_poll")
          ? html`<label class="nt-jump">${t("Lý do hủy")}<input id="nt-annul-reason" class="form-control" maxlength="300" /></label>
            <button type="button" class="btn btn-lg" data-step="annul_poll" ?disabled=${this.busy !== ""} @click=${() => void this.annul(poll)}>${t("Hủy và biểu quyết lại")}</button>`
          : nothing}
      </div>`;
  }

  /** Nothing can be taken back after it: one slip of the finger must not be enough. */
  private announcing(poll: Poll): TemplateResult | typeof nothing {
    if (!this.can("publish_poll")) return nothing;
    const path = String(poll.number);
    return html`<button type="button" class="btn btn-lg btn-gold" data-step="publish_poll" ?disabled=${this.busy !== ""}
      @click=${async () => {
        if (await ask(t("Công bố kết quả?"), { detail: t("Sau khi công bố, kết quả không thay đổi được nữa."), yes: t("Công bố kết quả") })) void this.step("publish_poll", {}, path);
      }}>${this.busy === `publish_poll:${path}` ? t("Đang thực hiện…") : t("Công bố kết quả")}</button>`;
  }

  private async annul(poll: Poll): Promise<void> {
    const reason = (this.querySelector("#nt-annul-reason") as HTMLInputElement | null)?.value.trim() ?? "";
    if (!reason) {
      this.refuse("warning", t("Ghi lý do hủy rồi bấm lại; lý do được lưu cùng lần biểu quyết này."));
      return;
    }
    if (!(await ask(t("Hủy kết quả này và biểu quyết lại?"), { detail: t("Lần biểu quyết này vẫn được lưu kèm lý do hủy."), yes: t("Hủy và biểu quyết lại"), danger: true }))) return;
    await this.step("annul_poll", { reason, seen: poll.state }, String(poll.number));
  }

  protected notes(): TemplateResult {
    const notes = this.slice<Note[]>("notes") ?? [];
    return html`<section class="card nt-step"><p class="nt-kicker">${t("Ý kiến gửi riêng chủ tọa")}</p>
      ${notes.length
        ? html`<ul class="nt-notes">${notes.map((note) => html`<li><b>${note.name}</b> <nt-time>${time(note.at)}</nt-time><p>${note.text}</p>
          ${note.read_at || !this.can("read_note") ? nothing : html`<button type="button" class="btn btn-sm" data-read=${note.id} ?disabled=${this.busy !== ""} @click=${() => void this.step("read_note", { note: note.id })}>${t("Đã đọc")}</button>`}</li>`)}</ul>`
        : html`<p class="nt-muted">${t("Chưa có ý kiến nào.")}</p>`}
    </section>`;
  }
}

function time(iso: string): string {
  return new Intl.DateTimeFormat("vi-VN", { timeZone: "Asia/Ho_Chi_Minh", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(Date.parse(iso));
}
