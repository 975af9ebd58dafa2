// Where the words of a paper come from when they are looked for.
import { afterEach, expect, it, vi } from "vitest";
import type { Document } from "../reader/pages";
import type { Reader } from "../reader/reader";
import { Search } from "../reader/search";

const document = { numPages: 1, getPage: () => Promise.resolve({ getTextContent: () => Promise.resolve({ items: [] }) }) } as unknown as Document;

afterEach(() => vi.unstubAllGlobals());

async function asks(held: Record<number, string> | null): Promise<string[]> {
  const fetched: string[] = [];
  vi.stubGlobal("fetch", (url: string) => {
    fetched.push(url);
    return Promise.resolve(new Response(JSON.stringify({ pages: { 1: "mức chi" } })));
  });
  const reader = { shelf: { pageTexts: () => Promise.resolve(held) }, state: { text: "/chu/" }, repaint: () => undefined };
  const search = new Search(reader as unknown as Reader);
  search.open(document);
  search.ask("muc chi", "here");
  await new Promise((done) => setTimeout(done, 5));
  return fetched;
}

it("asks the server where the device holds a scan whose words were not read yet", async () => {
  expect(await asks({ 1: "mức chi" })).toEqual([]);
  expect(await asks({ 1: " " })).toEqual(["/chu/"]);
  expect(await asks({})).toEqual(["/chu/"]);
  expect(await asks(null)).toEqual(["/chu/"]);
});
