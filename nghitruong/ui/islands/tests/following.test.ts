import { afterEach, expect, test, vi } from "vitest";
import { collect } from "../lib/dropped";
import { follow } from "../lib/following";

afterEach(() => vi.unstubAllGlobals());

test("a job is followed until its answer ends it, and no longer", async () => {
  const answers = [{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }];
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (url: string) => {
    asked.push(url);
    return { ok: true, status: 200, json: async () => answers[asked.length - 1] };
  });
  const seen: number[] = [];
  const pauses: number[] = [];
  await new Promise<void>((done) => {
    follow<{ n: number }>(
      "/x",
      ({ n }) => {
        seen.push(n);
        if (n === 3) setTimeout(done, 20);
        return n < 3;
      },
      async (ms) => void pauses.push(ms),
    );
  });
  expect(seen).toEqual([1, 2, 3]);
  expect(asked).toHaveLength(3);
  expect(pauses[1]!).toBeGreaterThan(pauses[0]!);
});

test("a job nobody may see any more is not asked for again", async () => {
  let asked = 0;
  vi.stubGlobal("fetch", async () => {
    asked += 1;
    return { ok: false, status: 404, json: async () => ({}) };
  });
  follow("/x", () => true, async () => undefined);
  await new Promise((done) => setTimeout(done, 30));
  expect(asked).toBe(1);
});

test("a dropped folder gives its files, however deep, each with its folder", async () => {
  const file = (name: string): unknown => ({
    isFile: true,
    name,
    file: (done: (f: File) => void) => done(new File(["x"], name)),
  });
  const folder = (name: string, ...inside: unknown[]): unknown => {
    const parts = [inside.slice(0, 1), inside.slice(1), []];
    return {
      isFile: false,
      name,
      createReader: () => ({ readEntries: (done: (e: unknown[]) => void) => done(parts.shift()!) }),
    };
  };
  const root = folder("KH6", file("a.pdf"), folder("2. Ngân sách", file("b.pdf")));
  const items = [{ kind: "file", webkitGetAsEntry: () => root }];
  const found = await collect({ items, files: [] } as unknown as DataTransfer);
  expect(found.map((one) => [one.folder, one.file.name])).toEqual([
    ["KH6", "a.pdf"],
    ["KH6/2. Ngân sách", "b.pdf"],
  ]);
});
