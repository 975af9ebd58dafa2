// One's own part in a sitting, the same on the delegate's screen and the chair's: presence and vote.
import { html, nothing, type TemplateResult } from "lit";
import { notify } from "../elements/page";
import { voteCard } from "../parts/vote-card";
import { LiveElement } from "./live-element";
import type { Annulled, AnnulReason, ChoiceCode, Me, Poll, PollResult, Progress, Sitting } from "./slices";
import { CHOICE } from "./words";
import { t } from "./t";

export abstract class OwnVoteElement extends LiveElement {
  static override properties = {
    ...LiveElement.properties,
    chosen: { state: true },
    sending: { state: true },
    changing: { state: true },
    failure: { state: true },
  };
  declare chosen: ChoiceCode | null;
  declare sending: ChoiceCode | null;
  declare changing: boolean;
  declare failure: string;
  /** The poll in which a tap of ours was never answered: it may still arrive. */
  private unsure = "";
  private readonly known = new Map<string, string>();

  constructor() {
    super();
    this.resetVote();
  }

  protected resetVote(): void {
    this.chosen = null;
    this.sending = null;
    this.changing = false;
    this.failure = "";
  }

  /** Whether `value` is another than at the last call with this name. Slices are sent again for many
   *  reasons (somebody checked in, a paper was added); a screen jumps or forgets only at news. */
  protected moved(name: string, value: string): boolean {
    const before = this.known.get(name);
    this.known.set(name, value);
    return before !== value;
  }

  /** Which poll, and how far it is. */
  protected get pollNow(): string {
    const poll = this.slice<Poll>("poll");
    return poll ? `${poll.id} ${poll.state}` : "";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.moved("own vote", this.pollNow);
  }

  /** A half-made choice belongs to one poll, from its opening to its close. */
  protected override changed(): void {
    if (!this.moved("own vote", this.pollNow)) return;
    const open = this.slice<Poll>("poll")?.state === "open";
    if (!open || this.sending === null) this.resetVote();
  }

  protected checkIn(sitting: Sitting | null, me: Me | null): TemplateResult | typeof nothing {
    if (!me?.membership_id || !sitting || sitting.state === "closed" || !this.uses("roll_call")) return nothing;
    if (me.presence === "present") return html`<p class="nt-checked-in" role="status">✓ ${me.name}: ${t("đã điểm danh có mặt")}</p>`;
    // Who is on the roll was called: a roll that is not open was held and closed.
    if (!sitting.roll_open) return me.entitled ? html`<p class="nt-muted nt-checked-in">${t("Điểm danh đã kết thúc. Hãy báo Thư ký ghi nhận có mặt.")}</p>` : nothing;
    return html`<button type="button" class="btn btn-gold btn-lg nt-check-in" data-check-in ?disabled=${this.busy === "check-in"}
      @click=${() => void this.command("check-in")}>${this.busy === "check-in" ? t("Đang gửi…") : t("Điểm danh: Tôi có mặt")}</button>`;
  }

  protected openVote(poll: Poll, me: Me | null): TemplateResult {
    return voteCard(
      {
        poll,
        me,
        progress: this.slice<Progress>("progress"),
        chosen: this.chosen,
        sending: this.sending,
        changing: this.changing,
        failure: this.failure,
        reads: poll.version !== null && this.reads(poll.version.paper_id),
        checksIn: this.uses("roll_call") && (this.slice<Sitting>("sitting")?.roll_open ?? false),
      },
      {
        choose: (choice) => void this.choose(choice),
        confirm: () => void this.castVote(poll),
        cancel: () => {
          this.chosen = null;
          this.changing = false;
        },
        change: () => {
          this.changing = true;
          this.chosen = null;
          this.failure = "";
        },
      },
    );
  }

  /** On a phone with large letters the buttons to confirm come up below the screen: they are brought in. */
  private async choose(choice: ChoiceCode): Promise<void> {
    this.chosen = choice;
    await this.updateComplete;
    this.querySelector(".nt-vote-confirm")?.scrollIntoView({ block: "nearest" });
  }

  /** A recorded vote that does not count is said so: the card alone would only go away. */
  protected annulled(): TemplateResult | typeof nothing {
    const annulled = this.slice<Annulled>("annulled");
    if (!annulled) return nothing;
    const why = this.slice<AnnulReason>("annul_reason");
    const mine = this.slice<Me>("me")?.vote?.poll_id === annulled.poll_id;
    return html`<p class="nt-message nt-message-warning nt-annulled" role="status"><span><b>${annulled.question}</b><br />
      ${mine ? t("Cuộc biểu quyết này đã bị hủy; phiếu của quý vị không được tính.") : t("Cuộc biểu quyết này đã bị hủy.")}
      ${why?.poll_id === annulled.poll_id ? html`<br />${t("Lý do")}: ${why.reason}` : nothing}</span></p>`;
  }

  protected myVote(result: PollResult): TemplateResult | typeof nothing {
    const vote = this.slice<Me>("me")?.vote;
    if (vote?.poll_id !== result.poll_id) return nothing;
    return html`<p class="nt-my-vote">${t("Phiếu của quý vị")}: <b>${CHOICE[vote.choice].mark} ${CHOICE[vote.choice].label}</b>, ${t("mã biên nhận")} <code>${vote.receipt}</code></p>`;
  }

  private async castVote(poll: Poll): Promise<void> {
    const choice = this.chosen;
    if (!choice || this.sending) return;
    this.sending = choice;
    this.failure = "";
    const last = this.slice<Me>("me")?.vote;
    const answer = await this.live.commands.send("vote", {
      sitting: this.getAttribute("sitting"),
      poll: poll.id,
      choice,
      // What this tap means to replace: a tap that was long on its way replaces nothing newer.
      seen: last?.poll_id === poll.id ? last.receipt : "",
      ...(this.unsure === poll.id ? { anew: true } : {}),
    });
    if (answer.ok) this.unsure = "";
    else if (answer.code === "no_answer") this.unsure = poll.id;
    this.sending = null;
    this.chosen = null;
    if (!answer.ok) {
      if (answer.vote) {
        this.changing = false;
        this.recorded(poll, answer.vote as NonNullable<Me["vote"]>);
      }
      // The card may be gone, or be another poll's: what became of a vote is said all the same.
      if (this.pollNow === `${poll.id} open`) this.failure = answer.message;
      else notify("error", answer.message);
      return;
    }
    this.changing = false;
    this.recorded(poll, answer.outcome as NonNullable<Me["vote"]>);
  }

  private recorded(poll: Poll, vote: NonNullable<Me["vote"]>): void {
    this.live.store.apply({ type: "me", slice: "me", data: { vote: { ...vote, poll_id: poll.id } } });
  }
}
