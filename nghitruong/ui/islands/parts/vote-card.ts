// The voting card: choose, confirm, «Đã ghi nhận». It shows as recorded only what the server recorded.
import { html, nothing, type TemplateResult } from "lit";
import type { ChoiceCode, Me, Poll, Progress } from "../lib/slices";
import { CHOICE } from "../lib/words";
import { t } from "../lib/t";

export interface VoteCardState {
  poll: Poll;
  me: Me | null;
  progress: Progress | null;
  /** Tapped but not confirmed. */
  chosen: ChoiceCode | null;
  /** Confirmed, and no answer from the server yet. */
  sending: ChoiceCode | null;
  /** The delegate wants to change a recorded choice. */
  changing: boolean;
  failure: string;
  /** Whether this person may open the text that is voted on. */
  reads: boolean;
  /** Whether the roll is open: the button «Tôi có mặt» stands above the card. */
  checksIn: boolean;
}

export interface VoteCardActions {
  choose(choice: ChoiceCode): void;
  confirm(): void;
  cancel(): void;
  change(): void;
}

export function voteCard(state: VoteCardState, act: VoteCardActions): TemplateResult {
  const { poll, me, progress } = state;
  const vote = me?.vote?.poll_id === poll.id ? me.vote : null;
  return html`<section class="nt-vote" aria-labelledby="nt-vote-title">
    <header>
      <p class="nt-kicker">${t("Đang biểu quyết · lần")} ${poll.number}</p>
      <h2 id="nt-vote-title">${poll.question}</h2>
      <p class="nt-muted">
        ${poll.version ? html`${t("Bản đang biểu quyết")}: ${versionLink(poll.version, state.reads)} · ` : nothing}
        ${poll.rule.label}${poll.rule.article ? html` (${poll.rule.article})` : nothing}
      </p>
    </header>
    ${body(state, act, vote)}
    ${progress?.poll_id === poll.id
      ? html`<p class="nt-muted nt-vote-progress">${t("Đã có")} ${progress.cast}/${progress.electors} ${t("đại biểu biểu quyết.")}</p>`
      : nothing}
  </section>`;
}

function versionLink(version: NonNullable<Poll["version"]>, reads: boolean): TemplateResult {
  const name = html`<b>${t("bản %(n)s", { n: version.number })}</b>`;
  return reads ? html`<a href=${version.url}>${name}</a>` : name;
}

function body(state: VoteCardState, act: VoteCardActions, vote: Me["vote"]): TemplateResult {
  if (!state.me?.membership_id) return html`<p class="nt-vote-watch" role="status">${t("Quý vị theo dõi phiên họp, không có quyền biểu quyết.")}</p>`;
  const blocked = whyNot(state.me, state.poll, state.checksIn);
  // What is recorded stays in sight and counts, also of somebody marked as gone since.
  if (blocked && vote) return recorded(state, act, vote, false);
  if (blocked) return html`<p class="nt-vote-blocked" role="alert">${blocked}</p>`;
  if (state.sending) {
    return html`<p class="nt-vote-sending" role="status">${t("Đang gửi «%(choice)s»… chưa được ghi nhận cho đến khi màn hình này báo «Đã ghi nhận».", { choice: CHOICE[state.sending].label })}</p>`;
  }
  if (vote && !state.changing) return recorded(state, act, vote, true);
  return html`
    <p class="nt-vote-owner">${t("Phiếu của")} <b>${state.me?.name}</b></p>
    ${state.failure ? html`<p class="nt-vote-blocked" role="alert">${state.failure}</p>` : nothing}
    <div class="nt-choices" role="group" aria-label=${t("Lựa chọn biểu quyết")}>
      ${state.poll.options.map(
        (option) => html`<button
          type="button"
          class="nt-choice nt-choice-${CHOICE[option.code].css} ${state.chosen === option.code ? "is-chosen" : ""}"
          aria-pressed=${state.chosen === option.code ? "true" : "false"}
          data-choice=${option.code}
          @click=${() => act.choose(option.code)}
        >
          <span aria-hidden="true">${CHOICE[option.code].mark}</span>${CHOICE[option.code].label}
        </button>`,
      )}
    </div>
    ${state.chosen
      ? html`<div class="nt-vote-confirm">
          <button type="button" class="btn btn-primary btn-lg" data-confirm-vote @click=${() => act.confirm()}>
            ${t("Xác nhận")}: ${CHOICE[state.chosen].label}
          </button>
          <button type="button" class="btn btn-lg" @click=${() => act.cancel()}>${t("Chọn lại")}</button>
        </div>
        ${state.poll.allow_change ? nothing : html`<p><b>${ONCE}</b></p>`}`
      : html`<p class="nt-muted">${t("Chọn một trong ba, rồi bấm «Xác nhận».")} ${state.poll.allow_change ? t("Được đổi đến khi chủ tọa kết thúc biểu quyết.") : ONCE}</p>`}
  `;
}

function recorded(state: VoteCardState, act: VoteCardActions, vote: NonNullable<Me["vote"]>, mayAct: boolean): TemplateResult {
  const words = CHOICE[vote.choice];
  const change = mayAct ? html`<button class="btn btn-lg" type="button" data-change-vote @click=${() => act.change()}>${t("Đổi lựa chọn")}</button>` : nothing;
  return html`${state.failure ? html`<p class="nt-vote-blocked" role="alert">${state.failure}</p>` : nothing}
    <div class="nt-vote-done nt-choice-${words.css}" role="status">
      <span class="nt-vote-mark" aria-hidden="true">${words.mark}</span>
      <div>
        <p class="nt-vote-recorded">${t("Đã ghi nhận")} · ${state.me?.name}</p>
        <p class="nt-vote-choice">${words.label}</p>
        <p class="nt-muted">${t("Mã biên nhận")}: <code>${vote.receipt}</code></p>
      </div>
      ${state.poll.allow_change ? change : html`<p>${t("Lần biểu quyết này không đổi lựa chọn được.")}</p>`}
    </div>`;
}

const ONCE = t("Sau khi xác nhận, không đổi được nữa.");

function whyNot(me: Me, poll: Poll, checksIn: boolean): string {
  if (!me.entitled) return t("Quý vị đang bị tạm đình chỉ hoặc đã thôi làm nhiệm vụ đại biểu nên không biểu quyết được.");
  if (poll.present_only && me.presence !== "present") {
    return checksIn
      ? t("Quý vị chưa điểm danh. Bấm «Tôi có mặt» rồi biểu quyết.")
      : t("Quý vị chưa được ghi nhận có mặt nên chưa biểu quyết được. Hãy báo Thư ký ghi nhận có mặt.");
  }
  return "";
}
