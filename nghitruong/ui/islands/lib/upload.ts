// One file on its way to the server, resumable (tus 1.0 core): create, send a piece, ask where we
// stand after a break, go on there. Knows nothing of the page; the island draws what it tells.
import { hello, SignedOut } from "../device/contact";
import { backoff } from "./backoff";
import { councilSlug, csrfToken, personKey, renewCsrf } from "./state";
import { t } from "./t";

export interface UploadTarget {
  url: string;
  metadata: Record<string, string>;
}

export interface Answer {
  status: number;
  offset: number | null;
  body: Record<string, unknown>;
}

/** How bytes travel; replaced in tests. `status` 0: no answer at all; 401: led away to the sign-in. */
export interface Transport {
  create(url: string, length: number, metadata: string): Promise<Answer & { location: string }>;
  send(url: string, piece: Blob, offset: number, progress: (sent: number) => void, stop: AbortSignal): Promise<Answer>;
  ask(url: string): Promise<Answer>;
  drop(url: string): Promise<void>;
  /** Fetch the token anew; false: nobody, or somebody else, is signed in. */
  renew(): Promise<boolean>;
}

export type Phase = "waiting" | "sending" | "checking" | "broken" | "done" | "refused";

export const PIECE = 4 * 1024 * 1024;
const TRIES = 6;
const NO_NETWORK = t("Mất kết nối với máy chủ. Phần đã tải vẫn được giữ; bấm «Tải tiếp» khi có mạng lại.");
const SIGN_IN = t("Phiên đăng nhập trên trang này đã hết. Phần đã tải vẫn được giữ: đừng đóng trang này, hãy đăng nhập lại (ở thẻ khác) rồi bấm «Tải tiếp».");

export class UploadTask {
  phase: Phase = "waiting";
  sent = 0;
  message = "";
  article = "";
  /** The server's name of the refusal. */
  code = "";
  outcome: Record<string, unknown> = {};
  private location = "";
  private stopper = new AbortController();

  constructor(
    readonly file: File,
    readonly target: UploadTarget,
    private readonly changed: () => void,
    private readonly transport: Transport = network,
    private readonly wait: (ms: number) => Promise<void> = (ms) => new Promise((r) => setTimeout(r, ms)),
  ) {}

  get fraction(): number {
    return this.file.size === 0 ? 0 : Math.min(1, this.sent / this.file.size);
  }

  /** Send until the server has taken or refused the file, or the network is gone too long. */
  async run(): Promise<void> {
    this.stopper = new AbortController();
    this.show("sending");
    if (this.location === "" && !(await this.begin())) return;
    let failures = 0;
    let offset = -1; // unknown: ask first when this is a second run
    let renewed = false;
    while (!this.stopper.signal.aborted) {
      if (offset < 0) {
        const where = await this.transport.ask(this.location);
        if (ended(where)) return this.signedOut();
        if (where.status === 404 || where.status === 410) {
          // Perhaps only because somebody else is signed in: where it was is kept until it is begun anew.
          if (!(await this.begin())) return;
          offset = 0;
          continue;
        }
        if (where.status !== 200 || where.offset === null) {
          failures += 1;
          if (failures >= TRIES) return this.lost();
          await this.wait(backoff(failures, { base: 500, cap: 8_000 }));
          continue;
        }
        offset = where.offset;
        this.sent = offset;
        this.show("sending");
      }
      if (offset >= this.file.size) return this.conclude();
      const piece = this.file.slice(offset, offset + PIECE);
      const from = offset;
      const answer = await this.transport.send(
        this.location,
        piece,
        from,
        (bytes) => {
          this.sent = from + bytes;
          if (this.sent >= this.file.size) this.phase = "checking";
          this.changed();
        },
        this.stopper.signal,
      );
      if (this.stopper.signal.aborted) return;
      if (answer.status === 200) return this.finish(answer.body);
      if (answer.status === 204 && answer.offset !== null) {
        offset = answer.offset;
        this.sent = offset;
        failures = 0;
        renewed = false;
        continue;
      }
      if (ended(answer)) {
        // Signed in again in another tab, only the page's token is of before: goes on by itself.
        if (renewed || !(await this.transport.renew())) return this.signedOut();
        renewed = true;
        offset = -1;
        continue;
      }
      if ([409, 423, 460].includes(answer.status) || answer.status === 0 || answer.status >= 500) {
        if (answer.body["code"] === "disk_full") return this.refuse(answer.body, "broken");
        failures += 1;
        if (failures >= TRIES) return this.lost();
        offset = -1;
        await this.wait(backoff(failures, { base: 500, cap: 8_000 }));
        continue;
      }
      return this.refuse(answer.body);
    }
  }

  /** Stop for now; `run()` goes on where the server stands. */
  pause(): void {
    this.stopper.abort();
    if (!this.over()) this.show("broken");
  }

  /** Give the file up, here and on the server. */
  async drop(): Promise<void> {
    this.stopper.abort();
    if (this.location && this.phase !== "done") await this.transport.drop(this.location);
  }

  private over(): boolean {
    return this.phase === "done" || this.phase === "refused" || this.phase === "broken";
  }

