// What lies on this device. One database per person, so that on a shared tablet nobody meets another's
// papers or notes, and emptying a person's part is deleting one database. A small one beside them knows
// which people there are and whose device it is now; the service worker reads it too.
import type { Note, SharedNote } from "../reader/types";

export interface FileAbout {
  url: string;
  sha256: string;
  size: number;
  type: string;
}

/** What the server says of a paper (council/briefcase/queries.py). */
export interface Paper {
  id: string;
  url: string;
  title: string;
  kind: string;
  number: string;
  dated: string;
  section: string;
  tab: number;
  first: number;
  /** Absent: taken before the server told it. */
  last?: number;
  /** Why it was withdrawn; "": it was not. */
  withdrawn: string;
  version: number;
  version_id: string;
  pages: number | null;
  file_name: string;
  file: FileAbout;
  text: { url: string; tag: string };
  place: Place;
  remember: string;
  notes: string;
  export: string;
  page_text: string;
  give: string;
}

export interface Place {
  page: number;
  zoom: number;
  layout: "" | "two" | "text";
}

export interface Sitting {
  id: string;
  number: number;
  title: string;
  state: string;
  starts: string;
  ends: string;
  place: string;
  item: string;
  hall: string;
}

export interface AgendaItem {
  id: string;
  order: number;
  title: string;
  kind: string;
  minutes: number;
  presenter: string;
  starts: string;
  papers: string[];
}

export interface Manifest {
  format: number;
  person: string;
  council: { slug: string; name: string };
  session: { id: string; number: number; title: string; opening: string; place: string };
  keep_until: string;
  agenda: { sitting: Sitting | null; items: AgendaItem[] }[];
  bodies: { id: string; name: string }[];
  speaks: boolean;
  papers: Paper[];
  opinions: { paper: string; place: string; text: string; state: string; answer: string; at: string }[];
}

/** A session on the device. `held`: what was brought (may be older than what the server has now). */
export interface Case {
  number: number;
  manifest: Manifest;
  etag: string;
  /** Brought whole at this moment; "": not yet, it can be continued. */
  done: string;
  /** When the server was last asked. */
  asked: string;
  cursor: number;
  /** Papers the server has that are not (or in an older text) on the device. */
  news: number;
  /** By paper: the text that is on the device while a newer one is not. */
  old: Record<string, Paper>;
}

/** A file: complete when all its pieces are here and its SHA-256 was right. */
export interface Held extends FileAbout {
  complete: boolean;
}

export interface Text {
  version: string;
  tag: string;
  pages: string[];
  places: { article: string; clause: string; point: string; label: string; heading: string; text: string }[];
}

export interface OwnNotes {
  version: string;
  cursor: number;
  changes: Note[];
  shared: SharedNote[];
}

/** "note": words on a paper that opens no more, only ever told (never waiting). */
export type Sent = "opinion" | "ask" | "place" | "note";

/** Written without network, to be sent once. `state` "waiting", or "refused" with the server's sentence
 *  (or our own), to be read and dismissed by the person: nobody else, and no sign-in of another, does. */
export interface Outgoing {
  nonce: string;
  kind: Sent;
  url: string;
  fields: Record<string, string>;
  label: string;
  made: string;
  /** Not to be sent after this moment; "": whenever. */
  until: string;
  state: "waiting" | "refused" | "sent";
  answer: string;
}

export const PIECE = 1 << 20; // bytes of one piece of a file: what a cut line can lose

const STORES = { waiting: null, outbox: "nonce", cases: "number", files: "sha256", pieces: null, texts: "version", notes: "version", places: null } as const;
export type StoreName = keyof typeof STORES;

export class NoRoom extends Error {}

function open(name: string, stores: Record<string, string | null>): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => {
      for (const [store, keyPath] of Object.entries(stores)) {
        request.result.createObjectStore(store, keyPath === null ? {} : { keyPath });
      }
    };
    request.onsuccess = () => {
      const database = request.result;
      database.onversionchange = () => database.close(); // it is being deleted: do not stand in the way
      resolve(database);
    };
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked"));
  });
}

