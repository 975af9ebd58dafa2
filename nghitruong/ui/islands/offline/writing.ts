// What can be written without network, to be sent when it is back: an opinion on a paper, a request to
// speak. Each function that keeps something resolves to the sentence that says so.
import { html, nothing, type TemplateResult } from "lit";
import { keepAsking } from "../device/asking";
import { write } from "../device/outbox";
import type { Case, Owner, Paper, Sitting, Store, Text } from "../device/store";
import { t } from "../lib/t";

const KINDS: Record<string, string> = { speech: t("Đăng ký phát biểu"), rebuttal: t("Đăng ký tranh luận") };

type Submit = (event: SubmitEvent) => void;

function written(sentence: string): TemplateResult | typeof nothing {
  return sentence ? html`<p class="nt-message nt-message-warning" role="status" data-written>${sentence}</p>` : nothing;
}

export function opinion(paper: Paper, text: Text | null, said: string, submit: Submit): TemplateResult {
  if (!paper.give) return html`<h1>${paper.title}</h1><p class="nt-message">${t("Tài liệu này không nhận ý kiến, hoặc quý vị không phải đại biểu.")}</p>`;
  return html`<h1>${t("Góp ý theo điều, khoản")}</h1><p>${paper.title} · ${t("bản %(n)s", { n: paper.version })} · <a href=${paper.url}>${t("Đọc tài liệu")}</a></p>
    ${written(said)}
    <form class="card" @submit=${submit}><div class="card-body nt-stack">
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

export async function keepOpinion(event: SubmitEvent, paper: Paper, store: Store): Promise<string> {
  const form = event.target as HTMLFormElement;
  const data = new FormData(form);
  const [article, clause, point, label] = data.get("place") ? (JSON.parse(String(data.get("place"))) as string[]) : ["", "", "", t("Toàn văn")];
  const query = new URLSearchParams({ dieu: article!, khoan: clause!, diem: point!, ban: String(paper.version) });
  await write(store, "opinion", `${paper.give}?${query}`, { text: String(data.get("text")) }, `${t("Ý kiến về")} ${label}, ${paper.title}`);
  form.reset();
  return t("Đã giữ trên máy, chưa gửi. Có mạng sẽ tự gửi một lần.");
}

export function hall(of: Case, sitting: Sitting, reached: boolean, said: string, submit: Submit): TemplateResult {
  const part = of.manifest.agenda.find((one) => one.sitting?.id === sitting.id)!;
  return html`<h1>${t("Phiên")} ${sitting.number}: ${sitting.title}</h1>
    <p ?hidden=${reached}>${t("Không có mạng nên không theo dõi được phiên họp và không biểu quyết được trên máy này. Hãy giơ tay báo thư ký nếu đang biểu quyết.")}</p>
    ${written(said)}
    ${of.manifest.speaks
      ? html`<form class="card" @submit=${submit}><div class="card-body nt-stack">
          <p>${t("Đăng ký được giữ trên máy và chỉ gửi nếu khi có mạng lại phiên này vẫn họp đúng nội dung quý vị chọn. Quá lúc ấy thì không gửi, và máy báo cho quý vị biết.")}</p>
          <label class="form-label" for="nt-offline-item">${t("Về nội dung")}</label>
          <select class="form-select" id="nt-offline-item" name="item" required>
            ${part.items.map((item) => html`<option value=${item.id} ?selected=${item.id === sitting.item}>${item.order}. ${item.title}</option>`)}
          </select>
          <div class="nt-row">${Object.entries(KINDS).map(([kind, label]) => html`<button class="btn btn-lg ${kind === "speech" ? "btn-primary" : ""}" name="kind" value=${kind}>${label}</button>`)}</div>
        </div></form>`
      : nothing}`;
}

export async function keepRequest(event: SubmitEvent, sitting: Sitting, owner: Owner): Promise<string> {
  const form = event.target as HTMLFormElement;
  const kind = (event.submitter as HTMLButtonElement | null)?.value || "speech";
  const select = form.elements.namedItem("item") as HTMLSelectElement;
  const fields = { sitting: sitting.id, item: select.value, kind, hall: sitting.hall };
  const label = `${KINDS[kind]}, ${select.selectedOptions[0]?.textContent?.trim() ?? ""}`;
  await keepAsking(owner, fields, label, undefined, sitting);
  return t("Đã giữ trên máy, CHƯA tới chủ tọa. Nếu gấp, hãy giơ tay.");
}
