// Putting rows of several groups in order by drag, by touch and by keyboard. Every move is one request
// «before that row» and is answered with everything as it now is, so two people never undo each other.
import { LitElement, html, type TemplateResult } from "lit";
import { notify } from "../elements/page";
import { csrfToken, initialState } from "./state";
import { t } from "./t";

export interface Movable {
  id: string;
  title: string;
  move: string; // where a move is asked for
}

export abstract class Ordering<Row extends Movable, Group> extends LitElement {
  protected groups: Group[] = [];
  protected busy = false;
  private dragged: Row | null = null;
  private over = "";

  /** Under which name the page and each answer hold the groups. */
  protected abstract readonly held: string;
  /** The list for browsers without this script: only printed once it is here. */
  protected abstract readonly plain: string;

  protected abstract rowsOf(group: Group): Row[];
  /** What the server is told to put a row last in a group; nothing where there is no such place. */
  protected abstract lastIn(group: Group): Record<string, string>;

  protected closed(_group: Group): boolean {
    return false;
  }

  protected moved(_row: Row): void {}

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.groups = initialState<Record<string, Group[]>>(this)?.[this.held] ?? [];
    document.querySelector<HTMLElement>(this.plain)?.classList.add("nt-print-only");
  }

  private async move(row: Row, before: Row | null, group: Group): Promise<void> {
    if (this.busy || row === before) return;
    this.busy = true;
    this.requestUpdate();
    try {
      const response = await fetch(row.move, {
        method: "POST",
        headers: { "X-CSRFToken": csrfToken(), Accept: "application/json" },
        body: new URLSearchParams(before ? { before: before.id } : this.lastIn(group)),
      });
      const answer = (await response.json()) as Record<string, unknown>;
      if (answer[this.held]) {
        this.groups = answer[this.held] as Group[];
        this.moved(row);
      } else {
        const said = answer.message as string | undefined;
        notify("error", said ?? t("Chưa chuyển được. Hãy tải lại trang rồi thử lại."));
      }
    } catch {
      notify("error", t("Không tới được máy chủ nên chưa chuyển được. Kiểm tra mạng rồi thử lại."));
    }
    this.busy = false;
    this.requestUpdate();
    await this.updateComplete;
    this.querySelector<HTMLElement>(`[data-entry="${row.id}"] .nt-agenda-grip`)?.focus();
  }

  /** One step up or down, across groups too. */
  protected step(row: Row, by: -1 | 1): void {
    const g = this.groups.findIndex((group) => this.rowsOf(group).includes(row));
    const group = this.groups[g]!;
    const rows = this.rowsOf(group);
    const at = rows.indexOf(row);
    if (by < 0) {
      if (at > 0) return void this.move(row, rows[at - 1]!, group);
      const above = this.groups[g - 1];
      if (above && !this.closed(above)) void this.move(row, null, above);
      return;
    }
    if (at < rows.length - 2) return void this.move(row, rows[at + 2]!, group);
    if (at === rows.length - 2) return void this.move(row, null, group);
    const below = this.groups[g + 1];
    if (below && !this.closed(below)) void this.move(row, this.rowsOf(below)[0] ?? null, below);
  }

  private drop(event: DragEvent, before: Row | null, group: Group): void {
    event.preventDefault();
    this.over = "";
    const row = this.dragged;
    this.dragged = null;
    if (row) void this.move(row, before, group);
    this.requestUpdate();
  }

  private enter(event: DragEvent, key: string): void {
    event.preventDefault();
    if (this.over !== key) {
      this.over = key;
      this.requestUpdate();
    }
  }

  /** A row with its grip; ``inside`` is the rest of it. */
  protected item(row: Row, group: Group, inside: unknown, more = ""): TemplateResult {
    const closed = this.closed(group);
    return html`<li
      class="nt-agenda-item ${more} ${this.over === row.id ? "is-over" : ""}"
      data-entry=${row.id}
      draggable=${closed ? "false" : "true"}
      @dragstart=${(event: DragEvent) => {
        this.dragged = row;
        event.dataTransfer?.setData("text/plain", row.id);
      }}
      @dragend=${() => {
        this.dragged = null;
        this.over = "";
        this.requestUpdate();
      }}
      @dragover=${(event: DragEvent) => !closed && this.enter(event, row.id)}
      @drop=${(event: DragEvent) => this.drop(event, row, group)}
    >
      ${closed ? "" : this.grip(row)} ${inside}
    </li>`;
  }

  private grip(row: Row): TemplateResult {
    return html`<button
      type="button"
      class="btn btn-icon nt-agenda-grip"
      aria-label=${t("Chuyển «%(title)s»: phím mũi tên lên, xuống", { title: row.title })}
      @keydown=${(event: KeyboardEvent) => {
        if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
        event.preventDefault();
        this.step(row, event.key === "ArrowUp" ? -1 : 1);
      }}
    >
      ⋮⋮
    </button>`;
  }

  /** Where a row is dropped to be the last of the group; ``empty`` is said while there is none. */
  protected end(group: Group, key: string, empty: string): TemplateResult {
    return html`<li
      class="nt-agenda-end ${this.over === key ? "is-over" : ""}"
      @dragover=${(event: DragEvent) => this.enter(event, key)}
      @drop=${(event: DragEvent) => this.drop(event, null, group)}
    >
      ${this.rowsOf(group).length === 0 ? empty : ""}
    </li>`;
  }

  /** «Lên», «Xuống», «Sửa» for those who neither drag nor use arrow keys. */
  protected buttons(row: Row, edit: string): TemplateResult {
    const button = (words: string, by: -1 | 1): TemplateResult =>
      html`<button type="button" class="btn btn-sm" @click=${() => this.step(row, by)}>
        ${words}<span class="visually-hidden">: ${row.title}</span>
      </button>`;
    return html`${button(t("Lên"), -1)} ${button(t("Xuống"), 1)}
      <a class="btn btn-sm" href=${edit}>${t("Sửa")}<span class="visually-hidden">: ${row.title}</span></a>`;
  }
}
