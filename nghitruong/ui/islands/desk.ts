// «Bàn thư ký»: roll call by seat and group, and the chair's steps in the chair's name.
import { html, nothing, type TemplateResult } from "lit";
import { ask } from "./elements/page";
import type { Member, Presence, Sitting } from "./lib/slices";
import { SteeringElement } from "./lib/steering";
import { PRESENCE, SITTING } from "./lib/words";
import { members, presenceRing } from "./parts/presence";
import { t } from "./lib/t";

class Desk extends SteeringElement {
  static override properties = { ...SteeringElement.properties, search: { state: true }, only: { state: true }, excusing: { state: true } };
  declare search: string;
  declare only: Member["presence"] | "";
  /** The member whose reason of absence is being written. */
  declare excusing: string;

  constructor() {
    super();
    this.search = "";
    this.only = "";
    this.excusing = "";
  }

  protected override render(): TemplateResult {
    const sitting = this.slice<Sitting>("sitting");
    return html`
      <header class="nt-hall-head">
        <div><p class="nt-kicker">${sitting?.session_title} · ${t("Bàn thư ký")}</p><h1>${sitting?.title}</h1></div>
        <div class="nt-row"><span class="nt-chip nt-chip-${SITTING[sitting?.state ?? "planned"].css}">${SITTING[sitting?.state ?? "planned"].label}</span>
        <nt-clock class="nt-hall-clock" aria-label=${t("Giờ máy chủ")}></nt-clock></div>
      </header>
      <p class="nt-muted">${t("Các bước điều hành ở đây được ghi là «thư ký thực hiện theo chỉ đạo của chủ tọa».")}</p>
      ${this.noticeUp()}
      ${this.sittingSteps(sitting)}
      <div class="nt-cockpit">
        ${this.uses("roll_call") ? html`<div class="nt-stack">${this.roll()}</div>` : nothing}
        <div class="nt-stack">${this.itemAndVote()}${this.floorCard()}</div>
      </div>`;
  }

  private roll(): TemplateResult {
    const presence = this.slice<Presence>("presence");
    const counts = presence?.counts;
    const wanted = fold(this.search);
    const rows = members(presence).filter(
      ([, member]) =>
        (this.only === "" || member.presence === this.only) &&
        (wanted === "" || fold(`${member.name} ${member.group} ${member.seat_label}`).includes(wanted)),
    );
    return html`<section class="card nt-step">
      <p class="nt-kicker">${t("Điểm danh")}</p>
      <div class="nt-row nt-roll-head">${presenceRing(counts)}
        <ul class="nt-roll-counts">
          <li>${t("Có mặt")} <b>${counts?.present ?? 0}</b></li><li>${t("Chưa điểm danh")} <b>${counts?.unknown ?? 0}</b></li>
          <li>${t("Vắng có lý do")} <b>${counts?.excused ?? 0}</b></li><li>${t("Vắng")} <b>${counts?.absent ?? 0}</b></li>
        </ul>
      </div>
      <div class="nt-row">
        <input class="form-control" type="search" placeholder=${t("Tìm tên, tổ, ghế; Enter: có mặt")} aria-label=${t("Tìm đại biểu")} .value=${this.search}
          @input=${(event: Event) => (this.search = (event.target as HTMLInputElement).value)}
          @keydown=${(event: KeyboardEvent) => void this.markFirst(event, rows)} />
        <select class="form-select" aria-label=${t("Lọc")} @change=${(event: Event) => (this.only = (event.target as HTMLSelectElement).value as Member["presence"] | "")}>
          <option value="">${t("Tất cả")}</option>
          ${Object.entries(PRESENCE).map(([code, words]) => html`<option value=${code}>${words.label}</option>`)}
        </select>
      </div>
      ${this.theRest(presence)}
      ${rows.length === 0 ? html`<p class="nt-muted mt-3">${presence && Object.keys(presence.members).length ? t("Không có đại biểu nào khớp.") : t("Bấm «Mở điểm danh» để lập danh sách.")}</p>` : nothing}
      <ul class="nt-roll">${rows.map(([id, member]) => this.row(id, member))}</ul>
    </section>`;
  }

