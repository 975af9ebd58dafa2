// The officials' words for codes, in one place; every colour has its word and its shape.
import type { ChoiceCode, Member, ResultSeat, Sitting } from "./slices";
import { t } from "./t";

export const CHOICE: Record<ChoiceCode, { label: string; mark: string; css: string }> = {
  yes: { label: t("Tán thành"), mark: "✓", css: "yes" },
  no: { label: t("Không tán thành"), mark: "✕", css: "no" },
  abstain: { label: t("Không biểu quyết"), mark: "–", css: "abstain" },
};
export const NOT_VOTING = { label: t("Không tham gia biểu quyết"), mark: "·", css: "none" };
export const ABSENT = { label: t("Vắng mặt"), mark: "V", css: "absent" };
export const NOT_ENTITLED = { label: t("Tạm đình chỉ"), mark: "T", css: "absent" };

/** What a seat of a result shows: the choice; without one, whether anybody sat there. */
export function seatWords(seat: ResultSeat): { label: string; mark: string; css: string } {
  if (seat.choice) return CHOICE[seat.choice];
  if (!seat.entitled) return NOT_ENTITLED;
  return seat.absent ? ABSENT : NOT_VOTING;
}

export const PRESENCE: Record<Member["presence"], { label: string; mark: string; css: string }> = {
  present: { label: t("Có mặt"), mark: "✓", css: "yes" },
  unknown: { label: t("Chưa điểm danh"), mark: "?", css: "none" },
  excused: { label: t("Vắng có lý do"), mark: "P", css: "abstain" },
  absent: { label: t("Vắng"), mark: "✕", css: "no" },
  left: { label: t("Đã rời phòng"), mark: "→", css: "abstain" },
};

export const SITTING: Record<Sitting["state"], { label: string; css: string }> = {
  planned: { label: t("Chưa bắt đầu"), css: "info" },
  open: { label: t("Đang họp"), css: "now" },
  suspended: { label: t("Tạm nghỉ"), css: "warn" },
  closed: { label: t("Đã kết thúc"), css: "info" },
};

export const REQUEST: Record<string, string> = {
  speech: t("Phát biểu"),
  question: t("Chất vấn"),
  answer: t("Trả lời chất vấn"),
  presentation: t("Trình bày"),
  rebuttal: t("Tranh luận"),
  point_of_order: t("Ý kiến về điều hành"),
};

/** 57/61 → «93,44 %», two decimals, half up: as officials write it. */
export function percent(part: number, whole: number): string {
  if (whole <= 0) return "";
  const hundredths = Math.floor((part * 20_000 + whole) / (2 * whole)); // exact, no floats lost
  const text = String(hundredths).padStart(3, "0");
  return `${text.slice(0, -2)},${text.slice(-2)} %`;
}
