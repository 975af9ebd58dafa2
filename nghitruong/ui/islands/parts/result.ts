// The result of a poll: counts with percentages of the total, the picture, the rule, the words.
import { html, nothing, type TemplateResult } from "lit";
import type { PollResult } from "../lib/slices";
import { ABSENT, CHOICE, NOT_ENTITLED, NOT_VOTING, percent, seatWords } from "../lib/words";
import { hemicycle } from "./hemicycle";
import { t } from "../lib/t";

/** Seat by seat, where this screen may know who voted what. */
export function resultPicture(result: PollResult): TemplateResult | typeof nothing {
  const { counts } = result;
  if (!result.seats) return nothing;
  const seats = result.seats.map((seat) => ({ name: seat.name, group: seat.group, ...seatWords(seat) }));
  const shown = [CHOICE.yes, CHOICE.no, CHOICE.abstain, NOT_VOTING, ABSENT, NOT_ENTITLED].filter(
    (words) => words === CHOICE.yes || seats.some((seat) => seat.mark === words.mark),
  );
  return html`<figure class="nt-seats">${hemicycle(
    seats,
    t("Tán thành %(yes)s, không tán thành %(no)s, không biểu quyết %(abstain)s, không tham gia %(none)s, trên tổng số %(base)s đại biểu.", {
      yes: counts.yes,
      no: counts.no,
      abstain: counts.abstain,
      none: counts.not_voting,
      base: result.total,
    }),
  )}
    <figcaption class="nt-seats-legend">${shown.map((words) => html`<span><i class="nt-seat-key nt-seat-${words.css}" aria-hidden="true">${words.mark}</i> ${words.label}</span>`)}</figcaption>
  </figure>`;
}

export function resultRows(result: PollResult): TemplateResult {
  const { counts } = result;
  const row = (css: string, mark: string, label: string, value: number): TemplateResult => html`
    <div class="nt-count nt-count-${css}">
      <span class="nt-count-mark" aria-hidden="true">${mark}</span>
      <span class="nt-count-label">${label}</span>
      <b class="nt-count-value">${value}</b>
      <span class="nt-count-percent">${percent(value, result.total)}</span>
    </div>`;
  return html`<div class="nt-counts">
    ${row("yes", CHOICE.yes.mark, CHOICE.yes.label, counts.yes)}
    ${row("no", CHOICE.no.mark, CHOICE.no.label, counts.no)}
    ${row("abstain", CHOICE.abstain.mark, CHOICE.abstain.label, counts.abstain)}
    ${row("none", NOT_VOTING.mark, NOT_VOTING.label, counts.not_voting)}
    ${row("absent", ABSENT.mark, ABSENT.label, result.absent)}
    ${result.suspended ? row("absent", NOT_ENTITLED.mark, NOT_ENTITLED.label, result.suspended) : nothing}
    <small class="nt-muted">${result.total_name === "seats_by_law" ? t("Tỷ lệ tính trên tổng số đại biểu theo luật.") : t("Tỷ lệ tính trên tổng số đại biểu đương nhiệm.")}</small>
  </div>`;
}

export function outcomeLine(result: PollResult): TemplateResult {
  return html`<p class="nt-outcome ${result.passed ? "is-passed" : "is-failed"}">
    <span aria-hidden="true">${result.passed ? "✓" : "✕"}</span>
    ${result.passed ? t("ĐƯỢC THÔNG QUA") : t("KHÔNG ĐƯỢC THÔNG QUA")}
    <small>${result.counts.yes}/${result.base} ${t("tán thành")} · ${t("cần %(n)s", { n: result.needed })} · ${result.rule.label}${result.rule.article ? html` (${result.rule.article})` : nothing}</small>
  </p>`;
}

export function resultCard(result: PollResult): TemplateResult {
  return html`<section class="nt-result" aria-live="polite">
    <h2>${result.published_at ? t("Kết quả biểu quyết") : t("Kết quả (chưa công bố)")}</h2>
    <p class="nt-result-question">${result.question}</p>
    ${outcomeLine(result)}
    <div class="nt-result-body">${resultPicture(result)}${resultRows(result)}</div>
  </section>`;
}
