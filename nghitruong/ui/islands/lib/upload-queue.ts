// Files on their way to the server, a few at once. What broke with the network goes on when it is back.
import { UploadTask, type Transport, type UploadTarget } from "./upload";

const AT_ONCE = 2;

export class UploadQueue {
  tasks: UploadTask[] = [];

  constructor(
    /** Something about a file is other than it was. */
    private readonly changed: () => void,
    private readonly transport?: Transport,
  ) {}

  start(): void {
    window.addEventListener("online", this.online);
  }

  stop(): void {
    window.removeEventListener("online", this.online);
  }

  private readonly online = (): void => {
    for (const task of this.tasks) if (task.phase === "broken") task.phase = "waiting";
    this.next();
  };

  /** Whether leaving the page would cut something off. */
  get busy(): boolean {
    return this.tasks.some((task) => ["waiting", "sending", "checking"].includes(task.phase));
  }

  add(files: { file: File; target: UploadTarget }[]): void {
    for (const { file, target } of files) this.tasks.push(new UploadTask(file, target, () => this.next(), this.transport));
    this.next();
  }

  /** Try a broken one once more. */
  again(task: UploadTask): void {
    task.phase = "waiting";
    this.next();
  }

  /** Give one up. */
  drop(task: UploadTask): void {
    void task.drop();
    this.tasks = this.tasks.filter((other) => other !== task);
    this.next();
  }

  private next(): void {
    const running = this.tasks.filter((task) => ["sending", "checking"].includes(task.phase)).length;
    for (const task of this.tasks.filter((one) => one.phase === "waiting").slice(0, Math.max(0, AT_ONCE - running))) {
      if (task.phase !== "waiting") continue; // begun meanwhile: its start told us of itself
      task.phase = "sending";
      void task.run();
    }
    this.changed();
  }
}
