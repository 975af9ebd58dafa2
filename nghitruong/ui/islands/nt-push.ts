// «Báo trên máy này»: asks the browser for leave, subscribes, and gives the subscription to the
// server. The script that waits for pushes has an address of its own and controls no page.
import { LitElement, html, type TemplateResult } from "lit";
import { csrfToken, initialState } from "./lib/state";
import { t } from "./lib/t";

interface State {
  key: string;
  worker: string;
  add: string;
}

function bytes(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

class Push extends LitElement {
  private state!: State;
  private words = "";
  private busy = false;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.state = initialState<State>(this)!;
  }

  private get able(): boolean {
    return window.isSecureContext && "serviceWorker" in navigator && "PushManager" in window;
  }

  private async turnOn(): Promise<void> {
    this.busy = true;
    this.requestUpdate();
    try {
      if ((await Notification.requestPermission()) !== "granted") {
        this.words = t("Trình duyệt chưa cho phép. Hãy cho phép thông báo của trang này trong cài đặt của máy.");
        return;
      }
      const worker = await navigator.serviceWorker.register(this.state.worker);
      await this.ready(worker);
      const subscription = await worker.pushManager.subscribe({
        userVisibleOnly: true,
        applicationServerKey: bytes(this.state.key),
      });
      const { endpoint, keys } = subscription.toJSON();
      const answer = await fetch(this.state.add, {
        method: "POST",
        headers: { "X-CSRFToken": csrfToken(), Accept: "application/json" },
        body: new URLSearchParams({
          endpoint: endpoint ?? "",
          p256dh: keys?.["p256dh"] ?? "",
          auth: keys?.["auth"] ?? "",
          label: navigator.platform || t("Máy này"),
        }),
      });
      if (answer.ok) location.reload();
      else this.words = ((await answer.json()) as { message: string }).message;
    } catch {
      this.words = t("Không bật được. Máy cần có Internet để nhận báo; hãy thử lại sau.");
    } finally {
      this.busy = false;
      this.requestUpdate();
    }
  }

  private ready(worker: ServiceWorkerRegistration): Promise<void> {
    const coming = worker.installing ?? worker.waiting;
    if (worker.active || !coming) return Promise.resolve();
    return new Promise((done) => coming.addEventListener("statechange", () => coming.state === "activated" && done()));
  }

  protected override render(): TemplateResult {
    if (!this.able) {
      return html`<p class="mb-0">${t("Trình duyệt này chưa báo được: cần mở bằng https; trên iPad, iPhone phải thêm trang ra màn hình chính trước.")}</p>`;
    }
    return html`<button type="button" class="btn btn-primary" ?disabled=${this.busy} @click=${() => void this.turnOn()}>${t("Bật báo trên máy này")}</button>
      <p role="status" class="mb-0 mt-2">${this.words}</p>`;
  }
}

customElements.define("nt-push", Push);
