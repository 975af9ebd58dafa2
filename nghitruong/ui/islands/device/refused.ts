// The words of an opinion or a note that the server did not take lie nowhere but on this device: whoever wrote them
// reads and copies them here before letting them go.
import { html, nothing, type TemplateResult } from "lit";
import { notify } from "../elements/page";
import { t } from "../lib/t";
import type { Outgoing } from "./store";

async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    notify("success", t("Đã chép lời; dán vào nơi cần giữ."));
  } catch {
    notify("info", t("Trình duyệt không cho chép. Hãy chạm giữ vào lời ấy rồi chọn «Sao chép».")); // it stands there whole
  }
}

const kept = (one: Outgoing): string => (one.state === "refused" ? (one.fields["text"] ?? "").trim() : "");

export const words = (one: Outgoing): TemplateResult | typeof nothing =>
  kept(one) ? html`<blockquote class="nt-opinion-quote w-100 mb-0" tabindex="0" data-words>${kept(one)}</blockquote>` : nothing;

export const copyButton = (one: Outgoing): TemplateResult | typeof nothing =>
  kept(one) ? html`<button type="button" class="btn" data-act="copy" @click=${() => void copy(kept(one))}>${t("Chép lời")}</button>` : nothing;
