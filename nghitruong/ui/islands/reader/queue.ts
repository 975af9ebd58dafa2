// Notes that the server has not confirmed yet, kept on the device: a tablet that loses the network, or
// its power, loses none. One database per person, so that on a shared tablet nobody meets another's;
// what is confirmed is deleted here.
import type { Note } from "./types";

/** `url` is where it must be sent: notes of another paper may still wait from last time. */
export interface Waiting {
  url: string;
  note: Note;
}

export interface Queue {
  /** Everything that waits. */
  all(): Promise<Waiting[]>;
  put(waiting: Waiting): Promise<void>;
  /** Confirmed, unless it was changed again meanwhile (a later clock). */
  done(note: Note): Promise<void>;
  /** Whether it outlives the page. */
  readonly lasting: boolean;
}

export class MemoryQueue implements Queue {
  readonly lasting: boolean = false;
  private readonly kept = new Map<string, Waiting>();

  all(): Promise<Waiting[]> {
    return Promise.resolve([...this.kept.values()]);
  }

  put(waiting: Waiting): Promise<void> {
    this.kept.set(waiting.note.id, waiting);
    return Promise.resolve();
  }

  done(note: Note): Promise<void> {
    if (this.kept.get(note.id)?.note.clock === note.clock) this.kept.delete(note.id);
    return Promise.resolve();
  }
}

const STORE = "waiting";

class DeviceQueue implements Queue {
  readonly lasting = true;
  constructor(private readonly database: IDBDatabase) {}

  all(): Promise<Waiting[]> {
    return this.run("readonly", (store) => store.getAll()) as Promise<Waiting[]>;
  }

  async put(waiting: Waiting): Promise<void> {
    await this.run("readwrite", (store) => store.put(waiting, waiting.note.id));
  }

  done(note: Note): Promise<void> {
    return new Promise((resolve, reject) => {
      const transaction = this.database.transaction(STORE, "readwrite");
      const store = transaction.objectStore(STORE);
      const request = store.get(note.id) as IDBRequest<Waiting | undefined>;
      request.onsuccess = () => {
        if (request.result?.note.clock === note.clock) store.delete(note.id);
      };
      transaction.oncomplete = () => resolve();
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  }

  private run(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const transaction = this.database.transaction(STORE, mode);
      const request = act(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  }
}

/** The device's own queue, or one that lasts as long as the page where the browser keeps nothing. */
export function openQueue(person: string): Promise<Queue> {
  return new Promise((resolve) => {
    const give = (): void => resolve(new MemoryQueue());
    try {
      const request = indexedDB.open(`nt-notes-${person}`, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(STORE);
      request.onsuccess = () => resolve(new DeviceQueue(request.result));
      request.onerror = give;
      request.onblocked = give;
    } catch {
      give();
    }
  });
}
