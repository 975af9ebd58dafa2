// What the server says of an import.

export interface Problem {
  code: string;
  text: string;
  grave: boolean;
}

export interface Row {
  id: string;
  name: string;
  folder: string;
  pages: number | null;
  size: number;
  refused: string;
  include: boolean;
  kind: string;
  title: string;
  number: string;
  issuer: string;
  body: string;
  ask: string;
  dated: string;
  item: string;
  edited: boolean;
  sources: Record<string, string>;
  problems: Problem[];
}

export interface Fault {
  line: number;
  column: string;
  text: string;
}

export interface State {
  id: string;
  state: string;
  urls: Record<string, string>;
  max: number;
  max_archive: number;
  kinds: [string, string][];
  bodies: [string, string][];
  asks: [string, string][];
  items: { id: string; title: string; lacks: string[] }[];
  waiting: { id: string; done: number; total: number }[];
  unopened: string[];
  files: Row[];
  sheet?: { lines: number; faults: Fault[] };
}
