// Asking how far a background job is, only while it runs: at first each second, later less often;
// not at all while the page is hidden. The answer ends it. Screens of the hall are fed by events;
// this is for one clerk waiting for one job of their own.
export interface Following {
  stop(): void;
}

export function follow<T>(
  url: string,
  answered: (state: T) => boolean,
  wait: (ms: number) => Promise<void> = (ms) => new Promise((r) => setTimeout(r, ms)),
): Following {
  let stopped = false;
  const visible = (): Promise<void> =>
    document.visibilityState === "visible"
      ? Promise.resolve()
      : new Promise((go) => document.addEventListener("visibilitychange", () => go(), { once: true }));
  void (async () => {
    for (let pause = 800; !stopped; pause = Math.min(5_000, pause * 1.25)) {
      await wait(pause);
      await visible();
      if (stopped) return;
      try {
        const response = await fetch(url, { headers: { Accept: "application/json" }, cache: "no-store" });
        if (response.ok && !stopped && !answered((await response.json()) as T)) return;
        if (response.status === 403 || response.status === 404) return;
      } catch {
        pause = 5_000; // no network: the job goes on without us
      }
    }
  })();
  return { stop: () => (stopped = true) };
}
