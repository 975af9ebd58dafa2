// All notes of this person on this paper: what the server has, and what waits on the device. A note is
// put on the device first and sent then; the server keeps each key once, and of two changes the one
// with the later clock, so sending again is harmless and no two tablets can disagree for long.
import { backoff } from "../lib/backoff";
import { nonce } from "../lib/nonce";
import { csrfToken } from "../lib/state";
import { MemoryQueue, openQueue, type Queue, type Waiting } from "./queue";
import { AT_ONCE, type Answer, type Kind, type Note, type NoteData, type NotesState, type SharedNote } from "./types";

/** saved: the server has everything. sending: on its way. waiting: no network, kept here.
 *  signed-out: the server asks for a new sign-in; kept here too. gone: the paper is there no more (it was
 *  withdrawn), so they are kept until the person takes a copy or gives them up. */
export type Saving = "saved" | "sending" | "waiting" | "signed-out" | "gone";

/** True when `a` is the later change of the same note. */
export function later(a: Pick<Note, "clock" | "device">, b: Pick<Note, "clock" | "device">): boolean {
  return a.clock > b.clock || (a.clock === b.clock && a.device > b.device);
}

export class Notes extends EventTarget {
  readonly items = new Map<string, Note>();
  shared: SharedNote[] = [];
  saving: Saving = "saved";
  /** Sentences the server said about notes it did not keep. */
  readonly refusals: string[] = [];
  /** Whose notes these are: the session of this browser may be somebody else's by now. */
  private person = "";
  private cursor = 0;
  private clock = 0;
  private queue: Queue = new MemoryQueue();
  private readonly waiting = new Map<string, Waiting>();
  /** Where the server has nothing any more. */
  private readonly lost = new Set<string>();
  private running = false;
  private again = false;
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  // One per page load, not per tablet: two tabs of one browser are two writers.
  private readonly device = nonce();

  constructor(
    private readonly state: NotesState,
    private readonly fetch: typeof window.fetch = window.fetch.bind(window),
    /** Asked for at the moment of sending: a page opened without network has none of its own. */
    private readonly token: () => Promise<string> = () => Promise.resolve(csrfToken()),
  ) {
    super();
    this.apply(state.first);
  }

  /** Take out what was left on the device last time, and send it. */
  async open(person: string, queue?: Queue): Promise<void> {
    this.person = person;
    this.queue = queue ?? (await openQueue(person));
    for (const left of await this.queue.all().catch(() => [] as Waiting[])) {
      this.waiting.set(left.note.id, left);
      this.clock = Math.max(this.clock, left.note.clock);
      if (left.url === this.state.url) this.take(left.note);
    }
    this.changed();
    if (this.waiting.size > 0) void this.sync();
  }

  /** How many will be sent. */
  get count(): number {
    return this.waiting.size - this.stranded.length;
  }

  /** Written, never sent, and no paper is there to take them. */
  get stranded(): Note[] {
    return [...this.waiting.values()].filter((one) => this.lost.has(one.url)).map((one) => one.note);
  }

  /** Give up what cannot be sent. */
  async discard(): Promise<void> {
    for (const note of this.stranded) await this.confirmed(note);
    this.become(this.standing);
    this.changed();
  }

  private get standing(): Saving {
    return this.count > 0 ? "waiting" : this.waiting.size > 0 ? "gone" : "saved";
  }

  isWaiting(id: string): boolean {
    return this.waiting.has(id);
  }

  /** Notes that stand, by page and then as they came: a change moves none, least of all the one being typed in. */
  list(): Note[] {
    return [...this.items.values()].filter((note) => !note.removed).sort((a, b) => a.page - b.page);
  }

  on(page: number): Note[] {
    return this.list().filter((note) => note.page === page);
  }

  add(kind: Kind, page: number, data: NoteData, text = ""): Note {
    const note: Note = { id: nonce(), kind, page, data, text, clock: 0, device: "", removed: false, shared: "" };
    return this.put(note);
  }

  edit(id: string, text: string): void {
    const note = this.items.get(id);
    if (note && !note.removed && note.text !== text) this.put({ ...note, text });
  }

  remove(id: string): void {
    const note = this.items.get(id);
    if (note) this.put({ ...note, removed: true, text: "", data: {}, shared: "" });
  }

  private put(change: Note): Note {
    this.clock += 1;
    const note = { ...change, clock: this.clock, device: this.device };
    this.items.set(note.id, note);
    const waiting = { url: this.state.url, note };
    this.waiting.set(note.id, waiting);
    if (this.failures === 0) this.become("sending"); // else it stays «chưa có mạng» until it is not
    this.changed();
    // On the device first. Where it keeps nothing (a private window), the page itself keeps it.
    void this.queue.put(waiting).catch(() => undefined).then(() => this.sync());
    return note;
  }

