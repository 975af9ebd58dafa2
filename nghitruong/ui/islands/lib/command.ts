// Sending a tap to the hall so that it counts exactly once. The nonce is chosen at the tap and kept
// through every retry: if the answer was lost on the way back, the server gives the first one again.
import { backoff } from "./backoff";
import { learn } from "./clock";
import { nonce } from "./nonce";
import { t } from "./t";

/** `ok: true` means the server has committed it. Anything else has a sentence to show; `vote` is what
 *  is recorded instead, where a tap came too late to replace it. */
export type Result =
  | { ok: true; outcome: unknown }
  | { ok: false; code: string; message: string; vote?: unknown };

export interface CommandOptions {
  slug: string;
  /** Whose screen this is. Somebody else may have signed in on this device since: then the server
   *  refuses, and nobody acts in another's name. */
  person?: string;
  /** Give up after this long without any answer; then the person decides. Milliseconds. */
  patience?: number;
  fetch?: typeof fetch;
  /** For tests. */
  wait?: (milliseconds: number) => Promise<void>;
  /** Called with each command's pending state: the connection banner tells it. */
  onPending?: (pending: number) => void;
}

const NO_ANSWER =
  t("Chưa nhận được trả lời của máy chủ. Phiếu hoặc yêu cầu này CHƯA được xác nhận. Hãy xem dòng trạng thái kết nối rồi bấm gửi lại.");
const NOT_UNDERSTOOD =
  t("Máy chủ trả lời không đọc được. Hãy tải lại trang; nếu vẫn vậy, báo thư ký kỳ họp.");

export class Commands {
  private pending = 0;
  private readonly patience: number;
  private readonly fetch: typeof fetch;
  private readonly wait: (milliseconds: number) => Promise<void>;

  constructor(private readonly options: CommandOptions) {
    this.patience = options.patience ?? 30_000;
    this.fetch = options.fetch ?? ((input, init) => fetch(input, init));
    this.wait = options.wait ?? ((ms) => new Promise((done) => setTimeout(done, ms)));
  }

  /** POST `/live/<slug>/<command>`. Pass the nonce of an earlier try to ask about that very tap. */
  async send(
    command: string,
    body: Record<string, unknown> = {},
    key: string = nonce(),
  ): Promise<Result & { nonce: string }> {
    this.count(1);
    try {
      const { person } = this.options;
      const whole = { ...body, ...(person ? { person } : {}), nonce: key };
      return { ...(await this.tryUntilAnswered(command, whole)), nonce: key };
    } finally {
      this.count(-1);
    }
  }

  private async tryUntilAnswered(command: string, body: object): Promise<Result> {
    const payload = JSON.stringify(body);
    const deadline = Date.now() + this.patience;
    let waited = 0;
    for (let attempt = 0; ; attempt += 1) {
      const left = Math.min(deadline - Date.now(), this.patience - waited);
      const answer = await this.attempt(command, payload, Math.min(Math.max(left, 1), 8_000));
      if (answer !== null) return answer;
      const pause = backoff(attempt, { base: 300, cap: 4_000 });
      waited += pause;
      if (waited >= this.patience || Date.now() + pause >= deadline) {
        return { ok: false, code: "no_answer", message: NO_ANSWER };
      }
      await this.wait(pause);
    }
  }

  /** One try; null when there was no answer worth believing (network, 502, 503, 504, 429). */
  private async attempt(command: string, payload: string, timeout: number): Promise<Result | null> {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), timeout);
    try {
      const response = await this.fetch(`/live/${this.options.slug}/${command}`, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json" },
        credentials: "same-origin",
        cache: "no-store",
        body: payload,
        signal: stop.signal,
      });
      learn(response.headers.get("date"), false);
      if ([429, 502, 503, 504].includes(response.status)) return null;
      return await read(response);
    } catch {
      return null;
    } finally {
      clearTimeout(timer);
    }
  }

  private count(change: number): void {
    this.pending += change;
    this.options.onPending?.(this.pending);
  }
}

async function read(response: Response): Promise<Result> {
  const text = await response.text(); // a cut in the middle of the body throws: no answer, try again
  let data: Record<string, unknown>;
  try {
    data = JSON.parse(text) as Record<string, unknown>;
  } catch {
    return { ok: false, code: `http_${response.status}`, message: NOT_UNDERSTOOD };
  }
  if (response.ok && data["ok"] !== false) {
    return { ok: true, outcome: data["outcome"] ?? data };
  }
  return {
    ok: false,
    code: String(data["code"] ?? `http_${response.status}`),
    message: String(data["message"] ?? NOT_UNDERSTOOD),
    ...(data["vote"] ? { vote: data["vote"] } : {}),
  };
}
