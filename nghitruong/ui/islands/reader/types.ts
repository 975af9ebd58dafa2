/** What the server puts beside the element. */
export interface State {
  file: string;
  size?: number;
  /** Opened from the device: there is no network. */
  offline?: boolean;
  remember: string;
  version: string;
  person: string;
  page: number;
  zoom: number;
  layout: Layout;
  pages: number | null;
  title: string;
  before: Neighbour | null;
  after: Neighbour | null;
  packet?: PacketPages | null;
  notes?: NotesState;
  /** Where words are looked for and read on the server; absent while the text is not ready. */
  find?: string;
  text?: string;
}

export interface Neighbour {
  title: string;
  url: string;
}

/** The packet's own page numbers, the same on screen and in print. `first`: of page 1 of this text (0: the
 *  packet holds another one); `papers`: first page, last page, address. */
export interface PacketPages {
  first: number;
  papers: [number, number, string][];
}

/** Notes the server takes in one request. */
export const AT_ONCE = 100;

export interface NotesState {
  url: string;
  export: string;
  bodies: { id: string; name: string }[];
  first: Answer;
}

/** "": page under page; "two": facing pages; "text": large running text. */
export type Layout = "" | "two" | "text";
export type Kind = "highlight" | "ink" | "note" | "bookmark";
export type Colour = "yellow" | "green" | "blue" | "pink";
export const COLOURS: Record<Colour, string> = { yellow: "Vàng", green: "Xanh lá", blue: "Xanh dương", pink: "Hồng" };

/** Places are fractions of the page as shown, from its top left. */
export interface NoteData {
  quads?: number[][];
  strokes?: number[][];
  width?: number;
  colour?: Colour;
  quote?: string;
  at?: number[];
}

export interface Note {
  id: string;
  kind: Kind;
  page: number;
  data: NoteData;
  text: string;
  clock: number;
  device: string;
  removed: boolean;
  /** The body it is shared with; "" for a private note. */
  shared: string;
}

/** Somebody else's, shared with a body of mine. */
export interface SharedNote {
  id: string;
  kind: Kind;
  page: number;
  data: NoteData;
  text: string;
  by: string;
  shared: string;
}

export interface Answer {
  cursor: number;
  since: number;
  changes: Note[];
  shared: SharedNote[];
  refused?: { id: string; code: string; message: string }[];
}
