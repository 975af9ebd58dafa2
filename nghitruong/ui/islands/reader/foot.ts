// The bar under the pages: the papers before and after, what is kept, the page as the packet counts it.
import { html, nothing, type TemplateResult } from "lit";
import { notify } from "../elements/page";
import { t } from "../lib/t";
import { icon } from "./icons";
import { placeOf, wayTo } from "./packet";
import type { Reader } from "./reader";
import type { PacketPages } from "./types";

export function foot(reader: Reader): TemplateResult {
  const { before, after, packet } = reader.state;
  return html`<footer class="nt-reader-foot">
    ${before ? html`<a class="btn" rel="prev" href=${before.url} title=${before.title}>${icon("left")}<span>Tài liệu trước</span></a>` : nothing}
    ${reader.marking.saving()} ${packet ? packetPage(reader, packet) : nothing}
    ${after ? html`<a class="btn" rel="next" href=${after.url} title=${after.title}><span>Tài liệu sau</span>${icon("right")}</a>` : nothing}
  </footer>`;
}

const shown = (reader: Reader, packet: PacketPages): string => (packet.first ? String(packet.first + reader.page - 1) : "");

/** The chair names pages as the packet counts them; another number goes there, in this paper or the next. */
function packetPage(reader: Reader, packet: PacketPages): TemplateResult {
  return html`<label class="nt-packet-page"
    ><span>${t("Trang của tập")}</span>
    <input class="form-control" type="number" inputmode="numeric" min="1" .value=${shown(reader, packet)}
      @change=${(event: Event) => go(reader, packet, event.target as HTMLInputElement)}
  /></label>`;
}

function go(reader: Reader, packet: PacketPages, field: HTMLInputElement): void {
  const place = placeOf(packet, Number(field.value));
  if (typeof place === "number") return reader.go(place);
  const way = place === null ? "nowhere" : wayTo(place, location.href, reader.state.offline ?? false);
  if (way === "nowhere") notify("error", t("Tập tài liệu không có trang %(n)s mở được cho quý vị.", { n: field.value }));
  else if (way === "absent") notify("error", t("Trang %(n)s của tập thuộc bản khác của tài liệu này; bản ấy chưa có trên máy, có mạng mới mở được.", { n: field.value }));
  else {
    location.assign(place as string);
    if (way === "again") location.reload();
    return;
  }
  field.value = shown(reader, packet);
}
