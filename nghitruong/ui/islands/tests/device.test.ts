import { describe, expect, it } from "vitest";
import { age, megabytes, untilEnd } from "../device/words";

describe("what lies on the device, in words", () => {
  it("writes times in Vietnamese time, whatever the device is set to", () => {
    expect(age("2026-11-22T01:05:00Z", new Date("2026-11-22T16:59:00Z"))).toBe("lúc 08:05 hôm nay");
    expect(age("2026-11-22T01:05:00Z", new Date("2026-11-22T17:01:00Z"))).toBe("lúc 08:05 ngày 22/11/2026");
  });

  it("writes sizes with a comma", () => {
    expect(megabytes(5_432_100)).toBe("5,4 MB");
    expect(megabytes(214_000_000)).toBe("214 MB");
  });

  it("lets a request to speak live as long as its sitting", () => {
    const sitting = { starts: "2026-12-08T01:00:00Z", ends: "2026-12-08T04:30:00Z" };
    expect(untilEnd(sitting, new Date("2026-12-08T02:00:00Z"))).toBe(sitting.ends);
    // It runs over, or nobody planned an end: to the end of that day, and no longer.
    expect(untilEnd(sitting, new Date("2026-12-08T05:00:00Z"))).toBe("2026-12-08T23:59:59+07:00");
    expect(untilEnd({ ...sitting, ends: "" }, new Date("2026-12-08T18:00:00Z"))).toBe("2026-12-09T23:59:59+07:00");
  });
});
