// Everything a live page needs, started with one call: store, stream, commands, banner.
import { Commands } from "./command";
import { learn } from "./clock";
import { councilSlug, initialState } from "./state";
import { Store, type Snapshot } from "./store";
import { LiveStream } from "./stream";
import type { ConnectionBanner } from "../elements/connection";

export interface Live {
  store: Store;
  stream: LiveStream;
  commands: Commands;
  first: Snapshot;
  stop(): void;
}

/** Start the live side of `element`, whose state is a Snapshot and whose `sitting` attribute names
 *  the sitting. Every `<nt-connection>` of the page follows it. */
export function startLive(element: HTMLElement): Live {
  const first = initialState<Snapshot & { person?: string }>(element) ?? { id: "", state: {} };
  const person = first.person ? { person: first.person } : {};
  learn(first.now);
  const slug = element.getAttribute("slug") ?? councilSlug();
  const store = new Store(first.state);
  const banners = (): NodeListOf<ConnectionBanner> => document.querySelectorAll("nt-connection");
  const commands = new Commands({
    slug,
    ...person,
    onPending: (pending) => banners().forEach((banner) => (banner.pending = pending)),
  });
  const stream = new LiveStream({
    slug,
    sitting: element.getAttribute("sitting") ?? "",
    ...person,
    store,
    since: first.id,
  });
  stream.onState((state) => banners().forEach((banner) => (banner.state = state)));
  stream.start();
  return { store, stream, commands, first, stop: () => stream.stop() };
}
