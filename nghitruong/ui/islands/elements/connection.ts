// <nt-connection>: what the network is doing, in words. Quiet while all is well.
import { LitElement, html, nothing, type TemplateResult } from "lit";
import type { Connection } from "../lib/stream";
import { t } from "../lib/t";

export class ConnectionBanner extends LitElement {
  static override properties = { state: { type: String, reflect: true }, pending: { type: Number } };
  declare state: Connection;
  declare pending: number;
  /** A reconnection of a blink needs no banner: it would only frighten. */
  private shown = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.state = "online";
    this.pending = 0;
  }

  protected override createRenderRoot(): HTMLElement {
    return this; // the page's own styles and fonts
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (!changed.has("state")) return;
    clearTimeout(this.timer);
    if (this.state === "online") this.shown = false;
    else if (this.state !== "connecting") this.shown = true;
    else if (!this.shown) {
      this.timer = setTimeout(() => {
        this.shown = true;
        this.requestUpdate();
      }, 1500);
    }
  }

  protected override render(): TemplateResult {
    const offline = this.state !== "connecting";
    return html`<div class="nt-connection ${offline ? "is-offline" : ""}" role="status" ?hidden=${!this.shown}>
      ${this.shown ? html`<span class="nt-connection-mark" aria-hidden="true">${offline ? "!" : "…"}</span><p>${this.sentence(offline)}</p>
        ${this.state === "refused" ? html`<button type="button" class="btn" data-nt-reload>${t("Tải lại")}</button>` : nothing}` : nothing}
    </div>`;
  }

  private sentence(offline: boolean): string {
    if (this.state === "refused") {
      return t("Máy chủ không còn nhận màn hình này (phiên đăng nhập đã hết hoặc vai đã đổi). Hãy tải lại trang.");
    }
    if (!offline) return t("Đang nối lại với máy chủ… Màn hình có thể chậm hơn hội trường một chút.");
    return this.pending > 0
      ? t("Mất kết nối — phiếu chưa gửi được giữ trên máy này, đang thử lại…")
      : t("Mất kết nối — những gì máy chủ đã ghi nhận vẫn còn nguyên. Đang thử nối lại…");
  }
}

customElements.define("nt-connection", ConnectionBanner);
