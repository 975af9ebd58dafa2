// What the device holds of the paper being read: its bytes, words, notes, the place where one stopped.
import { holds } from "../lib/holder";
import { snippets, type PacketHit, type Texts } from "../reader/find";
import type { Note, SharedNote } from "../reader/types";
import { later } from "../reader/notes";
import { write } from "./outbox";
import { wanted } from "./take";
import { Store, type Case, type FileAbout, type OwnNotes, type Paper, type Place, type Text } from "./store";

const HITS_MOST = 200;

export interface Bytes {
  size: number;
  read(begin: number, end: number): Promise<Uint8Array>;
}

export class Shelf {
  private constructor(
    private readonly store: Store,
    readonly paper: Paper,
    readonly of: Case,
  ) {}

  /** Null where this text is not in a briefcase of this person. */
  static async find(person: string, version: string): Promise<Shelf | null> {
    if (!person || !holds()) return null;
    try {
      const store = await Store.open(person);
      const found = await store.find((paper) => paper.version_id === version);
      if (found) return new Shelf(store, found.paper, found.of);
      for (const of of await store.cases()) {
        const old = Object.values(of.old).find((paper) => paper.version_id === version);
        if (old) return new Shelf(store, old, of);
      }
      store.close();
    } catch {
      // a browser that keeps nothing holds nothing
    }
    return null;
  }

  async bytes(): Promise<Bytes | null> {
    const file: FileAbout = this.paper.file;
    if (!(await this.store.complete(file.sha256))) return null;
    return { size: file.size, read: (begin, end) => this.store.bytes(file, begin, end) };
  }

  /** The words of a page, as the server read them; "" when it has none. */
  async pageText(page: number): Promise<string> {
    return (await this.store.get<Text>("texts", this.paper.version_id))?.pages[page - 1] ?? "";
  }

  /** The same of all pages, by number from 1; null where the device holds none. */
  async pageTexts(): Promise<Texts | null> {
    const text = await this.store.get<Text>("texts", this.paper.version_id);
    return text ? Object.fromEntries(text.pages.map((page, at) => [at + 1, page])) : null;
  }

  /** Words in every paper of the session that is here: (places, papers without words, more). */
  async search(query: string): Promise<{ hits: PacketHit[]; without: number; more: boolean }> {
    const hits: PacketHit[] = [];
    let without = 0;
    for (const paper of wanted(this.of.manifest)) {
      const text = await this.store.get<Text>("texts", paper.version_id);
      if (!text || text.pages.every((page) => page.trim() === "")) without += 1;
      for (const [at, page] of (text?.pages ?? []).entries()) {
        for (const hit of snippets(page, query, at + 1)) {
          if (hits.length === HITS_MOST) return { hits, without, more: true };
          hits.push({ ...hit, title: paper.title, url: `${paper.url}?tim=${encodeURIComponent(query)}#trang=${at + 1}` });
        }
      }
    }
    return { hits, without, more: false };
  }

  /** The notes as they stand on the page (of the server, or written here) for the next time. */
  async keepNotes(notes: Iterable<Note>, shared: SharedNote[]): Promise<void> {
    const key = this.paper.version_id;
    const kept = await this.store.get<OwnNotes>("notes", key);
    const all = new Map((kept?.changes ?? []).map((note) => [note.id, note]));
    for (const note of notes) {
      const known = all.get(note.id);
      if (!known || !later(known, note)) all.set(note.id, note);
    }
    await this.store.put("notes", { version: key, cursor: kept?.cursor ?? 0, changes: [...all.values()], shared });
  }

  notes(): Promise<OwnNotes | undefined> {
    return this.store.get("notes", this.paper.version_id);
  }

  async place(): Promise<Place> {
    return (await this.store.get<Place>("places", this.paper.version_id)) ?? this.paper.place;
  }

  /** Where one stopped; `unsent` when the server could not be told: it is told later, the last place. Once
   *  it knows a later one, what still waits is of the past and would turn every device back. */
  async keepPlace(place: Place, unsent: boolean): Promise<void> {
    const key = this.paper.version_id;
    await this.store.put("places", place, key);
    if (!unsent) return this.store.remove("outbox", `place-${key}`);
    const fields = { page: String(place.page), zoom: String(place.zoom), layout: place.layout };
    await write(this.store, "place", this.paper.remember, fields, this.paper.title, "", `place-${key}`);
  }
}
