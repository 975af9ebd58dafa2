// How far the binding of a printed set is; the page is drawn anew when it is done.
import { LitElement, html, type TemplateResult } from "lit";
import { follow, type Following } from "./lib/following";
import { initialState } from "./lib/state";

interface State {
  state: string;
  done: number;
  total: number;
}

class BinderPacket extends LitElement {
  private state!: State;
  private following: Following | null = null;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.state = initialState<State>(this)!;
    this.following = follow<State>(location.pathname, (state) => {
      if (state.state !== "waiting") {
        location.reload();
        return false;
      }
      this.state = state;
      this.requestUpdate();
      return true;
    });
  }

  override disconnectedCallback(): void {
    this.following?.stop();
    super.disconnectedCallback();
  }

  protected override render(): TemplateResult {
    const { done, total } = this.state;
    const words = total ? `Đang đóng tập: ${done}/${total} tài liệu` : "Đang chờ tới lượt đóng tập";
    return html`<p role="status">${words}</p>
      ${total
        ? html`<progress class="nt-progress" max=${total} value=${done} aria-label="Đang đóng tập"></progress>`
        : html`<progress class="nt-progress" aria-label="Đang chờ"></progress>`}
      <p class="form-hint">Có thể rời trang này; tập vẫn được đóng và nằm ở mục «Các bản đã đóng».</p>`;
  }
}

customElements.define("nt-binder-packet", BinderPacket);
