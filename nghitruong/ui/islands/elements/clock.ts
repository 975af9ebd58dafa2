// <nt-clock>: the wall clock by server time. With until="ISO" it counts down to that moment and,
// past it, up again with a plus; with at="ISO" too it stands at what was left then; with since="ISO"
// it counts up. `warn` (seconds) marks the last part.
import { duration, serverNow, wallClock } from "../lib/clock";

export class Clock extends HTMLElement {
  static readonly observedAttributes = ["until", "at", "since", "seconds", "warn"];
  private timer: ReturnType<typeof setInterval> | undefined;

  connectedCallback(): void {
    this.classList.add("nt-clock");
    this.timer = setInterval(() => this.tick(), 250);
    this.tick();
  }

  disconnectedCallback(): void {
    clearInterval(this.timer);
  }

  attributeChangedCallback(): void {
    if (this.isConnected) this.tick();
  }

  private tick(): void {
    const until = this.getAttribute("until");
    const since = this.getAttribute("since");
    let text: string;
    if (until) {
      const at = this.getAttribute("at");
      const left = Date.parse(until) - (at ? Date.parse(at) : serverNow());
      text = duration(left);
      this.dataset["phase"] =
        left <= 0 ? "over" : left <= Number(this.getAttribute("warn") ?? 30) * 1000 ? "warn" : "run";
    } else if (since) {
      text = duration(Math.floor(Math.max(0, serverNow() - Date.parse(since)) / 1000) * 1000);
    } else {
      text = wallClock(serverNow(), this.hasAttribute("seconds"));
    }
    if (this.textContent !== text) this.textContent = text;
  }
}

customElements.define("nt-clock", Clock);
