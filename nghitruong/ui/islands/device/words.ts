// Times and sizes as officials write them, in Vietnamese time whatever the device is set to.
import { wallClock } from "../lib/clock";
import { t } from "../lib/t";

const ZONE = "Asia/Ho_Chi_Minh";
const DAY = new Intl.DateTimeFormat("en-GB", { day: "2-digit", month: "2-digit", year: "numeric", timeZone: ZONE });

export const dayOf = (at: Date): string => DAY.format(at);

/** «08:05 ngày 21/11/2026» */
export const moment = (iso: string): string => t("%(time)s ngày %(day)s", { time: wallClock(Date.parse(iso)), day: dayOf(new Date(iso)) });

/** «lúc 08:05 hôm nay», «lúc 08:05 ngày 21/11/2026» */
export function age(iso: string, now = new Date()): string {
  const at = new Date(iso);
  const time = wallClock(at.getTime());
  return dayOf(at) === dayOf(now) ? t("lúc %(time)s hôm nay", { time }) : t("lúc %(time)s ngày %(day)s", { time, day: dayOf(at) });
}

export const megabytes = (bytes: number): string => `${(bytes / 1_000_000).toFixed(bytes < 10_000_000 ? 1 : 0).replace(".", ",")} MB`;

/** A request to speak is good to the planned end of its sitting, or to the end of the day in Vietnam
 *  where the sitting runs over or no end is planned. */
export function untilEnd(sitting: { starts: string; ends: string }, now = new Date()): string {
  if (sitting.ends && new Date(sitting.ends) > now) return sitting.ends;
  const last = new Date(Math.max(Date.parse(sitting.starts), now.getTime()));
  const [day, month, year] = dayOf(last).split("/");
  return `${year}-${month}-${day}T23:59:59+07:00`;
}
