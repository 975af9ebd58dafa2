// A device in a test: as much of IndexedDB as the store asks for, and answers of the server.
import { vi } from "vitest";
import { Store } from "../device/store";

/** As much of IndexedDB as the device's store asks for, in memory. */
export class Database {
  readonly rows = new Map<string, Map<string, unknown>>();
  private static readonly paths: Record<string, string> = { cases: "number", files: "sha256", outbox: "nonce", texts: "version", notes: "version" };

  transaction(name: string): unknown {
    const rows = this.rows.get(name) ?? this.rows.set(name, new Map()).get(name)!;
    const path = Database.paths[name];
    const hit = (key: unknown): string[] =>
      key instanceof Object && "lower" in key
        ? [...rows.keys()].filter((one) => one.startsWith(JSON.stringify((key.lower as string[])[0]).slice(0, -1), 1))
        : [JSON.stringify(key)];
    const asked = (result: unknown): unknown => {
      const request: { result: unknown; onsuccess?: () => void } = { result };
      queueMicrotask(() => request.onsuccess?.());
      return request;
    };
    const store = {
      get: (key: unknown) => asked(rows.get(JSON.stringify(key))),
      getAll: () => asked([...rows.values()]),
      getAllKeys: (range?: unknown) => asked((range ? hit(range) : [...rows.keys()]).filter((key) => rows.has(key)).map((key) => JSON.parse(key) as unknown)),
      put: (value: Record<string, unknown>, key?: unknown) => asked(rows.set(JSON.stringify(key ?? value[path!]), structuredClone(value))),
      delete: (key: unknown) => asked(hit(key).forEach((one) => rows.delete(one))),
      clear: () => asked(rows.clear()),
    };
    const transaction: { objectStore: () => unknown; oncomplete?: () => void } = { objectStore: () => store };
    setTimeout(() => transaction.oncomplete?.());
    return transaction;
  }

  close(): void {}
}

/** A connection of its own to them: closed, it refuses. */
class Connection {
  private closed = false;
  constructor(private readonly database: Database) {}

  transaction(name: string): unknown {
    if (this.closed) throw new DOMException("closed", "InvalidStateError");
    return this.database.transaction(name);
  }

  close(): void {
    this.closed = true;
  }
}

/** The browser's databases by name: those of the people and the device's own. */
export function databases(): Map<string, Database> {
  const all = new Map<string, Database>();
  const answer = (result: unknown): unknown => {
    const request: { result: unknown; onsuccess?: () => void } = { result };
    queueMicrotask(() => request.onsuccess?.());
    return request;
  };
  vi.stubGlobal("indexedDB", {
    open: (name: string) => answer(new Connection(all.get(name) ?? all.set(name, new Database()).get(name)!)),
    deleteDatabase: (name: string) => answer(all.delete(name)),
  });
  return all;
}

export const onDevice = (): Store => new (Store as unknown as new (person: string, database: Database) => Store)("p1", new Database());
export const answered = (body: unknown, status = 200): Response => new Response(JSON.stringify(body), { status });
