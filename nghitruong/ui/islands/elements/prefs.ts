// <nt-prefs>: light or dark, and the size of letters. The cookie lets the server render the right
// page at once; localStorage brings the choice back when cookies were cleared.
import { LitElement, html, type TemplateResult } from "lit";
import { t } from "../lib/t";

const KEY = "nt_ui";
export const SIZES = ["100", "125", "150", "200"] as const;
type Theme = "light" | "dark";

export function remember(theme: string, size: string): void {
  const value = `${theme}.${size}`;
  try {
    localStorage.setItem(KEY, value);
  } catch {
    // private browsing: the cookie alone will do
  }
  document.cookie = `${KEY}=${value}; path=/; max-age=31536000; samesite=lax`;
}

/** The stored choice when the server did not know it (cookies cleared); else what the page shows. */
export function recall(): { theme: Theme; size: string } {
  const root = document.documentElement;
  let stored: string | null = null;
  try {
    if (!/(^|; )nt_ui=\w/.test(document.cookie)) stored = localStorage.getItem(KEY);
  } catch {
    // as above
  }
  const [theme, size] = (stored ?? "").split(".");
  if (stored !== null && theme && size) remember(theme, size); // the server should know it again
  return {
    theme: (theme || root.dataset["bsTheme"]) === "dark" ? "dark" : "light",
    size: (SIZES as readonly string[]).includes(size ?? "") ? size! : (root.dataset["size"] ?? "100"),
  };
}

export class Preferences extends LitElement {
  static override properties = { theme: { state: true }, size: { state: true } };
  declare theme: Theme;
  declare size: string;

  constructor() {
    super();
    const { theme, size } = recall();
    this.theme = theme;
    this.size = size;
    this.show();
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const dark = this.theme === "dark";
    return html`<div class="nt-prefs" role="group" aria-label=${t("Cách hiển thị")}>
      <button type="button" class="nt-prefs-button" @click=${this.smaller} ?disabled=${this.size === SIZES[0]}
        aria-label=${t("Chữ nhỏ hơn")} title=${t("Chữ nhỏ hơn")}><span aria-hidden="true">A−</span></button>
      <output class="nt-prefs-size" aria-label=${t("Cỡ chữ")}>${this.size} %</output>
      <button type="button" class="nt-prefs-button" @click=${this.larger} ?disabled=${this.size === SIZES.at(-1)}
        aria-label=${t("Chữ lớn hơn")} title=${t("Chữ lớn hơn")}><span aria-hidden="true">A+</span></button>
      <button type="button" class="nt-prefs-button" @click=${this.toggleTheme} aria-pressed=${dark}
        aria-label=${t("Nền tối")} title="${dark ? t("Chuyển sang nền sáng") : t("Chuyển sang nền tối")}">
        <svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" aria-hidden="true">
          <circle cx="12" cy="12" r="9"></circle><path d="M12 3a9 9 0 0 1 0 18z" fill="currentColor"></path></svg></button>
    </div>`;
  }

  private step(by: number): void {
    const at = (SIZES as readonly string[]).indexOf(this.size) + by;
    this.size = SIZES[Math.min(Math.max(at, 0), SIZES.length - 1)]!;
    this.keep();
  }

  private readonly smaller = (): void => this.step(-1);
  private readonly larger = (): void => this.step(1);
  private readonly toggleTheme = (): void => {
    this.theme = this.theme === "dark" ? "light" : "dark";
    this.keep();
  };

  private keep(): void {
    this.show();
    remember(this.theme, this.size);
  }

  private show(): void {
    document.documentElement.dataset["bsTheme"] = this.theme;
    document.documentElement.dataset["size"] = this.size;
  }
}

customElements.define("nt-prefs", Preferences);
