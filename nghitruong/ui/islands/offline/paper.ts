// A paper from the device: the reader is given the state that the server's page would give it; what is
// not a PDF is shown or handed over as it is.
import { html, nothing, render as draw, type TemplateResult } from "lit";
import type { Case, OwnNotes, Paper, Place, Store } from "../device/store";
import { wanted } from "../device/take";
import { moment } from "../device/words";
import { t } from "../lib/t";
import type { PacketPages, State } from "../reader/types";
import { about } from "./session";

/** How the server was reached, last time it was tried. */
export type Line = "off" | "back" | "signed-out" | "gone";

/** The frame; `old`: this version is replaced, and the new one is not here. */
export function frame(of: Case, paper: Paper, old: boolean, line: Line): TemplateResult {
  const now = of.manifest.papers.find((one) => one.id === paper.id)!;
  return html`<div class="nt-reading">
    <header class="nt-reading-head">
      <a class="btn" href=${`/${of.manifest.council.slug}/ky-hop/${of.number}/`}>${t("Cặp tài liệu")}</a>
      <div class="nt-reading-title"><h1>${paper.title}</h1><p>${about(paper)}</p></div>
      ${paper.give ? html`<a class="btn" href=${paper.give}>${t("Góp ý")}</a>` : nothing}
    </header>
    <p class="nt-message ${line === "back" ? "nt-message-info" : "nt-message-warning"}" role="status" data-line=${line}>
      <span>${line === "back" ? t("Đã có mạng lại.") : t("Không có mạng: đang đọc từ máy, như máy chủ cho biết %(when)s.", { when: moment(of.asked) })}
      ${now.withdrawn ? t("Tài liệu này đã rút: %(why)s", { why: now.withdrawn }) : nothing}
      ${old ? t("Bản này ĐÃ THAY bằng bản %(n)s, bản mới chưa có trên máy.", { n: now.version }) : nothing}</span>
      ${line === "back" || line === "signed-out" ? html`<button type="button" class="btn btn-primary" data-nt-reload>${t("Mở trang của máy chủ")}</button>` : nothing}
    </p>
    <div class="nt-offline-paper"></div>
  </div>`;
}

/** Fill the room of the frame; `whole`: the file is all here. */
export async function fill(room: HTMLElement, paper: Paper, of: Case, store: Store, person: string, whole: boolean): Promise<void> {
  if (!whole) {
    draw(html`<p class="nt-message">${paper.withdrawn ? t("Tài liệu đã rút không giữ trên máy nữa.") : t("Tài liệu này chưa tải về máy. Có mạng mới mở được.")}</p>`, room);
  } else if (paper.file.type === "application/pdf") await read(room, paper, of, store, person);
  else await show(room, paper, store);
}

async function read(room: HTMLElement, paper: Paper, of: Case, store: Store, person: string): Promise<void> {
  const kept = await store.get<OwnNotes>("notes", paper.version_id);
  const place = (await store.get<Place>("places", paper.version_id)) ?? paper.place;
  const order = wanted(of.manifest);
  const at = order.findIndex((one) => one.id === paper.id);
  const neighbour = (one: Paper | undefined): State["before"] => (one ? { title: one.title, url: one.url } : null);
  const state: State = {
    file: paper.file.url, size: paper.file.size, offline: true, remember: paper.remember,
    version: paper.version_id, person, ...place, pages: paper.pages, title: paper.title,
    before: neighbour(order[at - 1]), after: neighbour(order[at + 1]),
    packet: counted(of, paper),
    find: `${paper.notes.replace(/ghi-chu\/$/, "")}tim/`, text: paper.page_text,
    notes: {
      url: paper.notes, export: paper.export, bodies: of.manifest.bodies,
      first: { cursor: kept?.cursor ?? 0, since: 0, changes: kept?.changes ?? [], shared: kept?.shared ?? [] },
    },
  };
  const data = document.createElement("script");
  data.type = "application/json";
  data.id = "nt-offline-reader";
  data.textContent = JSON.stringify(state);
  const reader = document.createElement("nt-reader");
  reader.dataset["stateId"] = data.id;
  room.append(data, reader);
}

/** As the server counted when the briefcase was taken. */
export function counted(of: Case, paper: Paper): PacketPages {
  const current = of.manifest.papers.find((one) => one.id === paper.id);
  return {
    first: current?.version === paper.version ? paper.first : 0,
    papers: of.manifest.papers.filter((one) => one.first > 0).map((one) => [one.first, one.last ?? one.first + (one.pages ?? 1) - 1, one.url]),
  };
}

async function show(room: HTMLElement, paper: Paper, store: Store): Promise<void> {
  const { file } = paper;
  const bytes = await store.bytes(file, 0, file.size);
  const url = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>], { type: file.type }));
  const kind = file.type.split("/")[0];
  draw(
    kind === "image"
      ? html`<figure class="nt-media"><img src=${url} alt=${paper.title} /></figure>`
      : kind === "audio"
        ? html`<figure class="nt-media"><audio controls src=${url} aria-label=${paper.title}></audio></figure>`
        : kind === "video"
          ? html`<figure class="nt-media"><video controls playsinline src=${url} aria-label=${paper.title}></video></figure>`
          : html`<p class="nt-message">${t("Loại tệp này không xem được ngay trên trang.")} <a class="btn" href=${url} download=${paper.file_name}>${t("Mở bằng ứng dụng khác")}</a></p>`,
    room,
  );
}
