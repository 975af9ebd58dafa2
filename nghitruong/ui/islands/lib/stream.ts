// One live stream for a visible page. It says `online` only when bytes really flow, closes 30 s
// after the page is hidden, comes back by itself, and asks for what it missed by its last id. A page that
// nobody has looked at yet waits: over HTTP/1.1 a browser has six connections for one host, all tabs together.
import { backoff, type BackoffOptions } from "./backoff";
import { learn } from "./clock";
import type { LiveEvent, Snapshot, Store } from "./store";

/** `refused`: the server answers, and says this screen may not listen (an expired ticket, a duty
 *  that ended). Only a reload helps; calling it a lost connection would be a lie. */
export type Connection = "connecting" | "online" | "offline" | "refused";

/** `epoch;hall=512;me=7` in parts; a part the server does not send for this screen is absent. */
export interface StreamId {
  epoch: string;
  seqs: Record<string, number>;
}

export function parseId(text: string): StreamId {
  const [epoch = "", ...parts] = text.split(";");
  const seqs: Record<string, number> = {};
  for (const part of parts) {
    const [name, value] = part.split("=");
    if (name && value !== undefined && /^\d+$/.test(value)) seqs[name] = Number(value);
  }
  return { epoch, seqs };
}

/** True when `id` holds nothing `seen` has not: the same epoch and no seq ahead. */
export function isOld(id: string, seen: string): boolean {
  const [a, b] = [parseId(id), parseId(seen)];
  return (
    a.epoch === b.epoch &&
    Object.entries(a.seqs).every(([name, seq]) => seq <= (b.seqs[name] ?? -1))
  );
}

export interface StreamOptions extends BackoffOptions {
  slug: string;
  sitting: string;
  /** Whose screen this is: it never takes the state of whoever signed in on this device since. */
  person?: string;
  store: Store;
  /** The id of the first state, embedded in the page. */
  since: string;
  /** Close so long after the page was hidden. Milliseconds. */
  hiddenAfter?: number;
  /** After the first `time`, silence longer than this means the line is dead. Milliseconds. */
  silence?: number;
  makeSource?: (url: string) => EventSource;
  fetch?: typeof fetch;
}

export class LiveStream extends EventTarget {
  state: Connection = "connecting";
  /** The last id this screen has applied. */
  since: string;
  private source: EventSource | null = null;
  private attempt = 0;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private hide: ReturnType<typeof setTimeout> | undefined;
  private watchdog: ReturnType<typeof setTimeout> | undefined;
  private pinged = false;
  private stopped = true;
  private resetting = false;
  private needsReset = false;

  constructor(private readonly options: StreamOptions) {
    super();
    this.since = options.since;
  }

  start(): this {
    if (!this.stopped) return this;
    this.stopped = false;
    document.addEventListener("visibilitychange", this.onVisibility);
    window.addEventListener("online", this.onNetworkBack);
    window.addEventListener("offline", this.onNetworkGone);
    window.addEventListener("pageshow", this.onNetworkBack);
    this.open();
    return this;
  }

  stop(): void {
    this.stopped = true;
    document.removeEventListener("visibilitychange", this.onVisibility);
    window.removeEventListener("online", this.onNetworkBack);
    window.removeEventListener("offline", this.onNetworkGone);
    window.removeEventListener("pageshow", this.onNetworkBack);
    clearTimeout(this.hide);
    this.close();
  }

  /** Calls back now and at every change of the connection. */
  onState(listener: (state: Connection) => void): () => void {
    const handler = (): void => listener(this.state);
    this.addEventListener("state", handler);
    handler();
    return () => this.removeEventListener("state", handler);
  }

  private open(): void {
    this.close();
    if (this.stopped) return;
    if (this.attempt === 0) this.become("connecting");
    if (document.visibilityState === "hidden") return; // `onVisibility` opens it
    const query = this.query({ since: this.since });
    const source = (this.options.makeSource ?? ((url) => new EventSource(url)))(
      `/live/${this.options.slug}/stream?${query}`,
    );
    this.source = source;
    source.onopen = () => {
      if (source !== this.source) return;
      this.attempt = 0;
      this.become("online");
    };
    source.onerror = () => {
      if (source === this.source) this.lost();
    };
    source.onmessage = (message) => this.receive(source, message);
    source.addEventListener("ping", (message) => {
      this.pinged = true;
      this.alive(source);
      learnFrom((message as MessageEvent<string>).data);
    });
    source.addEventListener("reset", () => {
      if (source === this.source) void this.reset();
    });
  }

