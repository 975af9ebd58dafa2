// <nt-bell>: how many notices wait. The server wrote the number into the page; when the person's
// doorbell says that something came, the screen asks again, which records that it has been shown.
import { Doorbell } from "../lib/doorbell";
import { csrfToken } from "../lib/state";
import { t } from "../lib/t";
import { notify } from "./page";

interface Answer {
  count: number;
  subject: string;
}

const WAIT = 800; // milliseconds: the page itself comes first
const TICKET_LASTS = 20 * 60 * 60 * 1000;

export class Bell extends HTMLElement {
  private doorbell: Doorbell | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private asking: Promise<boolean> | null = null;
  private again = false;

  connectedCallback(): void {
    this.timer = setTimeout(() => void this.start(), WAIT);
  }

  disconnectedCallback(): void {
    clearTimeout(this.timer);
    this.doorbell?.stop();
    this.doorbell = null;
  }

  /** The first page of a person asks before it listens: the answer brings the right to. */
  private async start(): Promise<void> {
    if (!this.knownTicket() && !(await this.ask())) return;
    if (!this.isConnected) return;
    this.doorbell = new Doorbell(this.dataset["slug"]!, (ring) => {
      if (ring === null || ring.slice === "notices") void this.ask();
    });
  }

  private key(): string {
    return `nt-bell:${this.dataset["slug"]!}:${this.dataset["person"]!}`;
  }

  private knownTicket(): boolean {
    // Of another person on the same tablet: their own key; the newest cookie is in force.
    return sessionStorage.getItem("nt-bell") === this.key()
      && Date.now() - Number(sessionStorage.getItem("nt-bell-at")) < TICKET_LASTS;
  }

  /** One question at a time; rings meanwhile make one more. Whether it was answered. */
  private ask(): Promise<boolean> {
    if (this.asking) {
      this.again = true;
      return this.asking;
    }
    this.asking = this.askOnce().finally(() => {
      this.asking = null;
      if (this.again) {
        this.again = false;
        void this.ask();
      }
    });
    return this.asking;
  }

  private async askOnce(): Promise<boolean> {
    try {
      const answer = await fetch(this.dataset["ask"]!, {
        method: "POST",
        headers: { "X-CSRFToken": csrfToken(), Accept: "application/json" },
        redirect: "error",
      });
      if (!answer.ok) return false;
      sessionStorage.setItem("nt-bell", this.key());
      sessionStorage.setItem("nt-bell-at", String(Date.now()));
      this.show((await answer.json()) as Answer);
      return true;
    } catch {
      return false; // no network: the number of the page stays, the doorbell comes back by itself
    }
  }

  private show({ count, subject }: Answer): void {
    const number = this.querySelector<HTMLElement>('[data-part="count"]')!;
    number.textContent = count > 99 ? "99+" : String(count);
    number.hidden = count === 0;
    this.querySelector<HTMLElement>('[data-part="words"]')!.hidden = count === 0;
    if (subject) notify("info", t("Thông báo mới: %(subject)s", { subject }));
  }
}

customElements.define("nt-bell", Bell);
