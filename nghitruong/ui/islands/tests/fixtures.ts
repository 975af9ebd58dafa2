// A vote and a delegate, as the server sends them.
import type { Me, Poll } from "../lib/slices";

export const poll: Poll = {
  id: "p1",
  number: 1,
  question: "Thông qua chương trình kỳ họp",
  item_id: "i1",
  state: "open",
  options: [
    { code: "yes", label: "Tán thành" },
    { code: "no", label: "Không tán thành" },
    { code: "abstain", label: "Không biểu quyết" },
  ],
  rule: { label: "Quá nửa tổng số đại biểu", article: "Luật 72/2025/QH15 Đ35(2)" },
  version: null,
  text_sha256: "",
  opened_at: null,
  closed_at: null,
  electors: 3,
  present_only: true,
  allow_change: true,
};
export const me: Me = { membership_id: "m1", person_id: "n1", name: "Lê Thị Cúc", presence: "present", entitled: true, request: null, vote: null };