  private query(more: Record<string, string> = {}): URLSearchParams {
    const { sitting, person } = this.options;
    return new URLSearchParams({ sitting, ...(person ? { person } : {}), ...more });
  }

  private receive(source: EventSource, message: MessageEvent<string>): void {
    if (source !== this.source) return;
    this.alive(source);
    if (message.lastEventId) {
      // An event that is not journaled (a running count) has no id of its own: the browser gives it
      // the id of the event before, so an equal id is news and only an older one is not.
      const id = message.lastEventId;
      if (id !== this.since && isOld(id, this.since)) return;
      this.since = id;
    }
    let event: LiveEvent;
    try {
      event = JSON.parse(message.data) as LiveEvent;
    } catch {
      void this.reset(); // never draw half of the truth: take it whole
      return;
    }
    this.options.store.apply(event);
    this.dispatchEvent(new CustomEvent<LiveEvent>("event", { detail: event }));
  }

  /** The server cannot continue from our id (a new epoch, too long away): take a fresh state. */
  private async reset(): Promise<void> {
    if (this.resetting) return;
    this.resetting = true;
    this.close();
    this.become("connecting");
    const { slug, store } = this.options;
    try {
      const get = this.options.fetch ?? ((input, init) => fetch(input, init));
      const response = await get(`/live/${slug}/snapshot?${this.query()}`, {
        credentials: "same-origin",
        cache: "no-store",
        headers: { Accept: "application/json" },
      });
      if ([401, 403, 404].includes(response.status)) {
        this.resetting = false;
        this.stop();
        this.become("refused");
        return;
      }
      if (!response.ok) throw new Error(String(response.status));
      const snapshot = (await response.json()) as Snapshot;
      learn(snapshot.now);
      this.since = snapshot.id;
      store.replace(snapshot.state);
      this.resetting = false;
      this.open();
    } catch {
      this.resetting = false;
      this.needsReset = true;
      this.lost();
    }
  }

  private lost(): void {
    this.close();
    if (this.stopped) return;
    // The first loss may be a blink (a server restarting): it is tried again before it is called one.
    this.become(this.attempt === 0 && navigator.onLine ? "connecting" : "offline");
    this.retry = setTimeout(() => {
      // EventSource hides why it was turned away; every third failure the snapshot is asked instead.
      if (this.needsReset || this.attempt % 3 === 0) {
        this.needsReset = false;
        void this.reset();
      } else this.open();
    }, backoff(this.attempt, this.options));
    this.attempt += 1;
  }

  private alive(source: EventSource): void {
    if (source !== this.source || !this.pinged) return;
    clearTimeout(this.watchdog);
    this.watchdog = setTimeout(() => this.lost(), this.options.silence ?? 25_000);
  }

  private close(): void {
    clearTimeout(this.retry);
    clearTimeout(this.watchdog);
    this.source?.close();
    this.source = null;
  }

  private become(state: Connection): void {
    if (state === this.state) return;
    this.state = state;
    this.dispatchEvent(new Event("state"));
  }

  private readonly onVisibility = (): void => {
    clearTimeout(this.hide);
    if (document.visibilityState === "hidden") {
      this.hide = setTimeout(() => this.close(), this.options.hiddenAfter ?? 30_000);
    } else if (this.source === null && !this.resetting) {
      this.attempt = 0;
      this.open();
    }
  };

  private readonly onNetworkGone = (): void => {
    this.lost();
    this.become("offline");
  };

  private readonly onNetworkBack = (): void => {
    if (this.state === "online" || this.stopped || this.resetting) return;
    this.attempt = 0;
    this.open();
  };
}

function learnFrom(data: string): void {
  try {
    const value = JSON.parse(data) as { now?: string | number } | string | number;
    learn(typeof value === "object" ? value.now : value);
  } catch {
    // an unreadable time is no time
  }
}