export function run<T>(database: IDBDatabase, store: string, mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest | void): Promise<T> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(store, mode);
    const request = act(transaction.objectStore(store));
    const failed = (): void => {
      const error = transaction.error ?? request?.error ?? null;
      reject(error?.name === "QuotaExceededError" ? new NoRoom() : error);
    };
    transaction.oncomplete = () => resolve(request?.result as T);
    transaction.onerror = transaction.onabort = failed;
  });
}

const nameOf = (person: string): string => `nt-person-${person}`;

/** A person's part of the device. */
export class Store {
  private constructor(
    readonly person: string,
    readonly database: IDBDatabase,
  ) {}

  static async open(person: string): Promise<Store> {
    return new Store(person, await open(nameOf(person), STORES));
  }

  close(): void {
    this.database.close();
  }

  get<T>(store: StoreName, key: IDBValidKey): Promise<T | undefined> {
    return run(this.database, store, "readonly", (rows) => rows.get(key));
  }

  all<T>(store: StoreName): Promise<T[]> {
    return run(this.database, store, "readonly", (rows) => rows.getAll());
  }

  keys(store: StoreName): Promise<IDBValidKey[]> {
    return run(this.database, store, "readonly", (rows) => rows.getAllKeys());
  }

  async put(store: StoreName, value: unknown, key?: IDBValidKey): Promise<void> {
    await run(this.database, store, "readwrite", (rows) => rows.put(value, key));
  }

  async remove(store: StoreName, key: IDBValidKey | IDBKeyRange): Promise<void> {
    await run(this.database, store, "readwrite", (rows) => rows.delete(key));
  }

  // --- sessions ------------------------------------------------------------------------------------

  cases(): Promise<Case[]> {
    return this.all("cases");
  }

  /** The paper at an address or of a text, with its session. */
  async find(test: (paper: Paper) => boolean): Promise<{ paper: Paper; of: Case } | null> {
    for (const of of await this.cases()) {
      const paper = of.manifest.papers.find(test);
      if (paper) return { paper, of };
    }
    return null;
  }

  // --- files ---------------------------------------------------------------------------------------

  /** Which pieces of a file are here. */
  async piecesOf(sha256: string): Promise<Set<number>> {
    const range = IDBKeyRange.bound([sha256, 0], [sha256, Infinity]);
    const keys = await run<IDBValidKey[]>(this.database, "pieces", "readonly", (rows) => rows.getAllKeys(range));
    return new Set(keys.map((key) => (key as [string, number])[1]));
  }

  piece(sha256: string, at: number): Promise<ArrayBuffer | undefined> {
    return this.get("pieces", [sha256, at]);
  }

  /** Bytes `begin`…`end` (end excluded) of a file that is here whole. */
  async bytes(file: FileAbout, begin: number, end: number): Promise<Uint8Array> {
    const out = new Uint8Array(Math.min(end, file.size) - begin);
    for (let at = Math.floor(begin / PIECE); at * PIECE < Math.min(end, file.size); at += 1) {
      const piece = await this.piece(file.sha256, at);
      if (!piece) throw new Error("missing piece");
      const from = Math.max(begin - at * PIECE, 0);
      const to = Math.min(end - at * PIECE, piece.byteLength);
      out.set(new Uint8Array(piece, from, to - from), at * PIECE + from - begin);
    }
    return out;
  }

  async complete(sha256: string): Promise<boolean> {
    return (await this.get<Held>("files", sha256))?.complete ?? false;
  }

  async dropFile(sha256: string): Promise<void> {
    await this.remove("files", sha256);
    await this.remove("pieces", IDBKeyRange.bound([sha256, 0], [sha256, Infinity]));
  }

