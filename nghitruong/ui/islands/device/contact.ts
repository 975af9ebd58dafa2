// Speaking with the server on behalf of the device: who is signed in, how to send, what it holds.
import { nonce } from "../lib/nonce";
import { device, Store, type Held, type Owner } from "./store";

export interface Hello {
  person: string;
  csrf: string;
  version: string;
  wipe: boolean;
}

/** The server asks for a new sign-in, or somebody else is signed in. */
export class SignedOut extends Error {}
/** The server knows whoever is signed in as somebody else there. */
export class AnotherPerson extends SignedOut {}
/** It is not there (any more) for this person. */
export class Gone extends Error {}
/** The server was reached and failed at this one request; the next may go well. */
export class Faulty extends Error {}
/** The server's own sentence. */
export class Refused extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** One request, its refusals told apart. A network fault throws as `fetch` does. */
export async function ask(url: string, person: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(url, {
    redirect: "manual",
    cache: "no-store",
    ...init,
    headers: { Accept: "application/json", "X-Person": person, ...(init.headers as Record<string, string> | undefined) },
  });
  if (response.type === "opaqueredirect" || response.status === 401) throw new SignedOut();
  if (response.status === 404 || response.status === 410) throw new Gone();
  if (response.ok || response.status === 304) return response;
  const told = (await response.json().catch(() => ({}))) as { code?: string; message?: string };
  if (told.code === "another_person") throw new AnotherPerson();
  if (told.code === "csrf") throw new SignedOut();
  if (response.status === 500) throw new Faulty();
  if (response.status > 500 || response.status === 429) throw new Error(String(response.status)); // busy or away: later
  throw new Refused(told.code ?? String(response.status), told.message ?? "");
}

export async function hello(owner: Owner): Promise<Hello> {
  const response = await ask(`/${owner.slug}/cap-tai-lieu/`, owner.person);
  const told = (await response.json()) as Hello;
  if (told.person !== owner.person) throw new SignedOut();
  return told;
}

/** What kind of device, in words the support helpers recognise. */
export function label(): string {
  const agent = navigator.userAgent;
  const tablet = /Macintosh/.test(agent) && navigator.maxTouchPoints > 1; // iPadOS says it is a Mac
  const what = tablet || /iPad/.test(agent) ? "iPad" : /iPhone/.test(agent) ? "iPhone" : /Android/.test(agent) ? "Android" : /Windows/.test(agent) ? "Windows" : /Mac/.test(agent) ? "Mac" : /CrOS/.test(agent) ? "ChromeOS" : "Linux";
  const browser = /Edg\//.test(agent) ? "Edge" : /Firefox\//.test(agent) ? "Firefox" : /Chrome\//.test(agent) ? "Chrome" : /Safari\//.test(agent) ? "Safari" : "";
  return [what, browser].filter(Boolean).join(" · ");
}

/** The device's secret name, made when the first briefcase is taken. */
export async function deviceKey(): Promise<string> {
  const known = await device.get<string>("key");
  if (known) return known;
  const key = nonce();
  await device.put("key", key);
  return key;
}

/** Tell the server what this person has on this device (`null`: nothing any more); the answer may be the order to empty it. */
export async function report(owner: Owner, store: Store | null): Promise<Hello> {
  const files = new Map(((await store?.all<Held>("files")) ?? []).filter((one) => one.complete).map((one) => [one.sha256, one.size]));
  const holdings = ((await store?.cases()) ?? []).map(({ number, manifest, done, asked }) => {
    const here = manifest.papers.filter((paper) => files.has(paper.file.sha256));
    const sizes = new Map(here.map((paper) => [paper.file.sha256, paper.file.size]));
    return {
      session: number,
      title: manifest.session.title,
      papers: here.length,
      bytes: [...sizes.values()].reduce((sum, size) => sum + size, 0),
      at: done || asked,
    };
  });
  const first = await hello(owner);
  const response = await ask(`/${owner.slug}/cap-tai-lieu/`, owner.person, {
    method: "POST",
    headers: { "X-CSRFToken": first.csrf, "Content-Type": "application/json" },
    body: JSON.stringify({ device: await deviceKey(), label: label(), holdings }),
  });
  return (await response.json()) as Hello;
}
