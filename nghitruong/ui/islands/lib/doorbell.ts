// The person's doorbell: «something of yours moved, ask again». No content comes this way. When it
// opens (again), everything is asked once, so what rang meanwhile is not missed.
import { backoff } from "./backoff";

export interface Ring {
  slice: string;
  version: string;
  device: string;
}

/** One line for all of a page that listens (the bell in its head, the reader below): a browser has few. */
const lines = new Map<string, Line>();

export class Doorbell {
  private readonly line: Line;

  constructor(
    private readonly slug: string,
    private readonly rung: (ring: Ring | null) => void,
  ) {
    this.line = lines.get(slug) ?? new Line(slug);
    lines.set(slug, this.line);
    this.line.join(rung);
  }

  stop(): void {
    if (this.line.leave(this.rung) && lines.get(this.slug) === this.line) lines.delete(this.slug);
  }
}

class Line {
  private readonly listeners = new Set<(ring: Ring | null) => void>();
  private isOpen = false;
  private source: EventSource | null = null;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private hide: ReturnType<typeof setTimeout> | undefined;
  private attempt = 0;
  private stopped = false;

  constructor(private readonly slug: string) {
    document.addEventListener("visibilitychange", this.seen);
    window.addEventListener("online", this.back);
  }

  /** Who comes to an open line asks everything at once, as at its opening. One that waits is tried
   *  again: who comes may have brought the right to listen. */
  join(rung: (ring: Ring | null) => void): void {
    this.listeners.add(rung);
    if (this.isOpen) rung(null);
    else if (this.source === null) this.back();
  }

  /** True: nobody listens any more, and the line is closed. */
  leave(rung: (ring: Ring | null) => void): boolean {
    this.listeners.delete(rung);
    if (this.listeners.size > 0) return false;
    this.stop();
    return true;
  }

  private tell(ring: Ring | null): void {
    for (const rung of [...this.listeners]) rung(ring);
  }

  private stop(): void {
    this.stopped = true;
    clearTimeout(this.hide);
    document.removeEventListener("visibilitychange", this.seen);
    window.removeEventListener("online", this.back);
    this.close();
  }

  private open(): void {
    this.close();
    // A tab in the background takes none of the few connections a browser has for one host; it opens
    // when it is looked at, which asks everything once.
    if (this.stopped || document.visibilityState === "hidden") return;
    const source = new EventSource(`/live/${this.slug}/mine`);
    this.source = source;
    source.onopen = () => {
      this.attempt = 0;
      this.isOpen = true;
      this.tell(null);
    };
    source.onmessage = (message: MessageEvent<string>) => {
      const { slice, data } = JSON.parse(message.data) as { slice: string; data: { version?: string; device?: string } };
      this.tell({ slice, version: data.version ?? "", device: data.device ?? "" });
    };
    source.onerror = () => {
      if (source !== this.source) return;
      this.close();
      this.retry = setTimeout(() => this.open(), backoff(this.attempt, { base: 1000, cap: 20_000 }));
      this.attempt += 1;
    };
  }

  private close(): void {
    clearTimeout(this.retry);
    this.isOpen = false;
    this.source?.close();
    this.source = null;
  }

  private readonly back = (): void => {
    this.attempt = 0;
    this.open();
  };

  /** iPadOS freezes hidden pages; a stream nobody looks at is let go, and asked again later. */
  private readonly seen = (): void => {
    clearTimeout(this.hide);
    if (document.visibilityState === "hidden") this.hide = setTimeout(() => this.close(), 30_000);
    else if (this.source === null) this.back();
  };
}
