// «Cặp tài liệu» on a session's page: what is on this device, how large, how old; bringing it, bringing
// what changed, taking it off. Where the browser cannot keep anything it says why, and what still works.
import { LitElement, html, nothing, type TemplateResult } from "lit";
import { report } from "./device/contact";
import { expire, keep, welcome } from "./device/keeper";
import { Store } from "./device/store";
import { Taker, wanted } from "./device/take";
import { age, megabytes } from "./device/words";
import { ask, notify } from "./elements/page";
import { MARK, reader, type Reader } from "./lib/holder";
import { initialState } from "./lib/state";
import { t } from "./lib/t";

interface State {
  number: number;
  /** The list of what belongs in it. */
  url: string;
  notes: string;
  worker: string;
  /** Where a device gets the certificate of this server; "" where there is none to install. */
  install: string;
  help: string;
}

class Briefcase extends LitElement {
  private state!: State;
  private owner: Reader | null = null;
  private taker: Taker | null = null;
  private ready = false;
  /** Why nothing can be kept here. */
  private cannot: "" | "insecure" | "browser" | "private" = "";
  private lasting: boolean | null = null;
  private fresh = false;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.state = initialState<State>(this)!;
    this.owner = reader();
    if (!window.isSecureContext) this.cannot = "insecure";
    else if (!("serviceWorker" in navigator) || !("indexedDB" in window)) this.cannot = "browser";
    else void this.open();
    window.addEventListener("online", this.online);
  }

  override disconnectedCallback(): void {
    window.removeEventListener("online", this.online);
    this.taker?.stop();
    super.disconnectedCallback();
  }

  private async open(): Promise<void> {
    if (!this.owner) return;
    try {
      const store = await Store.open(this.owner.person);
      await expire(store);
      this.taker = new Taker(store, this.state.number, this.state);
    } catch {
      this.cannot = "private"; // a private window keeps nothing
      this.requestUpdate();
      return;
    }
    this.taker.addEventListener("change", () => this.requestUpdate());
    await this.taker.open();
    this.lasting = (await navigator.storage?.persisted?.().catch(() => false)) ?? null;
    this.ready = true;
    this.requestUpdate();
    if (!this.taker.case) return;
    await this.taker.look().catch(() => undefined);
    this.fresh = true;
    this.requestUpdate();
  }

  private readonly online = (): void => {
    if (this.taker?.phase === "stopped" && this.taker.broken) void this.take();
  };

  private async take(): Promise<void> {
    if (!this.taker || !this.owner) return;
    try {
      localStorage.setItem(MARK, "1");
      await welcome(this.owner);
      await navigator.serviceWorker.register(this.state.worker, { scope: "/" });
    } catch {
      notify("error", t("Trình duyệt không cho giữ trang để mở khi mất mạng. Hãy tải lại trang rồi bấm lại; nếu vẫn vậy, nhờ Tổ hỗ trợ."));
      return;
    }
    await this.taker.take();
    this.lasting = (await navigator.storage?.persisted?.().catch(() => false)) ?? null;
    this.fresh = true;
    this.requestUpdate();
    await report(this.owner, this.taker.store).catch(() => undefined);
    if (this.taker.phase === "idle") await keep(this.owner);
  }

  private async takeOff(): Promise<void> {
    if (!(await ask(t("Xóa cặp tài liệu của kỳ họp này khỏi máy?"), { detail: t("Tài liệu và ghi chú vẫn còn trên máy chủ; điều viết chưa gửi vẫn ở trên máy."), yes: t("Xóa khỏi máy") }))) return;
    await this.taker!.forget();
    if (this.owner) await report(this.owner, this.taker!.store).catch(() => undefined);
  }

  protected override render(): TemplateResult | typeof nothing {
    if (!this.owner) return nothing;
    return html`<section class="card nt-briefcase" aria-labelledby="cap-tai-lieu">
      <div class="card-header"><h2 class="card-title h3" id="cap-tai-lieu">${t("Cặp tài liệu trên máy này")}</h2></div>
      <div class="card-body nt-stack">${this.cannot ? this.why() : this.inside()}</div>
    </section>`;
  }

  private why(): TemplateResult {
    if (this.cannot === "insecure") {
      return html`<p class="nt-message nt-message-warning" data-why="insecure">
        <span>${t("Kết nối này không mã hóa (http) nên trình duyệt không cho lưu tài liệu về máy. Có mạng thì vẫn đọc, ghi chú, góp ý, phát biểu và biểu quyết như thường; ghi chú viết lúc mất mạng vẫn được giữ và tự gửi khi trang còn mở.")}
          ${this.state.install ? html` <a href=${this.state.install}>${t("Cài chứng chỉ của máy chủ để lưu được")}</a>` : html` ${t("Người quản lý máy chủ bật HTTPS bằng lệnh «nghitruong tls init».")}`}</span>
      </p>`;
    }
    return html`<p class="nt-message nt-message-warning">
      ${this.cannot === "private"
        ? t("Cửa sổ này ở chế độ riêng tư hoặc trình duyệt chặn lưu dữ liệu. Hãy mở trang trong cửa sổ thường rồi tải cặp tài liệu.")
        : t("Trình duyệt này quá cũ, không lưu được tài liệu về máy. Hãy cập nhật iPadOS, Android hoặc trình duyệt.")}
    </p>`;
  }

  private inside(): TemplateResult {
    const taker = this.taker;
    if (!taker || !this.ready) return html`<p role="status">${t("Đang xem trên máy có gì…")}</p>`;
    return html`${this.holding(taker)} ${taker.problem ? html`<p class="nt-message nt-message-warning" role="alert" data-problem>${taker.problem}</p>` : nothing}
      ${taker.phase === "taking" ? this.progress(taker) : this.buttons(taker)} ${this.lasts(taker)}`;
  }

  private holding(taker: Taker): TemplateResult {
    const held = taker.case;
    if (!held) {
      return html`<p>${t("Chưa có gì trên máy này. Tải về thì đọc, tìm, ghi chú, góp ý được cả khi mất mạng; có mạng lại, điều đã viết tự gửi đi một lần.")}</p>`;
    }
    const count = wanted(held.manifest).length;
    const when = held.done || held.asked;
    return html`<p data-holding=${held.done && held.news === 0 ? "whole" : "part"}>
        ${held.done && held.news === 0
          ? html`<strong>${t("Đủ %(n)s tài liệu, %(size)s", { n: count, size: megabytes(taker.total) })}</strong>`
          : html`<strong>${t("Mới có %(have)s trong %(all)s", { have: megabytes(taker.bytes), all: megabytes(taker.total) })}</strong>`}
        · ${t("lấy về")} ${age(when)}${this.fresh ? nothing : html` · ${t("chưa hỏi được máy chủ xem có gì mới")}`}
      </p>
      ${held.done && held.news > 0 ? html`<p class="nt-message nt-message-info" data-news=${held.news}>${t("%(n)s tài liệu mới hoặc đã thay từ lần tải trước.", { n: held.news })}</p>` : nothing}
      <p class="nt-stat-note">${t("Tự xóa khỏi máy sau ngày %(day)s, khi đăng xuất, hoặc khi báo mất máy.", { day: day(held.manifest.keep_until) })}</p>`;
  }

  private progress(taker: Taker): TemplateResult {
    const percent = taker.total ? Math.floor((taker.bytes / taker.total) * 100) : 0;
    return html`<div>
        <progress class="nt-briefcase-bar" max=${taker.total || 1} value=${taker.bytes} aria-label=${t("Đang tải cặp tài liệu")}></progress>
        <p role="status" aria-live="off">${megabytes(taker.bytes)} / ${megabytes(taker.total)} (${percent} %)</p>
      </div>
      <p><button type="button" class="btn btn-lg" data-act="stop" @click=${() => taker.stop()}>${t("Dừng tải")}</button></p>`;
  }

  private buttons(taker: Taker): TemplateResult {
    const held = taker.case;
    const label = !held ? t("Tải cặp tài liệu") : !held.done || taker.phase !== "idle" ? t("Tải tiếp") : held.news > 0 ? t("Tải phần mới") : t("Kiểm tra và cập nhật");
    return html`<p class="nt-row">
      <button type="button" class="btn btn-lg ${!held?.done || held.news > 0 ? "btn-primary" : ""}" data-act="take" @click=${() => void this.take()}>${label}</button>
      ${held ? html`<button type="button" class="btn btn-lg" data-act="remove" @click=${() => void this.takeOff()}>${t("Xóa khỏi máy")}</button>` : nothing}
    </p>`;
  }

  private lasts(taker: Taker): TemplateResult | typeof nothing {
    if (!taker.case?.done || this.lasting !== false) return nothing;
    return html`<p class="nt-stat-note" data-lasting="no">${t("Trình duyệt chưa hứa giữ lâu dài: khi máy đầy, nó có thể tự xóa. Hãy thêm trang này vào Màn hình chính rồi tải lại từ biểu tượng đó.")} <a href=${this.state.help}>${t("Cách làm trên iPad")}</a></p>`;
  }
}

const day = (iso: string): string => iso.slice(0, 10).split("-").reverse().join("/");

customElements.define("nt-briefcase", Briefcase);
