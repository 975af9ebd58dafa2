// The person's doorbell: «something of yours moved, ask again». No content comes this way. When it
// opens (again), everything is asked once, so what rang meanwhile is not missed.
import { backoff } from "./backoff";

export interface Ring {
  slice: string;
  version: string;
  device: string;
}

export class Doorbell {
  private source: EventSource | null = null;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private hide: ReturnType<typeof setTimeout> | undefined;
  private attempt = 0;
  private stopped = false;

  constructor(
    private readonly slug: string,
    private readonly rung: (ring: Ring | null) => void,
  ) {
    document.addEventListener("visibilitychange", this.seen);
    window.addEventListener("online", this.back);
    this.open();
  }

  stop(): void {
    this.stopped = true;
    document.removeEventListener("visibilitychange", this.seen);
    window.removeEventListener("online", this.back);
    this.close();
  }

  private open(): void {
    this.close();
    if (this.stopped) return;
    const source = new EventSource(`/live/${this.slug}/mine`);
    this.source = source;
    source.onopen = () => {
      this.attempt = 0;
      this.rung(null);
    };
    source.onmessage = (message: MessageEvent<string>) => {
      const { slice, data } = JSON.parse(message.data) as { slice: string; data: { version?: string; device?: string } };
      this.rung({ slice, version: data.version ?? "", device: data.device ?? "" });
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
