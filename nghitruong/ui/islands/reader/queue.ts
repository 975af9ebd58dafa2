// Notes that the server has not confirmed yet, kept on the device: a tablet that loses the network, or
// its power, loses none. They lie in their person's part of the device (device/store), so that on a
// shared tablet nobody meets another's; what is confirmed is deleted here.
import { run, Store } from "../device/store";
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
}

export class MemoryQueue implements Queue {
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

export class DeviceQueue implements Queue {
  constructor(private readonly store: Store) {}

  all(): Promise<Waiting[]> {
    return this.store.all("waiting");
  }

  put(waiting: Waiting): Promise<void> {
    return this.store.put("waiting", waiting, waiting.note.id);
  }

  async done(note: Note): Promise<void> {
    await run(this.store.database, "waiting", "readwrite", (rows) => {
      const request = rows.get(note.id) as IDBRequest<Waiting | undefined>;
      request.onsuccess = () => {
        if (request.result?.note.clock === note.clock) rows.delete(note.id);
      };
    });
  }
}

/** The device's own queue, or one that lasts as long as the page where the browser keeps nothing. */
export async function openQueue(person: string): Promise<Queue> {
  try {
    return new DeviceQueue(await Store.open(person));
  } catch {
    return new MemoryQueue();
  }
}
