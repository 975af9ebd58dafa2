import { afterEach, describe, expect, it, vi } from "vitest";
import { UploadTask, base64, network, type Answer, type Transport } from "../lib/upload";
import { UploadQueue } from "../lib/upload-queue";

vi.mock("htmx.org", () => ({ default: { config: {} } })); // needs XPath, which the test's document has not

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
  /** What is answered to a piece instead of taking it, from this many bytes on. */
  ended: { from: number; answer: Answer; out?: boolean } | null = null;
  /** Whether the person is signed in (again), in whatever tab. */
  signedIn = true;
  begun = 0;

  async create(_url: string, _length: number, metadata: string): Promise<Answer & { location: string }> {
    this.metadata = metadata;
    this.begun += 1;
    if (this.refusal) return { ...this.refusal, location: "" };
    return { status: 201, offset: 0, body: {}, location: "/up/1/" };
  }

  async send(_url: string, piece: Blob, offset: number): Promise<Answer> {
    if (this.ended && offset >= this.ended.from) {
      this.signedIn = !this.ended.out;
      return this.ended.answer;
    }
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
    if (!this.signedIn) return { status: 401, offset: null, body: {} };
    if (url.endsWith("?xong")) return { status: 200, offset: SIZE, body: { ok: true, paper: "p1" } };
    return { status: 200, offset: this.received, body: {} };
  }

  async drop(): Promise<void> {
    this.dropped = true;
  }

  async renew(): Promise<boolean> {
    if (this.signedIn) this.ended = null;
    return this.signedIn;
  }
}

const CSRF: Answer = { status: 403, offset: null, body: { code: "csrf", message: "Hãy tải lại trang rồi làm lại" } };
const LED_AWAY: Answer = { status: 401, offset: null, body: {} };

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

describe("a sign-in that ends on the way", () => {
  it.each([CSRF, LED_AWAY])("keeps what the server has, and goes on after the next sign-in ($status)", async (answer) => {
    const server = new Server();
    server.ended = { from: 1, answer, out: true };
    const one = task(server);
    await one.run();
    const held = server.received;
    expect([one.phase, one.message.includes("đăng nhập lại"), one.message.includes("Tải tiếp"), held > 0]).toEqual(["broken", true, true, true]);
    await one.run(); // «Tải tiếp» too early: asking where we stand is led to the sign-in
    expect([one.phase, one.message.includes("đăng nhập lại")]).toEqual(["broken", true]);
    server.signedIn = true;
    server.ended = answer === CSRF ? { from: 1, answer } : null; // the page's token is still of before
    await one.run();
    expect([one.phase, server.received, server.begun]).toEqual(["done", SIZE, 1]);
  });

  it("goes on by itself when only the page's token is of before", async () => {
    const server = new Server();
    server.ended = { from: 1, answer: CSRF };
    const one = task(server);
    await one.run();
    expect([one.phase, server.begun]).toEqual(["done", 1]);
  });

  it("does not turn round for ever when a new token is refused too", async () => {
    const server = new Server();
    server.ended = { from: 1, answer: CSRF };
    server.renew = async () => true;
    const one = task(server);
    await one.run();
    expect(one.phase).toBe("broken");
  });

  it("does not forget the file on the server when somebody else is signed in", async () => {
    const server = new Server();
    server.breaks = 100;
    const one = task(server);
    await one.run();
    const ask = server.ask.bind(server);
    server.ask = async () => ({ status: 404, offset: null, body: {} }); // not theirs
    server.refusal = CSRF;
    server.signedIn = false;
    await one.run();
    expect([one.phase, one.message.includes("đăng nhập lại")]).toEqual(["broken", true]);
    server.ask = ask;
    server.refusal = null;
    server.signedIn = true;
    server.breaks = 0;
    const begun = server.begun;
    await one.run();
    expect([one.phase, server.begun]).toEqual(["done", begun]);
  });
});

