// A session as the device holds it: the agenda, and the papers by the parts of the binder.
import { html, nothing, type TemplateResult } from "lit";
import type { AgendaItem, Case, Paper } from "../device/store";
import { moment } from "../device/words";
import { t } from "../lib/t";

/** `here`: the SHA-256 of files that are whole on the device. */
export function session(of: Case, here: Set<string>): TemplateResult {
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
          <ol class="list-unstyled nt-stack">${part.items.map((item) => line(item, papers))}</ol>
        </div></article>`,
      )}
    </section>
    <section><h2 class="h3">${t("Tài liệu")}</h2>
      ${sections.map(
        (section) => html`<h3 class="h4">${section}</h3><ul class="list-unstyled nt-stack">
          ${manifest.papers.filter((paper) => paper.section === section).map((paper) => html`<li>${link(paper, of, here)}</li>`)}
        </ul>`,
      )}
    </section>`;
}

function line(item: AgendaItem, papers: Map<string, Paper>): TemplateResult {
  return html`<li><strong>${item.order}. ${item.title}</strong>${item.presenter ? html` <span class="nt-stat-note">${item.presenter}</span>` : nothing}
    ${item.papers.length
      ? html`<ul>${item.papers.map((id) => {
          const paper = papers.get(id);
          return paper ? html`<li><a href=${paper.url}>${paper.title}</a></li>` : nothing;
        })}</ul>`
      : nothing}</li>`;
}

function link(paper: Paper, of: Case, here: Set<string>): TemplateResult {
  const note = paper.withdrawn
    ? t("đã rút: %(why)s", { why: paper.withdrawn })
    : here.has(paper.file.sha256)
      ? ""
      : of.old[paper.id]
        ? t("ĐÃ THAY: trên máy là bản %(n)s", { n: of.old[paper.id]!.version })
        : t("chưa có trên máy");
  return html`<span class="nt-binder-tab">${paper.tab}</span> <a href=${paper.url}>${paper.title}</a>${note ? html` <strong>(${note})</strong>` : nothing}
    <br /><span class="nt-stat-note">${about(paper)}</span>`;
}

/** Kind, number and version on one line. */
export function about(paper: Paper): string {
  return [paper.kind, paper.number, t("bản %(n)s", { n: paper.version })].filter(Boolean).join(" · ");
}
