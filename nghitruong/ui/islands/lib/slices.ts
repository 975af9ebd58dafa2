// The slices of a sitting's screens, as the server writes them (docs: ARCHITECTURE.md, live path).

export interface Sitting {
  id: string;
  number: number;
  session_number: number;
  state: "planned" | "open" | "suspended" | "closed";
  title: string;
  session_title: string;
  kind: string;
  presiding: string;
  opened_at: string | null;
  /** When the last break began, or the sitting ended. */
  rested_at: string | null;
  roll_open: boolean;
  closed_doors: boolean;
  place: string;
  /** What the council uses; a part of the screen that is not in it is not shown. */
  functions: ("papers" | "roll_call" | "speaking" | "voting" | "minutes" | "petitions")[];
}

/** Where whoever leads may go to; only the chair's and the clerks' screens have it. */
export interface AgendaLine {
  id: string;
  order: number;
  title: string;
  kind: string;
}

export interface ItemPaper {
  id: string;
  kind: string;
  title: string;
  number: string;
  version: number;
  version_id: string;
  url: string;
}

export interface Item {
  id: string;
  order: number;
  total: number;
  kind: string;
  title: string;
  presenter: string;
  minutes: number;
  papers: ItemPaper[];
}

export interface Counts {
  seats_by_law: number;
  in_office: number;
  present: number;
  absent: number;
  excused: number;
  unknown: number;
  left: number;
  quorum_needed: number;
  quorum_met: boolean;
}

export interface Member {
  name: string;
  title: string;
  group: string;
  seat_number: number | null;
  seat_label: string;
  entitled: boolean;
  presence: "unknown" | "present" | "excused" | "absent" | "left";
  reason?: string;
  sort: string;
}

export interface Presence {
  counts: Counts;
  members: Record<string, Member>;
}

export interface Waiting {
  id: string;
  membership_id: string;
  person_id: string;
  name: string;
  group: string;
  kind: "speech" | "question" | "rebuttal" | "point_of_order";
  position: number;
  requested_at: string;
}

export interface Speaker {
  speech_id: string;
  /** The request it answers; null when the chair gave the floor unasked. */
  request_id: string | null;
  person_id: string | null;
  name: string;
  title: string;
  group: string;
  kind: string;
  started_at: string;
  limit_seconds: number;
  /** The clock stands since then; null: it runs. */
  paused_at: string | null;
  /** How long it stood in earlier pauses. */
  paused_seconds: number;
  /** When the chair last reminded the speaker of the time. */
  warned_at: string | null;
}

export interface Queue {
  speaker: Speaker | null;
  waiting: Waiting[];
  /** Called to the rostrum, the clock not yet started. */
  calling: Waiting | null;
}

export type ChoiceCode = "yes" | "no" | "abstain";

export interface RuleLabel {
  label: string;
  article: string;
}

export interface Poll {
  id: string;
  number: number;
  question: string;
  item_id: string;
  state: "prepared" | "open" | "closed";
  options: { code: ChoiceCode; label: string }[];
  rule: RuleLabel;
  version: { id: string; number: number; paper_id: string; title: string; url: string } | null;
  text_sha256: string;
  opened_at: string | null;
  closed_at: string | null;
  electors: number;
  /** Only who was checked in may vote. */
  present_only: boolean;
  /** A recorded choice may be changed until the close. */
  allow_change: boolean;
}

export interface Progress {
  poll_id: string;
  cast: number;
  electors: number;
}

export interface Tally extends Progress {
  yes: number;
  no: number;
  abstain: number;
  needed: number;
  missing: number;
}

export interface ResultSeat {
  seat_number: number | null;
  name: string;
  group: string;
  choice: ChoiceCode | null;
  /** How the roll stood at the close. */
  presence: Member["presence"];
  /** Without a choice: «vắng mặt», not «không tham gia biểu quyết». */
  absent: boolean;
  entitled: boolean;
}

export interface PollResult {
  poll_id: string;
  number: number;
  question: string;
  counts: {
    seats_by_law: number;
    in_office: number;
    present: number;
    yes: number;
    no: number;
    abstain: number;
    not_voting: number;
  };
  /** Of those who did not vote; with the counts they make up the members in office. */
  absent: number;
  suspended: number;
  /** The rule's own total: «57/61 tán thành, cần 31». */
  base: number;
  /** What percentages are of: members in office or, if the rule says so, seats by law. */
  total: number;
  total_name: "in_office" | "seats_by_law";
  needed: number;
  passed: boolean;
  rule: RuleLabel;
  sentence: string;
  published_at: string | null;
  /** Of a result not yet announced; of a published one they come in the slice `seats`. */
  seats?: ResultSeat[];
}

/** The vote opened last was annulled; told until the next poll or item begins. */
export interface Annulled {
  poll_id: string;
  number: number;
  question: string;
}

/** Why; told to delegates, chair and clerks only. */
export interface AnnulReason {
  poll_id: string;
  reason: string;
}

/** Who voted what in the published poll; only delegates, chair and clerks are told. */
export interface Seats {
  poll_id: string;
  seats: ResultSeat[];
}

export interface Me {
  membership_id: string | null;
  person_id: string;
  name: string;
  presence: Member["presence"] | null;
  entitled: boolean;
  request: { id: string; position: number; kind: string; state: string } | null;
  vote: {
    poll_id: string;
    choice: ChoiceCode;
    receipt: string;
    cast_at: string;
    changes: number;
  } | null;
}

/** `notice`: words put up for the hall, on every screen; `news` of the session: on people's own screens. */
export interface Notice {
  id: string;
  text: string;
  at: string;
}

export interface Note {
  id: string;
  name: string;
  text: string;
  at: string;
  read_at: string | null;
}

/** What a page of a sitting puts beside its island. */
export interface FloorPage {
  id: string;
  now?: string;
  state: Record<string, unknown>;
  urls: Record<string, string>;
  /** The papers this person may open; null: all that were sent. */
  readable?: string[] | null;
}
