// The state of a live page: named slices, replaced or merged by events. The server is the only
// one who computes; a screen never guesses what a vote or a roll will become.

/** One typed event as the stream delivers it. */
export interface LiveEvent {
  type: string;
  /** The slice this event is about; an event without one (an announcement) only notifies. */
  slice?: string;
  /** The slice's new value; null empties it. */
  data?: unknown;
}

/** Everything a screen knows, as `GET /live/<slug>/snapshot` and the page itself give it. */
export interface Snapshot {
  /** `epoch;hall=N;me=N`: what this state already contains. */
  id: string;
  /** The server's clock when the snapshot left, ISO 8601 or milliseconds. */
  now?: string | number;
  state: Record<string, unknown>;
}

type Listener = (event: LiveEvent | null) => void;

/** Slices whose events carry only the entries that changed; an entry of null is removed. */
const MERGED = new Set(["presence", "me"]);

export class Store {
  private slices: Record<string, unknown>;
  private readonly listeners = new Set<Listener>();

  constructor(
    slices: Record<string, unknown> = {},
    private readonly merged: ReadonlySet<string> = MERGED,
  ) {
    this.slices = { ...slices };
  }

  /** The slice as it is now; undefined when the server never sent it. */
  get<T>(slice: string): T | undefined {
    return this.slices[slice] as T | undefined;
  }

  /** All slices, for tests and for drawing a whole screen. */
  all(): Readonly<Record<string, unknown>> {
    return this.slices;
  }

  /** A fresh snapshot replaces everything: what it does not hold no longer exists. */
  replace(slices: Record<string, unknown>): void {
    this.slices = { ...slices };
    this.notify(null);
  }

  apply(event: LiveEvent): void {
    if (event.slice !== undefined) {
      this.slices = {
        ...this.slices,
        [event.slice]: this.merged.has(event.slice)
          ? merge(this.slices[event.slice], event.data)
          : event.data,
      };
    }
    this.notify(event);
  }

  /** Calls back after every change, with the event, or null after a whole replacement. */
  subscribe(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private notify(event: LiveEvent | null): void {
    for (const listener of [...this.listeners]) listener(event);
  }
}

function merge(before: unknown, changes: unknown): Record<string, unknown> {
  const after: Record<string, unknown> = { ...(before as Record<string, unknown> | undefined) };
  for (const [key, value] of Object.entries((changes ?? {}) as Record<string, unknown>)) {
    if (value === null) delete after[key];
    else if (isPlain(value) && isPlain(after[key])) after[key] = merge(after[key], value);
    else after[key] = value;
  }
  return after;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