  private async begin(): Promise<boolean> {
    const pairs = { ...this.target.metadata, filename: this.file.name };
    const metadata = Object.entries(pairs)
      .filter(([, value]) => value !== "")
      .map(([key, value]) => `${key} ${base64(value)}`)
      .join(",");
    const create = (): ReturnType<Transport["create"]> => this.transport.create(this.target.url, this.file.size, metadata);
    let answer = await create();
    if (ended(answer) && (await this.transport.renew())) answer = await create();
    if (answer.status === 201) {
      this.location = answer.location;
      return true;
    }
    if (ended(answer)) this.signedOut();
    else if (answer.status === 0 || answer.status >= 502) this.lost();
    else this.refuse(answer.body);
    return false;
  }

  /** All bytes are there but the outcome did not come with them: ask for it. */
  private async conclude(): Promise<void> {
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      this.show("checking");
      const answer = await this.transport.ask(`${this.location}?xong`);
      if (answer.status === 200 && answer.body["ok"]) return this.finish(answer.body);
      if (ended(answer)) return this.signedOut();
      const busy = answer.status === 423 || answer.status === 0 || answer.status >= 500;
      if (!busy && answer.status >= 400) return this.refuse(answer.body);
      await this.wait(backoff(attempt, { base: 500, cap: 8_000 }));
    }
    this.lost();
  }

  private finish(body: Record<string, unknown>): void {
    this.outcome = body;
    this.sent = this.file.size;
    this.show("done");
  }

  private refuse(body: Record<string, unknown>, phase: Phase = "refused"): void {
    this.message = String(body["message"] ?? t("Máy chủ không nhận tệp này. Hãy tải lại trang rồi thử lại."));
    this.article = String(body["article"] ?? "");
    this.code = String(body["code"] ?? "");
    this.show(phase);
  }

  private lost(): void {
    this.message = NO_NETWORK;
    this.show("broken");
  }

  /** The server holds what came; only the person is missing. */
  private signedOut(): void {
    this.message = SIGN_IN;
    this.show("broken");
  }

  private show(phase: Phase): void {
    this.phase = phase;
    if (phase === "sending") this.message = "";
    this.changed();
  }
}

/** The answer to somebody who is not signed in (any more), or whose page is of an earlier sign-in. */
const ended = (answer: Answer): boolean => answer.status === 401 || (answer.status === 403 && answer.body["code"] === "csrf");

export function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

function bodyOf(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}

function headers(): Record<string, string> {
  return { "X-CSRFToken": csrfToken(), Accept: "application/json", "Tus-Resumable": "1.0.0" };
}

const statusOf = (response: Response): number => (response.type === "opaqueredirect" ? 401 : response.status);

export const network: Transport = {
  async create(url, length, metadata) {
    try {
      const response = await fetch(url, {
        method: "POST",
        redirect: "manual",
        headers: { ...headers(), "Upload-Length": String(length), "Upload-Metadata": metadata },
      });
      const body = bodyOf(await response.text());
      return { status: statusOf(response), offset: 0, body, location: response.headers.get("Location") ?? "" };
    } catch {
      return { status: 0, offset: null, body: {}, location: "" };
    }
  },
  send(url, piece, offset, progress, stop) {
    return new Promise((done) => {
      const request = new XMLHttpRequest(); // fetch cannot tell how much has gone out
      const nothing = (): void => done({ status: 0, offset: null, body: {} });
      stop.addEventListener("abort", () => request.abort(), { once: true });
      request.open("PATCH", url);
      for (const [name, value] of Object.entries(headers())) request.setRequestHeader(name, value);
      request.setRequestHeader("Content-Type", "application/offset+octet-stream");
      request.setRequestHeader("Upload-Offset", String(offset));
      request.upload.onprogress = (event) => progress(event.loaded);
      request.onerror = nothing;
      request.ontimeout = nothing;
      request.onabort = nothing;
      request.onload = () => {
        const at = request.getResponseHeader("Upload-Offset");
        // This way of sending follows where it is led: another address answered, so it was the sign-in.
        const led = request.responseURL !== "" && request.responseURL !== new URL(url, location.href).href;
        done({ status: led ? 401 : request.status, offset: at === null ? null : Number(at), body: bodyOf(request.responseText) });
      };
      request.send(piece);
    });
  },
  async ask(url) {
    try {
      const method = url.endsWith("?xong") ? "GET" : "HEAD";
      const response = await fetch(url, { method, headers: headers(), cache: "no-store", redirect: "manual" });
      const at = response.headers.get("Upload-Offset");
      const body = method === "GET" ? bodyOf(await response.text()) : {};
      return { status: statusOf(response), offset: at === null ? null : Number(at), body };
    } catch {
      return { status: 0, offset: null, body: {} };
    }
  },
  async drop(url) {
    try {
      await fetch(url, { method: "DELETE", headers: headers() });
    } catch {
      // the server sweeps what nobody finishes
    }
  },
  async renew() {
    try {
      const person = personKey();
      renewCsrf((await hello({ account: "", person, slug: councilSlug(), name: "" })).csrf);
      return true;
    } catch (error) {
      return !(error instanceof SignedOut); // not reached: the next try will tell
    }
  },
};
