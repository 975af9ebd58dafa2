// What the parts of the reader know of the whole and of each other.
import type { Shelf } from "../device/shelf";
import type { Marking } from "./marking";
import type { Pages, Slot } from "./pages";
import type { Panel } from "./panel";
import type { Place } from "./place";
import type { Running } from "./running";
import type { Search } from "./search";
import type { Layout, State } from "./types";

export interface Reader extends HTMLElement {
  readonly state: State;
  /** What the device holds of this paper; null: nothing. */
  readonly shelf: Shelf | null;
  /** Null until the paper is open. */
  readonly pages: Pages | null;
  readonly layout: Layout;
  readonly night: boolean;
  /** The page one is at, from 1. */
  readonly page: number;
  readonly total: number;

  readonly marking: Marking;
  readonly panel: Panel;
  readonly place: Place;
  readonly running: Running;
  readonly search: Search;

  go(page: number): void;
  step(by: 1 | -1): void;
  /** Another page is looked at now. */
  turned(): void;
  setLayout(layout: Layout): void;
  setNight(): void;
  magnify(by: -1 | 1): void;
  fit(): void;
  slotOf(target: Element): Slot | null;
  /** Draw notes and found words over the pages anew. */
  repaint(): void;
  requestUpdate(): void;
  readonly updateComplete: Promise<boolean>;
}