  /** After the absent are entered: all who are left, in one step, named before it is taken. */
  private theRest(presence: Presence | null): TemplateResult | typeof nothing {
    const left = members(presence).filter(([, member]) => member.presence === "unknown" && member.entitled);
    if (left.length === 0 || !this.slice<Sitting>("sitting")?.roll_open || !this.can("present_rest")) return nothing;
    return html`<p class="mt-3 mb-0"><button type="button" class="btn" data-rest ?disabled=${this.busy !== ""} @click=${() => void this.presentRest(left)}>
      ${t("Ghi có mặt %(n)s người còn lại", { n: left.length })}</button></p>`;
  }

  private async presentRest(left: [string, Member][]): Promise<void> {
    const agreed = await ask(t("Ghi có mặt %(n)s người còn lại?", { n: left.length }), {
      detail: t("Chỉ ghi khi đã nhìn thấy từng người trong phòng họp: %(names)s.", { names: left.map(([, member]) => member.name).join(", ") }),
      yes: t("Ghi có mặt %(n)s người", { n: left.length }),
    });
    if (agreed) await this.step("present_rest", { members: left.map(([id]) => id).join(" ") });
  }

  private row(id: string, member: Member): TemplateResult {
    const words = PRESENCE[member.presence];
    return html`<li data-member=${id}>
      <span class="nt-roll-seat">${member.seat_label || member.seat_number}</span>
      <span class="nt-roll-name"><b>${member.name}</b><small>${member.group}${member.entitled ? "" : ` · ${t("tạm đình chỉ hoặc thôi nhiệm vụ")}`}</small></span>
      <span class="nt-chip nt-chip-${words.css}">${words.mark} ${words.label}</span>
      ${this.can("set_presence")
        ? html`<span class="nt-roll-buttons">
            ${member.presence === "present"
              ? this.mark(id, member, "left", t("Rời phòng"))
              : html`${member.entitled ? this.mark(id, member, "present", t("Có mặt")) : nothing}
                  ${member.presence === "absent" ? nothing : this.mark(id, member, "absent", t("Vắng"))}
                  <button type="button" class="btn btn-sm" data-excuse ?disabled=${this.busy !== ""} aria-expanded=${this.excusing === id ? "true" : "false"} aria-label=${`${t("Vắng có lý do")}: ${member.name}`}
                    @click=${() => (this.excusing = this.excusing === id ? "" : id)}>${t("Vắng có lý do")}</button>`}
          </span>`
        : nothing}
      ${this.excusing === id
        ? html`<form class="nt-row" @submit=${(event: Event) => void this.excuse(event, id)}>
            <input class="form-control" name="reason" maxlength="300" required aria-label=${t("Lý do vắng của %(name)s", { name: member.name })} placeholder=${t("Lý do vắng")} />
            <button class="btn btn-primary btn-sm">${t("Ghi lý do")}</button></form>`
        : nothing}
    </li>`;
  }

  private async excuse(event: Event, id: string): Promise<void> {
    event.preventDefault();
    const reason = String(new FormData(event.target as HTMLFormElement).get("reason") ?? "");
    if (await this.step("set_presence", { membership: id, presence: "excused", reason })) this.excusing = "";
  }

  /** Typing a name and Enter is the fastest roll call: the only one found is here. Of several, none: it is a legal record. */
  private async markFirst(event: KeyboardEvent, rows: [string, Member][]): Promise<void> {
    if (event.key !== "Enter" || !this.can("set_presence") || this.search.trim() === "") return;
    event.preventDefault();
    const missing = rows.filter(([, member]) => member.presence !== "present");
    const exact = missing.filter(([, member]) => fold(member.name) === fold(this.search));
    const found = exact.length === 1 ? exact : missing;
    if (found.length !== 1) {
      this.refuse("warning", found.length ? t("Có %(n)s đại biểu khớp; gõ thêm để chỉ còn một.", { n: found.length }) : t("Không có đại biểu chưa điểm danh nào khớp."));
      return;
    }
    if (await this.step("set_presence", { membership: found[0]![0], presence: "present", reason: "" })) this.search = "";
  }

  private mark(id: string, member: Member, presence: Member["presence"], label: string): TemplateResult {
    return html`<button type="button" class="btn btn-sm" data-mark=${presence} aria-label=${`${label}: ${member.name}`} ?disabled=${this.busy !== ""}
      @click=${() => void this.step("set_presence", { membership: id, presence })}>${label}</button>`;
  }
}

function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/g, "d").replace(/Đ/g, "D").toLowerCase().trim();
}

customElements.define("nt-desk", Desk);