describe("the way over the network", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    document.head.innerHTML = "";
  });

  it("tells being led to the sign-in from an answer", async () => {
    vi.stubGlobal("fetch", async (_url: string, init: RequestInit) =>
      init.redirect === "manual"
        ? { type: "opaqueredirect", status: 0, headers: new Headers(), text: async () => "" }
        : { type: "basic", status: 200, headers: new Headers(), text: async () => "<form>" },
    );
    expect((await network.ask("/up/1/")).status).toBe(401);
    expect((await network.ask("/up/1/?xong")).status).toBe(401);
    expect((await network.create("/up/", 1, "")).status).toBe(401);
  });

  it("knows from the address that a piece was led to the sign-in", async () => {
    class Sent {
      upload = {};
      status = 200;
      responseText = "<form>";
      responseURL = "";
      onload: () => void = () => undefined;
      open(_method: string, url: string): void {
        this.responseURL = url === "/up/1/" ? new URL("/tai-khoan/dang-nhap/?next=/up/1/", location.href).href : new URL(url, location.href).href;
      }
      setRequestHeader(): void {}
      getResponseHeader(): string {
        return "5";
      }
      send(): void {
        this.onload();
      }
    }
    vi.stubGlobal("XMLHttpRequest", Sent);
    const send = (url: string): Promise<Answer> => network.send(url, new Blob(["x"]), 0, () => undefined, new AbortController().signal);
    expect((await send("/up/1/")).status).toBe(401);
    expect((await send("/up/2/")).status).toBe(200);
  });

  it("takes a fresh token into the page, of the same person only", async () => {
    document.head.innerHTML = '<meta name="csrf-token" content="cũ"><meta name="nt-council" content="lao-cai"><meta name="nt-person" content="p1">';
    let signedIn = "p2";
    vi.stubGlobal("fetch", async (url: string) => {
      expect(url).toBe("/lao-cai/cap-tai-lieu/");
      return { type: "basic", ok: true, status: 200, json: async () => ({ person: signedIn, csrf: "mới" }) };
    });
    const token = (): string => document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')!.content;
    expect([await network.renew(), token()]).toEqual([false, "cũ"]);
    signedIn = "p1";
    expect([await network.renew(), token()]).toEqual([true, "mới"]);
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

describe("the form beside the files", () => {
  it("is not sent by Enter, which would lose the reason: the file is asked for instead", async () => {
    document.body.innerHTML = `<script type="application/json" id="st">{"url":"/tai-len/","max":1048576,"session":"","paper":"p","papers":"/"}</script>
      <form id="thay-ban"><input name="reason" value="Sửa Điều 3" /></form><nt-upload form="thay-ban" single data-state-id="st"></nt-upload>`;
    await import("../nt-upload");
    const island = document.querySelector<HTMLElement & { updateComplete: Promise<boolean> }>("nt-upload")!;
    await island.updateComplete;
    const asked = vi.fn();
    island.querySelector<HTMLInputElement>("input[type=file]")!.click = asked;
    const form = document.querySelector("form")!;
    const submit = (): boolean => form.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
    expect(submit()).toBe(false); // the browser sends nothing
    expect(asked).toHaveBeenCalledOnce();
    expect(form.querySelector("input")!.value).toBe("Sửa Điều 3");
    island.remove();
    expect(submit()).toBe(true);
    document.body.innerHTML = "";
  });
});

describe("a file chosen before the form beside it is filled in", () => {
  it("is kept and sent by a button, not chosen again", async () => {
    document.body.innerHTML = `<script type="application/json" id="st">{"url":"/tai-len/","max":1048576,"session":"","paper":"p","papers":"/"}</script>
      <form id="thay-ban"><input name="reason" required /></form><nt-upload form="thay-ban" single data-state-id="st"></nt-upload>`;
    await import("../nt-upload");
    const sent: string[] = [];
    vi.stubGlobal("fetch", async (_url: string, init: RequestInit) => {
      sent.push((init.headers as Record<string, string>)["Upload-Metadata"]!);
      return { type: "basic", status: 422, headers: new Headers(), text: async () => "{}" };
    });
    const island = document.querySelector<HTMLElement & { updateComplete: Promise<boolean> }>("nt-upload")!;
    await island.updateComplete;
    const drop = new Event("drop", { cancelable: true });
    Object.assign(drop, { dataTransfer: { files: [file()] } });
    island.querySelector(".nt-drop")!.dispatchEvent(drop);
    await island.updateComplete;
    expect(sent).toEqual([]);
    expect(island.textContent).toContain("Đã chọn «Báo cáo.pdf»");
    document.querySelector<HTMLInputElement>("[name=reason]")!.value = "Sửa Điều 3";
    island.querySelector<HTMLButtonElement>("[data-send-kept]")!.click();
    await new Promise((done) => setTimeout(done, 5));
    expect(sent).toHaveLength(1);
    expect(island.querySelector("[data-send-kept]")).toBeNull();
    vi.unstubAllGlobals();
    island.remove();
    document.body.innerHTML = "";
  });
});

describe("a paper that delegates have", () => {
  const settle = (): Promise<void> => new Promise((done) => setTimeout(done, 5));

  it("is replaced only after a second word that names both, and a file of another paper after a third", async () => {
    document.body.innerHTML = `<script type="application/json" id="st">{"url":"/tai-len/","max":1048576,"session":"","paper":"p","papers":"/","asks":"Học phí"}</script>
      <form id="thay-ban"><input name="reason" value="Sửa Điều 3" /></form>
      <dialog id="nt-confirm"><h2 data-part="title"></h2><p data-part="detail"></p><button data-part="yes" data-default="Đồng ý"></button></dialog>
      <nt-upload form="thay-ban" single data-state-id="st"></nt-upload>`;
    await import("../nt-upload");
    const sent: string[] = [];
    const body = { code: "file_elsewhere", message: "Tệp này đã có ở tài liệu «Dự toán»." };
    vi.stubGlobal("fetch", async (_url: string, init: RequestInit) => {
      sent.push((init.headers as Record<string, string>)["Upload-Metadata"]!);
      return { type: "basic", status: 422, headers: new Headers(), text: async () => JSON.stringify(body) };
    });
    const island = document.querySelector<HTMLElement & { updateComplete: Promise<boolean> }>("nt-upload")!;
    await island.updateComplete;
    const dialog = document.getElementById("nt-confirm") as HTMLDialogElement;
    const choose = async (answer: string): Promise<void> => {
      const drop = new Event("drop", { cancelable: true });
      Object.assign(drop, { dataTransfer: { files: [file()] } });
      island.querySelector(".nt-drop")!.dispatchEvent(drop);
      expect(dialog.open).toBe(true);
      expect(dialog.textContent).toContain("Thay «Học phí» bằng tệp «Báo cáo.pdf»?");
      dialog.close(answer);
      await settle();
    };
    await choose("no");
    expect(sent).toEqual([]);
    await choose("yes");
    expect(sent).toHaveLength(1);
    expect(sent[0]).not.toContain("elsewhere");
    expect(sent[0]).toContain(`replaces ${base64("yes")}`); // asked here already
    expect(island.textContent).toContain("«Dự toán»");
    island.querySelector<HTMLButtonElement>("[data-insist]")!.click();
    await settle();
    expect(sent).toHaveLength(2);
    expect(sent[1]).toContain(`elsewhere ${base64("yes")}`);
    expect(island.querySelectorAll(".nt-upload")).toHaveLength(1);
    // Sent to delegates since this page was drawn: the server asks.
    Object.assign(body, { code: "file_replaces" });
    island.querySelector<HTMLButtonElement>("[data-insist]")!.click();
    await settle();
    expect(island.querySelector("[data-insist]")!.textContent).toBe("Thay bằng tệp này");
    vi.unstubAllGlobals();
    island.remove();
    document.body.innerHTML = "";
  });
});
