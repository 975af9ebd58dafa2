// Server time on this screen. Tablets' own clocks are minutes off; a speaker's time is not.

let offset = 0;
let known = false;

/** Learn the server's clock from an ISO time, milliseconds, or a `Date` header. Of two answers the
 *  exact one (a snapshot's) is never replaced by a header, which has whole seconds only. */
export function learn(now: string | number | null | undefined, exact = true): void {
  if (now === null || now === undefined) return;
  const at = typeof now === "number" ? now : Date.parse(now);
  if (Number.isNaN(at) || (known && !exact)) return;
  offset = at - Date.now();
  known = known || exact;
}

/** Milliseconds since 1970 by the server's clock. */
export function serverNow(): number {
  return Date.now() + offset;
}

/** The wall clock in Vietnam, whatever zone the tablet believes it is in: `14:05` or `14:05:09`. */
export function wallClock(at: number = serverNow(), seconds = false): string {
  return new Intl.DateTimeFormat("vi-VN", {
    timeZone: "Asia/Ho_Chi_Minh",
    hour: "2-digit",
    minute: "2-digit",
    ...(seconds ? { second: "2-digit" } : {}),
    hourCycle: "h23",
  }).format(at);
}

/** A length of time as `4:05`; negative (over time) as `+0:12`. Whole seconds; hours as minutes. */
export function duration(milliseconds: number): string {
  const over = milliseconds < 0;
  const total = over ? Math.ceil(-milliseconds / 1000) : Math.ceil(milliseconds / 1000);
  const text = `${Math.floor(total / 60)}:${String(total % 60).padStart(2, "0")}`;
  return over && total > 0 ? `+${text}` : text;
}

/** For tests: forget what was learned. */
export function forget(): void {
  offset = 0;
  known = false;
}
