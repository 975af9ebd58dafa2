// Bringing a session to the device. What is here already is not fetched again: files are known by
// their SHA-256 and kept in pieces, so that a cut line costs at most one piece of one file.
import { backoff } from "../lib/backoff";
import { t } from "../lib/t";
import { later } from "../reader/notes";
import type { Waiting } from "../reader/queue";
import type { Note, SharedNote } from "../reader/types";
import { megabytes } from "./words";
import { ask, Gone, Refused, SignedOut } from "./contact";
import { NoRoom, PIECE, Store, type Case, type FileAbout, type Held, type Manifest, type OwnNotes, type Paper, type Text } from "./store";

export type Phase = "idle" | "taking" | "stopped" | "failed";

const TRIES = 6;
/** Who may read the session's papers no more; the code of that refusal. */
export const NO_READER = "briefcase_readers";
/** Refusals after which the papers must not stay on the device. */
const OVER = ["briefcase_over", NO_READER];

class Changed extends Error {}

/** The papers that belong on the device: all but the withdrawn. */
export const wanted = (manifest: Manifest): Paper[] => manifest.papers.filter((paper) => paper.withdrawn === "");

/** Each file once, by its SHA-256. */
export function filesOf(manifest: Manifest): FileAbout[] {
  return [...new Map(wanted(manifest).map((paper) => [paper.file.sha256, paper.file])).values()];
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

const WHOLE_MOST = 160 * 1024 * 1024; // bytes taken into memory at once to be checked

export interface Options {
  url: string;
  notes: string;
  wait?: (milliseconds: number) => Promise<void>;
}

export class Taker extends EventTarget {
  phase: Phase = "idle";
  /** Bytes of papers on the device, and of all. */
  bytes = 0;
  total = 0;
  /** Why it stopped or failed, and what to do. */
  problem = "";
  /** It was the line that broke: worth going on by itself when there is one again. */
  broken = false;
  case: Case | null = null;
  private wish = false;
  private readonly wait: (milliseconds: number) => Promise<void>;

  constructor(
    readonly store: Store,
    readonly number: number,
    private readonly options: Options,
  ) {
    super();
    this.wait = options.wait ?? ((ms) => new Promise((done) => setTimeout(done, ms)));
  }

  /** What is on the device, without asking the server. */
  async open(): Promise<void> {
    this.case = (await this.store.get<Case>("cases", this.number)) ?? null;
    await this.count();
  }

  /** Ask the server what there is now; papers withdrawn or gone leave the device at once. */
  async look(): Promise<void> {
    const before = this.case;
    let response: Response;
    try {
      response = await ask(this.options.url, this.store.person, before ? { headers: { "If-None-Match": before.etag } } : {});
    } catch (error) {
      if (before && (error instanceof Gone || (error instanceof Refused && OVER.includes(error.code)))) await this.forget();
      throw error;
    }
    const asked = new Date().toISOString();
    if (response.status === 304 && before) {
      this.case = { ...before, asked };
    } else {
      const manifest = (await response.json()) as Manifest;
      const old: Record<string, Paper> = {};
      for (const paper of [...(before?.manifest.papers ?? []), ...Object.values(before?.old ?? {})]) {
        const now = manifest.papers.find((one) => one.id === paper.id);
        if (!now || now.withdrawn !== "" || now.file.sha256 === paper.file.sha256) continue;
        if (paper.version >= now.version) continue; // the server shows an earlier text again: this one is hidden
        if ((await this.store.complete(paper.file.sha256)) && !(await this.store.complete(now.file.sha256))) old[paper.id] = paper;
      }
      this.case = {
        number: this.number, manifest, etag: response.headers.get("ETag") ?? "", done: before?.done ?? "", asked,
        cursor: before?.cursor ?? 0, news: 0, old,
      };
    }
    this.case.news = (await this.missing()).length;
    await this.store.put("cases", this.case);
    await this.store.sweep();
    await this.count();
  }

  /** Bring what is missing; callable again after any end. */
  async take(): Promise<void> {
    if (this.phase === "taking") return;
    this.wish = true;
    this.broken = false;
    this.become("taking");
    await navigator.storage?.persist?.().catch(() => false);
    for (let attempt = 0; this.wish; ) {
      const before = this.bytes;
      try {
        await this.look();
        await this.room();
        if (!(await this.bring())) break;
        this.wish = false;
        this.become("idle");
        return;
      } catch (error) {
        if (this.bytes > before) attempt = 0; // it moved: the line is there, only bad
        attempt += 1;
        if (this.kind(error) === "end" || attempt > TRIES) {
          this.wish = false;
          this.broken = this.kind(error) === "line";
          if (this.broken) this.become("stopped", t("Mất mạng giữa chừng. Phần đã tải vẫn giữ; có mạng lại sẽ tự tải tiếp."));
          return;
        }
        await this.wait(error instanceof Changed ? 0 : backoff(attempt, { base: 500, cap: 8_000 }));
      }
    }
    this.become("stopped", t("Đã dừng theo ý quý vị. Phần đã tải vẫn giữ; bấm «Tải tiếp» khi cần."));
  }

  stop(): void {
    this.wish = false;
  }

  /** Take the session off the device. */
  async forget(): Promise<void> {
    await this.store.remove("cases", this.number);
    this.case = null;
    await this.store.sweep();
    await this.count();
  }

  /** "line": worth another try. "end": it is not; the phase and the sentence are set. */
  private kind(error: unknown): "line" | "end" {
    if (error instanceof NoRoom) this.become("failed", noRoom(this.total - this.bytes));
    else if (error instanceof SignedOut) this.become("failed", t("Phiên đăng nhập trên máy này đã hết. Hãy đăng nhập lại rồi bấm «Tải tiếp»."));
    else if (error instanceof Gone) this.become("failed", t("Kỳ họp này không còn dành cho quý vị trên máy chủ. Hãy hỏi Văn phòng."));
    else if (error instanceof Refused) this.become("failed", error.message || t("Máy chủ không cho tải. Hãy hỏi Văn phòng."));
    else return "line";
    return "end";
  }

  private async missing(): Promise<Paper[]> {
    const out = [];
    for (const paper of this.case ? wanted(this.case.manifest) : []) {
      const text = await this.store.get<Text>("texts", paper.version_id);
      if (!(await this.store.complete(paper.file.sha256)) || text?.tag !== paper.text.tag) out.push(paper);
    }
    return out;
  }

  private async room(): Promise<void> {
    const room: StorageEstimate | undefined = await navigator.storage?.estimate?.().catch(() => undefined);
    if (room?.quota !== undefined && room.quota - (room.usage ?? 0) < this.total - this.bytes) throw new NoRoom();
  }

  /** False: the person stopped it before everything was here. */
  private async bring(): Promise<boolean> {
    for (const paper of await this.missing()) {
      if (!this.wish) return false;
      // The text it replaces is let go only for one that is here whole: it may have been stopped half-way.
      if (!(await this.file(paper.file))) return false;
      const text = await this.store.get<Text>("texts", paper.version_id);
      if (text?.tag !== paper.text.tag) {
        const told = (await (await ask(paper.text.url, this.store.person)).json()) as Omit<Text, "version" | "tag">;
        await this.store.put("texts", { version: paper.version_id, tag: paper.text.tag, ...told });
      }
      const of = this.case!;
      delete of.old[paper.id];
      of.news = Math.max(0, of.news - 1);
      await this.store.put("cases", of);
    }
    if (!this.wish) return false;
    await this.bringNotes();
    await this.store.put("cases", { ...this.case!, done: new Date().toISOString(), news: 0 });
    await this.open();
    await this.store.sweep();
    return true;
  }

  /** False: the person stopped it, and it is not here whole. */
  private async file(file: FileAbout): Promise<boolean> {
    if (await this.store.complete(file.sha256)) return true;
    const here = await this.store.piecesOf(file.sha256);
    await this.store.put("files", { ...file, complete: false } satisfies Held);
    for (let at = 0; at * PIECE < file.size; at += 1) {
      if (here.has(at)) continue;
      if (!this.wish) return false;
      const begin = at * PIECE;
      const end = Math.min(begin + PIECE, file.size);
      const response = await ask(file.url, this.store.person, { headers: { Range: `bytes=${begin}-${end - 1}`, "If-Range": `"${file.sha256}"` } });
      // Another text under the same address: the list is out of date, so it is asked for again.
      if (response.status !== 206 || !(response.headers.get("ETag") ?? "").includes(file.sha256)) throw new Changed();
      const bytes = await response.arrayBuffer();
      if (bytes.byteLength !== end - begin) throw new Error("short");
      await this.store.put("pieces", bytes, [file.sha256, at]);
      this.bytes += bytes.byteLength;
      this.changed();
    }
    if (file.size <= WHOLE_MOST && (await sha256((await this.store.bytes(file, 0, file.size)) as Uint8Array<ArrayBuffer>)) !== file.sha256) {
      await this.store.dropFile(file.sha256);
      await this.count();
      throw new Error("damaged on the way");
    }
    await this.store.put("files", { ...file, complete: true } satisfies Held);
    return true;
  }

  /** The cursor counts the whole notebook, while a text is listed only once it was sent: what was written
   *  on it before lies behind the cursor. So a text that was not brought yet asks for everything. */
  private async bringNotes(): Promise<void> {
    const of = this.case!;
    let since = of.cursor;
    for (const paper of wanted(of.manifest)) {
      // A row that only the page made (Shelf.keepNotes) has no cursor.
      if (!(await this.store.get<OwnNotes>("notes", paper.version_id))?.cursor) since = 0;
    }
    const response = await ask(`${this.options.notes}?since=${since}`, this.store.person);
    const told = (await response.json()) as { cursor: number; since: number; changes: Record<string, Note[]>; shared: Record<string, SharedNote[]> };
    const waiting = await this.store.all<Waiting>("waiting");
    for (const paper of wanted(of.manifest)) {
      const key = paper.version_id;
      // Told whole, it replaces what is here; only what was never sent the server cannot know.
      const unsent = waiting.filter((one) => one.url === paper.notes).map((one) => one.note);
      const kept = told.since === 0 ? unsent : ((await this.store.get<OwnNotes>("notes", key))?.changes ?? []);
      const notes = new Map(kept.map((note) => [note.id, note]));
      for (const note of told.changes[key] ?? []) {
        const known = notes.get(note.id);
        if (!known || !later(known, note)) notes.set(note.id, note);
      }
      await this.store.put("notes", { version: key, cursor: told.cursor, changes: [...notes.values()], shared: told.shared[key] ?? [] } satisfies OwnNotes);
    }
    of.cursor = told.cursor;
  }

  private async count(): Promise<void> {
    this.total = this.bytes = 0;
    for (const file of this.case ? filesOf(this.case.manifest) : []) {
      this.total += file.size;
      if (await this.store.complete(file.sha256)) this.bytes += file.size;
      else for (const at of await this.store.piecesOf(file.sha256)) this.bytes += Math.min(PIECE, file.size - at * PIECE);
    }
    this.changed();
  }

  private become(phase: Phase, problem = ""): void {
    this.phase = phase;
    this.problem = problem;
    this.changed();
  }

  private changed(): void {
    this.dispatchEvent(new Event("change"));
  }
}

const noRoom = (bytes: number): string =>
  t("Máy không đủ chỗ: còn cần %(size)s. Hãy xóa bớt ảnh, ứng dụng hoặc cặp tài liệu của kỳ họp cũ trên máy rồi bấm «Tải tiếp»; phần đã tải vẫn giữ.", { size: megabytes(Math.max(bytes, 0)) });
