// The base of every screen of a sitting: light DOM, the live store, commands, and the chair's steps.
import { LitElement } from "lit";
import { letServerMessagesGo, notify } from "../elements/page";
import { keepAwake } from "./awake";
import { startLive, type Live } from "./live";
import type { FloorPage, PollResult, Seats, Sitting } from "./slices";
import { csrfToken, initialState } from "./state";
import { t } from "./t";

export abstract class LiveElement extends LitElement {
  static override properties = { busy: { state: true } };
  /** The name of the step on its way; its button waits, the others stay usable. */
  declare busy: string;
  protected live!: Live;
  protected page!: FloorPage;
  private unsubscribe: (() => void) | undefined;
  private rest: (() => void) | undefined;

  constructor() {
    super();
    this.busy = "";
  }

  /** The class that carries the screen's look. */
  protected get frame(): string {
    return "nt-live";
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.classList.add(this.frame);
    this.page = initialState<FloorPage>(this) ?? { id: "", state: {}, urls: {} };
    this.live = startLive(this);
    this.rest = keepAwake();
    letServerMessagesGo();
    this.unsubscribe = this.live.store.subscribe(() => {
      this.changed();
      this.requestUpdate();
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.unsubscribe?.();
    this.rest?.();
    this.live.stop();
  }

  /** A hook for what must happen at news (a scroll, a door); drawing needs none. */
  protected changed(): void {}

  protected slice<T>(name: string): T | null {
    return this.live.store.get<T>(name) ?? null;
  }

  /** The published result, with every seat where this screen may know them. */
  protected result(): PollResult | null {
    const result = this.slice<PollResult>("result");
    const seats = this.slice<Seats>("seats");
    return result && seats?.poll_id === result.poll_id ? { ...result, seats: seats.seats } : result;
  }

  /** The last refusal on this screen, in the page's messages: one at a time, until something is done. */
  private refusal: HTMLElement | null = null;

  protected refuse(level: "error" | "warning", text: string): void {
    this.settled();
    this.refusal = notify(level, text);
  }

  /** What was said of an earlier step is over. */
  protected settled(): void {
    this.refusal?.remove();
    this.refusal = null;
  }

  /** Send a hall command; its refusal is shown as the server worded it. */
  protected async command(name: string, body: Record<string, unknown> = {}): Promise<boolean> {
    if (this.busy) return false;
    this.busy = name;
    try {
      const answer = await this.live.commands.send(name, {
        sitting: this.getAttribute("sitting"),
        ...body,
      });
      if (answer.ok) this.settled();
      else if (!(answer.code === "no_answer" && (await this.unanswered(name, body, answer.nonce)))) this.refuse("error", answer.message);
      return answer.ok;
    } finally {
      this.busy = "";
    }
  }

  /** Nobody answered: a screen may keep the command for later. True: it did, and has said so. */
  protected unanswered(_name: string, _body: Record<string, unknown>, _nonce: string): Promise<boolean> {
    return Promise.resolve(false);
  }

  /** POST one of the chair's or clerk's steps; `step` is a key of the page's `urls`. */
  protected async step(step: string, fields: Record<string, string> = {}, path = ""): Promise<boolean> {
    const url = this.page.urls[step];
    if (url === undefined || this.busy) return false;
    this.busy = path ? `${step}:${path}` : step;
    try {
      const response = await fetch(path ? url.replace("__id__", path) : url, {
        method: "POST",
        headers: { Accept: "application/json", "X-CSRFToken": csrfToken() },
        credentials: "same-origin",
        body: new URLSearchParams(fields),
      });
      this.settled();
      if (response.redirected) { // to the sign-in page: nothing was done
        this.refuse("error", t("Máy này đã hết phiên đăng nhập nên việc này chưa được thực hiện. Tải lại trang và đăng nhập lại."));
        return false;
      }
      if (response.ok) return true;
      const data = (await response.json().catch(() => ({}))) as { message?: string };
      this.refuse("error", data.message ?? t("Máy chủ không làm được việc này. Hãy thử lại."));
      return false;
    } catch {
      this.refuse("error", t("Không nhận được trả lời của máy chủ: chưa rõ việc này đã được thực hiện chưa. Kiểm tra mạng, xem lại màn hình rồi mới bấm lần nữa."));
      return false;
    } finally {
      this.busy = "";
    }
  }

  /** Whether the council uses this function; it may be switched while the screen is open. */
  protected uses(name: Sitting["functions"][number]): boolean {
    return this.slice<Sitting>("sitting")?.functions?.includes(name) ?? true;
  }

  /** Whether this person may open a paper named on the screen. */
  protected reads(paper: string): boolean {
    return this.page.readable?.includes(paper) ?? true;
  }

  protected can(step: string): boolean {
    return this.page.urls[step] !== undefined;
  }
}
