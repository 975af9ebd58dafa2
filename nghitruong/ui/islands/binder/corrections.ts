// Corrections of an import on their way to the server: one after another, none forgotten.
import type { Row, State } from "./types";

/** A correction the server does not have yet. */
interface Edit {
  row: Row;
  field: string;
  value: string;
}

interface Owner {
  /** Send one correction; null when the server did not take it (what went wrong has been said). */
  send(body: string): Promise<State | null>;
  /** The server's state, once no correction is on its way. */
  answered(state: State): void;
  requestUpdate(): void;
}

export class Corrections {
  private readonly unsaved = new Map<string, Edit>();
  private onTheirWay = 0;
  private line: Promise<void> = Promise.resolve();
  private last: State | null = null;

  constructor(private readonly owner: Owner) {}

  get busy(): boolean {
    return this.onTheirWay > 0;
  }

  /** How many the server does not have yet. */
  get count(): number {
    return this.unsaved.size;
  }

  /** One after another, so that the last answer knows of all; until the server has it, what was ticked or
   *  typed stands, and no answer turns it back. */
  async save(row: Row, field: string, value: string): Promise<void> {
    const key = `${row.id} ${field}`;
    const edit: Edit = { row, field, value };
    this.unsaved.set(key, edit);
    this.onTheirWay += 1;
    this.owner.requestUpdate();
    const body = JSON.stringify({ files: { [row.id]: { [field]: value } } });
    this.line = this.line.then(async () => {
      const answer = await this.owner.send(body);
      if (answer === null) return;
      this.last = answer;
      if (this.unsaved.get(key) === edit) this.unsaved.delete(key);
    });
    await this.line;
    this.onTheirWay -= 1;
    if (!this.busy && this.last) {
      this.owner.answered(this.last);
      this.last = null;
    }
    this.owner.requestUpdate();
  }

  /** Send again what the server did not take. */
  async again(): Promise<void> {
    await Promise.all([...this.unsaved.values()].map(({ row, field, value }) => this.save(row, field, value)));
  }

  /** Whether the server has them all: what is on its way is waited for, what it did not take sent once more. */
  async all(): Promise<boolean> {
    await this.settled();
    if (this.count > 0) await this.again();
    await this.settled();
    return this.count === 0;
  }

  /** Lay what the server does not have yet over what it says; a file it will not take has no field to correct. */
  over(state: State): void {
    for (const [key, edit] of this.unsaved) {
      const row = state.files.find((one) => one.id === edit.row.id);
      if (row && !row.refused) Object.assign(row, { [edit.field]: edit.field === "include" ? edit.value !== "" : edit.value });
      else this.unsaved.delete(key);
    }
  }

  forget(): void {
    this.unsaved.clear();
  }

  /** What was typed last is often still on its way when the next button is pressed. */
  private async settled(): Promise<void> {
    while (this.busy) await this.line;
  }
}
