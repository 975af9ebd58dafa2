import { describe, expect, it, vi } from "vitest";
import { Finder, type Hit, type Texts } from "../reader/find";
import type { Document } from "../reader/pages";

/** A paper whose pages say this when they are asked themselves. */
function paper(...texts: string[]): { document: Document; asked: number[] } {
  const asked: number[] = [];
  const getPage = (number: number) => {
    asked.push(number);
    return Promise.resolve({ getTextContent: () => Promise.resolve({ items: [{ str: texts[number - 1], hasEOL: false }] }) });
  };
  return { document: { numPages: texts.length, getPage } as unknown as Document, asked };
}

async function places(finder: Finder, query: string): Promise<[number, string][]> {
  const found: Hit[] = [];
  await finder.search(query, (hits) => found.push(...hits));
  return found.map((hit) => [hit.page, hit.words]);
}

describe("looking for words in a paper", () => {
  it("takes the words the server read and asks no page of the file for them", async () => {
    const { document, asked } = paper("?", "?");
    const read = vi.fn(() => Promise.resolve<Texts>({ 1: "Mức\n chi", 2: "MỨC CHI khác" }));
    const finder = new Finder(document, read);
    expect(await places(finder, "muc chi")).toEqual([
      [1, "Mức chi"],
      [2, "MỨC CHI"],
    ]);
    await places(finder, "khác");
    expect(asked).toEqual([]);
    expect(read).toHaveBeenCalledTimes(1);
  });

  it("looks on the page itself where the server read nothing", async () => {
    const { document, asked } = paper("x", "mức chi");
    const finder = new Finder(document, () => Promise.resolve({ 1: "không", 2: " " }));
    expect(await places(finder, "mức chi")).toEqual([[2, "mức chi"]]);
    await places(finder, "x");
    expect(asked).toEqual([2]);
  });

  it("does without the server when there is no network, and asks it again the next time", async () => {
    const { document } = paper("chụp");
    const answers: (() => Promise<Texts>)[] = [
      () => Promise.reject(new Error("mất mạng")),
      () => Promise.resolve({}), // nobody has read it yet
      () => Promise.resolve({ 1: "mức chi" }),
    ];
    const finder = new Finder(document, () => answers.shift()!());
    expect(await places(finder, "mức chi")).toEqual([]);
    expect(await places(finder, "mức chi")).toEqual([]);
    expect(await places(finder, "mức chi")).toEqual([[1, "mức chi"]]);
  });

  it("an answer that is late for a newer question says nothing", async () => {
    const { document } = paper("a b");
    let answer: (texts: Texts) => void = () => undefined;
    const finder = new Finder(document, () => new Promise((done) => (answer = done)));
    const first = places(finder, "a");
    finder.stop();
    answer({ 1: "a b" });
    expect(await first).toEqual([]);
  });
});