  /** Send what waits, take what is new. Never two at once; asked meanwhile, once more after. */
  async sync(): Promise<void> {
    if (this.running) {
      this.again = true;
      return;
    }
    this.running = true;
    clearTimeout(this.timer);
    try {
      do {
        this.again = false;
        if (this.count > 0 && this.failures === 0) this.become("sending");
        await this.round();
      } while (this.again);
      this.failures = 0;
      this.become(this.standing);
    } catch (error) {
      this.become(error instanceof SignedOut ? "signed-out" : this.standing);
      this.timer = setTimeout(() => void this.sync(), backoff(this.failures, { base: 1000, cap: 20_000 }));
      this.failures += 1;
    } finally {
      this.running = false;
    }
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private async round(): Promise<void> {
    const byUrl = new Map<string, Note[]>();
    for (const { url, note } of this.waiting.values()) byUrl.set(url, [...(byUrl.get(url) ?? []), note]);
    if (!byUrl.has(this.state.url)) byUrl.set(this.state.url, []);
    for (const [url, notes] of byUrl) {
      const own = url === this.state.url;
      for (let at = 0; at === 0 || at < notes.length; at += AT_ONCE) {
        const sent = notes.slice(at, at + AT_ONCE);
        const answer = await this.ask(url, sent, own ? this.cursor : 0);
        if (answer === "gone") {
          // No longer theirs to open: what was not sent stays on the device, for nobody may lose a note without being
          // told, and the person is told that it has nowhere to go.
          this.lost.add(url);
          continue;
        }
        this.lost.delete(url);
        for (const note of sent) await this.confirmed(note);
        for (const refusal of answer.refused ?? []) {
          if (!this.refusals.includes(refusal.message)) this.refusals.push(refusal.message);
          const kept = this.items.get(refusal.id);
          if (kept && sent.some((note) => note.id === refusal.id && note.clock === kept.clock)) this.items.delete(refusal.id);
        }
        if (own) this.apply(answer);
      }
    }
    this.changed();
  }

  private async ask(url: string, sent: Note[], since: number): Promise<Answer | "gone"> {
    const changes = sent.map(({ shared: _, ...change }) => change);
    const response = await this.fetch(sent.length > 0 ? url : `${url}?since=${since}`, {
      method: sent.length > 0 ? "POST" : "GET",
      redirect: "manual",
      cache: "no-store",
      headers: { "X-CSRFToken": await this.token(), "X-Person": this.person, "Content-Type": "application/json", Accept: "application/json" },
      ...(sent.length > 0 ? { body: JSON.stringify({ since, changes }) } : {}),
    });
    if (response.type === "opaqueredirect" || response.status === 401 || response.status === 403) throw new SignedOut();
    if (response.status === 404) return "gone";
    if (!response.ok) throw new Error(String(response.status));
    return (await response.json()) as Answer;
  }

  private async confirmed(note: Note): Promise<void> {
    if (this.waiting.get(note.id)?.note.clock === note.clock) this.waiting.delete(note.id);
    await this.queue.done(note).catch(() => undefined);
  }

  private apply(answer: Answer): void {
    for (const note of answer.changes) this.take(note);
    this.cursor = Math.max(answer.cursor, answer.since === 0 ? 0 : this.cursor);
    this.shared = answer.shared;
  }

  private take(note: Note): void {
    this.clock = Math.max(this.clock, note.clock);
    const known = this.items.get(note.id);
    if (!known || later(note, known)) this.items.set(note.id, note);
    else if (known.clock === note.clock) known.shared = note.shared; // shared or taken back
  }

  async share(id: string, body: string | null): Promise<string> {
    await this.sync(); // the note itself must be there first
    if (this.waiting.has(id)) return "Chưa có mạng nên chưa chia sẻ được. Có mạng rồi hãy bấm lại.";
    try {
      const response = await this.fetch(`${this.state.url}${id}/chia-se/`, {
        method: "POST",
        redirect: "manual",
        headers: { "X-CSRFToken": await this.token(), "Content-Type": "application/json", Accept: "application/json" },
        body: JSON.stringify({ body }),
      });
      const answer = (await response.json()) as Answer & { message?: string };
      if (!response.ok) return answer.message ?? "Máy chủ không nhận việc này. Hãy tải lại trang.";
      this.apply({ ...answer, cursor: this.cursor, since: this.cursor });
      this.changed();
      return "";
    } catch {
      return "Chưa tới được máy chủ nên chưa rõ đã chia sẻ hay chưa. Có mạng rồi hãy xem lại.";
    }
  }

  private become(saving: Saving): void {
    if (saving === this.saving) return;
    this.saving = saving;
    this.changed();
  }

  private changed(): void {
    this.dispatchEvent(new Event("change"));
  }
}

class SignedOut extends Error {}
