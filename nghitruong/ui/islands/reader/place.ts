// The page one is at: told to the server, and heard from the person's other devices.
import { html, nothing, type TemplateResult } from "lit";
import { nonce } from "../lib/nonce";
import { csrfToken } from "../lib/state";
import type { Reader } from "./reader";

const REMEMBER_MS = 1_500;

export class Place {
  /** Tells my own page turns from those of another device. */
  readonly device = nonce();
  private remembered = "";
  private tries = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private elsewhere: { page: number } | null = null;

  constructor(private readonly reader: Reader) {}

  turned(): void {
    if (this.elsewhere?.page === this.reader.page) this.elsewhere = null;
    this.rememberSoon();
  }

  rememberSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.remember(), REMEMBER_MS);
  }

  async remember(): Promise<void> {
    const { layout, page, pages, shelf, state } = this.reader;
    if (!pages || !state.person) return;
    clearTimeout(this.timer);
    const place = { page, zoom: pages.zoom, layout };
    const told = JSON.stringify(place);
    if (told === this.remembered) return;
    if (csrfToken() === "") {
      await shelf?.keepPlace(place, true); // opened without network: sent with what else waits
      return;
    }
    const mine = (this.tries += 1); // an answer that comes after a later try says nothing any more
    try {
      const response = await fetch(state.remember, {
        method: "POST",
        keepalive: true,
        redirect: "manual",
        headers: { "X-CSRFToken": csrfToken(), "Content-Type": "application/json", Accept: "application/json" },
        body: JSON.stringify({ ...place, device: this.device }),
      });
      if (mine !== this.tries) return;
      if (response.ok) this.remembered = told;
      void shelf?.keepPlace(place, !response.ok);
    } catch {
      // the next page turned tells it again, and the device, when it holds the paper, the last one
      if (mine === this.tries) void shelf?.keepPlace(place, true);
    }
  }

  /** Another device of mine turned the page: offer to go there, never jump under somebody's eyes. */
  async follow(): Promise<void> {
    try {
      const response = await fetch(this.reader.state.remember, { cache: "no-store", headers: { Accept: "application/json" } });
      if (!response.ok) return;
      const place = (await response.json()) as { page: number };
      this.elsewhere = place.page === this.reader.page ? null : place;
      this.reader.requestUpdate();
    } catch {
      // no network: the other device cannot have been heard either
    }
  }

  offer(): TemplateResult | typeof nothing {
    if (!this.elsewhere) return nothing;
    const { page } = this.elsewhere;
    return html`<p class="nt-elsewhere" role="status">
      <span>Máy khác của quý vị đang ở trang ${page}.</span>
      <button type="button" class="btn" @click=${() => this.reader.go(page)}>Đến trang ${page}</button>
      <button type="button" class="btn" @click=${() => ((this.elsewhere = null), this.reader.requestUpdate())}>Ở lại đây</button>
    </p>`;
  }
}
