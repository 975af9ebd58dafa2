import { describe, expect, it } from "vitest";
import { UploadTask, base64, type Answer, type Transport } from "../lib/upload";
import { UploadQueue } from "../lib/upload-queue";

const SIZE = 10 * 1024 * 1024;

function file(): File {
  return new File([new Uint8Array(SIZE)], "Báo cáo.pdf");
}

/** A server in memory: keeps what arrives, breaks where told. */
class Server implements Transport {
  received = 0;
  metadata = "";
  breaks = 0;
  loseAnswers = 0;
  refusal: Answer | null = null;
  dropped = false;

  async create(_url: string, _length: number, metadata: string): Promise<Answer & { location: string }> {
    this.metadata = metadata;
    if (this.refusal) return { ...this.refusal, location: "" };
    return { status: 201, offset: 0, body: {}, location: "/up/1/" };
  }

  async send(_url: string, piece: Blob, offset: number): Promise<Answer> {
    if (offset !== this.received) return { status: 409, offset: null, body: {} };
    if (this.breaks > 0) {
      this.breaks -= 1;
      this.received += Math.floor(piece.size / 3); // a part of the piece came through
      return { status: 0, offset: null, body: {} };
    }
    this.received += piece.size;
    if (this.loseAnswers > 0) {
      this.loseAnswers -= 1;
      return { status: 0, offset: null, body: {} };
    }
    if (this.received >= SIZE) return { status: 200, offset: SIZE, body: { ok: true, paper: "p1" } };
    return { status: 204, offset: this.received, body: {} };
  }

  async ask(url: string): Promise<Answer> {
    if (url.endsWith("?xong")) return { status: 200, offset: SIZE, body: { ok: true, paper: "p1" } };
    return { status: 200, offset: this.received, body: {} };
  }

  async drop(): Promise<void> {
    this.dropped = true;
  }
}

function task(server: Server): UploadTask {
  const target = { url: "/tai-len/", metadata: { kind: "report", title: "" } };
  return new UploadTask(file(), target, () => undefined, server, async () => undefined);
}

describe("UploadTask", () => {
  it("sends the whole file and keeps the outcome", async () => {
    const server = new Server();
    const one = task(server);
    await one.run();
    expect(one.phase).toBe("done");
    expect(one.outcome["paper"]).toBe("p1");
    expect(server.received).toBe(SIZE);
    expect(server.metadata).toBe(`kind ${base64("report")},filename ${base64("Báo cáo.pdf")}`);
  });

  it("goes on from where the server stands after breaks", async () => {
    const server = new Server();
    server.breaks = 3;
    const one = task(server);
    await one.run();
    expect(one.phase).toBe("done");
    expect(server.received).toBe(SIZE);
  });

  it("asks for the outcome when the last answer was lost", async () => {
    const server = new Server();
    server.loseAnswers = 3; // every piece arrives, no answer does
    const one = task(server);
    await one.run();
    expect(one.phase).toBe("done");
    expect(one.outcome["paper"]).toBe("p1");
  });

  it("stops with a sentence when the network is gone, and goes on when told", async () => {
    const server = new Server();
    server.breaks = 100;
    const one = task(server);
    await one.run();
    expect(one.phase).toBe("broken");
    expect(one.message).toContain("Tải tiếp");
    server.breaks = 0;
    await one.run();
    expect(one.phase).toBe("done");
  });

  it("shows the server's own sentence and article when it refuses", async () => {
    const server = new Server();
    const body = { code: "state_secret", message: "Bí mật nhà nước…", article: "Điều 5" };
    server.refusal = { status: 422, offset: null, body };
    const one = task(server);
    await one.run();
    expect([one.phase, one.message, one.article]).toEqual(["refused", "Bí mật nhà nước…", "Điều 5"]);
  });

  it("gives an unfinished file up on the server too", async () => {
    const server = new Server();
    server.breaks = 100;
    const one = task(server);
    await one.run();
    await one.drop();
    expect(server.dropped).toBe(true);
  });
});

describe("UploadQueue", () => {
  const settle = (): Promise<void> => new Promise((done) => setTimeout(done, 5));
  const target = { url: "/tai-len/", metadata: {} };
  const phases = (queue: UploadQueue): string[] => queue.tasks.map((one) => one.phase).sort();

  /** Answers when told. */
  class Slow extends Server {
    private readonly waiting: (() => void)[] = [];

    override async create(): Promise<Answer & { location: string }> {
      await new Promise<void>((answer) => this.waiting.push(answer));
      return { ...(this.refusal ?? { status: 0, offset: null, body: {} }), location: "" };
    }

    answer(): void {
      this.waiting.shift()?.();
    }
  }

  it("sends two at once, the next when one is over, and again what broke when the network is back", async () => {
    const server = new Slow();
    const queue = new UploadQueue(() => undefined, server);
    queue.start();
    queue.add([1, 2, 3].map(() => ({ file: file(), target })));
    expect(phases(queue)).toEqual(["sending", "sending", "waiting"]);
    expect(queue.busy).toBe(true);
    server.answer(); // no answer: the line is gone
    await settle();
    expect(phases(queue)).toEqual(["broken", "sending", "sending"]);
    window.dispatchEvent(new Event("online"));
    expect(phases(queue)).toEqual(["sending", "sending", "waiting"]);
    queue.drop(queue.tasks.find((one) => one.phase === "sending")!);
    expect(phases(queue)).toEqual(["sending", "sending"]);
    queue.stop();
  });

  it("tells that nothing is cut off by leaving when all is over", async () => {
    const server = new Slow();
    server.refusal = { status: 422, offset: null, body: { message: "Không nhận" } };
    let told = 0;
    const queue = new UploadQueue(() => (told += 1), server);
    queue.add([{ file: file(), target }]);
    server.answer();
    await settle();
    expect([phases(queue), queue.busy, told > 1]).toEqual([["refused"], false, true]);
  });
});

describe("base64", () => {
  it("keeps Vietnamese letters", () => {
    expect(new TextDecoder().decode(Uint8Array.from(atob(base64("Đề án")), (c) => c.charCodeAt(0)))).toBe("Đề án");
  });
});