  /** Remove files and texts no session of the device wants any more. */
  async sweep(): Promise<void> {
    const cases = await this.cases();
    const papers = cases.flatMap((one) => [...one.manifest.papers, ...Object.values(one.old)]);
    const files = new Set(papers.filter((paper) => paper.withdrawn === "").map((paper) => paper.file.sha256));
    const texts = new Set(papers.filter((paper) => paper.withdrawn === "").map((paper) => paper.version_id));
    for (const held of await this.all<Held>("files")) if (!files.has(held.sha256)) await this.dropFile(held.sha256);
    for (const key of await this.keys("texts")) if (!texts.has(String(key))) await this.remove("texts", key);
    for (const key of await this.keys("notes")) if (!texts.has(String(key))) await this.remove("notes", key);
  }

  /** Papers, texts and notes go; what was written and not sent stays for when they are back. */
  async dropPapers(): Promise<void> {
    for (const store of ["cases", "files", "pieces", "texts", "notes", "places"] as const) {
      await run(this.database, store, "readwrite", (rows) => rows.clear());
    }
  }

  /** What is written here and not on the server: also what it refused, until the person has seen that,
   *  for the words lie nowhere else. */
  async unsent(): Promise<number> {
    const outbox = await this.all<Outgoing>("outbox");
    return (await this.keys("waiting")).length + outbox.filter((one) => one.state !== "sent" && one.kind !== "place").length;
  }
}

// --- the device itself -------------------------------------------------------------------------------

export interface Owner {
  account: string;
  person: string;
  slug: string;
  name: string;
}

const DEVICE = "nt-device";

async function withDevice<T>(mode: IDBTransactionMode, act: (rows: IDBObjectStore) => IDBRequest | void): Promise<T> {
  const database = await open(DEVICE, { about: null });
  try {
    return await run<T>(database, "about", mode, act);
  } finally {
    database.close();
  }
}

export const device = {
  get: <T>(key: string): Promise<T | undefined> => withDevice("readonly", (rows) => rows.get(key)),
  put: (key: string, value: unknown): Promise<void> => withDevice("readwrite", (rows) => rows.put(value, key)),
  remove: (key: string): Promise<void> => withDevice("readwrite", (rows) => rows.delete(key)),
};

export async function people(): Promise<Owner[]> {
  return (await device.get<Owner[]>("people")) ?? [];
}

/** Whose page an address is: the device's owner, or the same account as a person of that address's
 *  council. One account may be a delegate of the commune and of the province, in a tab each. */
export async function ownerAt(path: string): Promise<Owner | undefined> {
  const owner = await device.get<Owner>("owner");
  const slug = path.split("/")[1];
  if (!owner || owner.slug === slug) return owner;
  return (await people()).find((one) => one.account === owner.account && one.slug === slug) ?? owner;
}

/** Somebody works at this device now: they are its owner, and listed. */
export async function settle(owner: Owner): Promise<void> {
  const others = (await people()).filter((one) => one.person !== owner.person);
  await device.put("people", [...others, owner]);
  await device.put("owner", owner);
}

function drop(name: string): Promise<void> {
  return new Promise((resolve) => {
    const request = indexedDB.deleteDatabase(name);
    // Blocked: another tab still has it open; it closes on the version change and the deletion goes on.
    request.onsuccess = request.onerror = request.onblocked = () => resolve();
  });
}

/** Delete these people's databases; `device` too when nobody is left. */
export async function wipe(gone: Owner[]): Promise<void> {
  for (const one of gone) await drop(nameOf(one.person));
  const left = (await people()).filter((one) => !gone.some((other) => other.person === one.person));
  await device.put("people", left);
  const owner = await device.get<Owner>("owner");
  if (owner && gone.some((one) => one.person === owner.person)) await device.remove("owner");
}

/** Papers of these people leave the device; what they wrote and could not send, or what was refused and
 *  they have not seen yet, stays for when they are back. */
export async function leave(gone: Owner[]): Promise<void> {
  for (const one of gone) {
    const store = await Store.open(one.person);
    await store.dropPapers();
    const left = await store.unsent();
    store.close();
    if (left === 0) await wipe([one]);
  }
}

/** Everything of everybody; the device forgets even its own key. */
export async function wipeAll(): Promise<void> {
  for (const one of await people()) await drop(nameOf(one.person));
  await drop(DEVICE);
}
