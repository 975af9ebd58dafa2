// Sending papers in: drag or choose files, several at once, true progress, broken lines go on.
import { LitElement, html, nothing, type TemplateResult } from "lit";
import { ask } from "./elements/page";
import { initialState } from "./lib/state";
import type { UploadTask } from "./lib/upload";
import { UploadQueue } from "./lib/upload-queue";
import { t } from "./lib/t";

interface State {
  url: string;
  max: number;
  session: string;
  paper: string;
  papers: string;
  /** The title of a paper that delegates have: asked about before another file takes its place. */
  asks?: string;
}

/** Refusals at which one may go on (council/papers/actions/replacing.py): the word that says it is meant. */
const MEANT: Record<string, { word: string; button: string }> = {
  file_elsewhere: { word: "elsewhere", button: t("Vẫn dùng tệp này") },
  file_replaces: { word: "replaces", button: t("Thay bằng tệp này") },
};

// What the file chooser offers; the server looks at the bytes (platform/files/sniff.py), not the name.
const ACCEPTED = ".pdf,.docx,.doc,.odt,.rtf,.txt,.xlsx,.xls,.ods,.pptx,.ppt,.odp,image/*,audio/*,video/*";

class Upload extends LitElement {
  private state!: State;
  private readonly queue = new UploadQueue(() => this.changed());
  private over = false;
  private kept: File[] = [];

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.state = initialState<State>(this)!;
    window.addEventListener("beforeunload", this.leaving);
    this.form?.addEventListener("submit", this.entered);
    this.queue.start();
  }

  override disconnectedCallback(): void {
    window.removeEventListener("beforeunload", this.leaving);
    this.form?.removeEventListener("submit", this.entered);
    this.queue.stop();
    super.disconnectedCallback();
  }

  private get single(): boolean {
    return this.hasAttribute("single");
  }

  private readonly leaving = (event: BeforeUnloadEvent): void => {
    if (this.queue.busy) event.preventDefault();
  };

  /** The form beside it, whose fields go with every file; it is sent nowhere by itself. */
  private get form(): HTMLFormElement | null {
    return document.getElementById(this.getAttribute("form") ?? "") as HTMLFormElement | null;
  }

  /** Enter in a field would load the page again without what was typed; it asks for the file instead. */
  private readonly entered = (event: SubmitEvent): void => {
    event.preventDefault();
    this.querySelector<HTMLInputElement>("input[type=file]")?.click();
  };

  private async add(files: FileList | File[] | null): Promise<void> {
    const { form } = this;
    if (!files || files.length === 0 || !form) return;
    if (!form.checkValidity()) {
      this.kept = [...files]; // the file that was chosen is not chosen again
      this.requestUpdate();
      // Our own words stand below; the browser's bubble speaks the browser's language.
      form.querySelector<HTMLElement>(":invalid")?.focus();
      return;
    }
    this.kept = [];
    const fields = Object.fromEntries(
      [...new FormData(form)].map(([name, value]) => [name, String(value)]),
    );
    const chosen = this.single ? [files[0]!] : [...files];
    if (chosen.length > 1) delete fields["title"]; // each file then lends its own name
    const { asks } = this.state;
    if (asks) {
      const question = t("Thay «%(paper)s» bằng tệp «%(file)s»?", { paper: asks, file: chosen[0]!.name });
      const detail = t("Tài liệu đã gửi đại biểu: đại biểu được báo và thấy bản mới ngay. Các bản trước vẫn giữ nguyên.");
      if (!(await ask(question, { detail, yes: t("Thay bằng tệp này") }))) return;
    }
    const meant = asks ? { replaces: "yes" } : {};
    const metadata = { ...fields, ...meant, session: this.state.session, paper: this.state.paper };
    this.queue.add(chosen.map((file) => ({ file, target: { url: this.state.url, metadata } })));
  }

  /** The same file again, meant in spite of the server's question; nobody is asked twice. */
  private insist(task: UploadTask, word: string): void {
    const metadata = { ...task.target.metadata, [word]: "yes" };
    this.queue.drop(task);
    this.queue.add([{ file: task.file, target: { ...task.target, metadata } }]);
  }

  private changed(): void {
    this.requestUpdate();
    if (this.single && this.queue.tasks.some((task) => task.phase === "done")) location.reload();
  }

  private drop(event: DragEvent): void {
    event.preventDefault();
    this.over = false;
    void this.add(event.dataTransfer?.files ?? null);
    this.requestUpdate();
  }

  private hover(event: DragEvent, over: boolean): void {
    event.preventDefault();
    this.over = over;
    this.requestUpdate();
  }

  protected override render(): TemplateResult {
    const { tasks } = this.queue;
    const done = tasks.filter((task) => task.phase === "done").length;
    return html`
      <div
        class="nt-drop ${this.over ? "is-over" : ""}"
        @dragover=${(event: DragEvent) => this.hover(event, true)}
        @dragleave=${(event: DragEvent) => this.hover(event, false)}
        @drop=${(event: DragEvent) => this.drop(event)}
      >
        <p>${this.single ? t("Kéo tệp vào đây") : t("Kéo các tệp vào đây")}, ${t("hoặc")}</p>
        <label class="btn btn-primary btn-lg"
          >${t("Chọn tệp")}
          <input
            class="visually-hidden"
            type="file"
            accept=${ACCEPTED}
            ?multiple=${!this.single}
            @change=${(event: Event) => {
              const input = event.target as HTMLInputElement;
              void this.add(input.files);
              input.value = "";
            }}
          />
        </label>
        <p class="form-hint">${t("PDF, Word, Excel, PowerPoint, ảnh, âm thanh, phim; mỗi tệp tới")} ${Math.floor(this.state.max / 1048576)} MB.</p>
      </div>
      ${this.kept.length === 0
        ? nothing
        : html`<p class="nt-row mt-2" role="status"><span class="flex-fill">${t("Đã chọn %(files)s. Hãy điền ô còn trống rồi bấm «Gửi tệp».", { files: this.kept.map((file) => `«${file.name}»`).join(", ") })}</span>
            <button type="button" class="btn btn-primary" data-send-kept @click=${() => void this.add(this.kept)}>${t("Gửi tệp")}</button></p>`}
      ${tasks.length === 0
        ? nothing
        : html`<ul class="nt-uploads list-unstyled">
            ${tasks.map((task) => this.row(task))}
          </ul>`}
      <p class="nt-row" role="status">
        ${done > 0 && !this.single
          ? html`${t("Đã nhận")} ${done}/${tasks.length} ${t("tệp")}.
              <a class="btn" href=${this.state.papers}>${t("Xem danh sách tài liệu")}</a>`
          : nothing}
      </p>
    `;
  }

  private row(task: UploadTask): TemplateResult {
    const percent = Math.floor(task.fraction * 100);
    const meant = MEANT[task.code];
    return html`<li class="nt-upload nt-upload-${task.phase}">
      <div class="nt-row">
        <strong class="flex-fill text-break">${task.file.name}</strong>
        <span>${size(task.file.size)}</span>
        ${task.phase === "broken"
          ? html`<button type="button" class="btn btn-sm btn-primary" @click=${() => this.queue.again(task)}>${t("Tải tiếp")}</button>`
          : nothing}
        ${task.phase === "refused" && meant
          ? html`<button type="button" class="btn btn-sm" data-insist @click=${() => this.insist(task, meant.word)}>${meant.button}</button>`
          : nothing}
        ${task.phase === "done"
          ? nothing
          : html`<button type="button" class="btn btn-sm" @click=${() => this.queue.drop(task)}>
              ${t("Bỏ")}<span class="visually-hidden">: ${task.file.name}</span>
            </button>`}
      </div>
      ${["sending", "checking", "broken"].includes(task.phase)
        ? html`<progress class="nt-progress" max="100" value=${percent} aria-label=${t("Đã tải %(name)s", { name: task.file.name })}></progress>`
        : nothing}
      <p class="nt-upload-word" role=${task.phase === "refused" ? "alert" : "status"}>${this.word(task, percent)}</p>
    </li>`;
  }

  private word(task: UploadTask, percent: number): unknown {
    switch (task.phase) {
      case "waiting":
        return t("Đang chờ tới lượt");
      case "sending":
        return t("Đã tải %(n)s %", { n: percent });
      case "checking":
        return t("Đã tải đủ, máy chủ đang kiểm tra tệp…");
      case "done":
        return html`✓ ${t("Đã nhận")}${task.outcome["pages"] ? `, ${t("gồm %(n)s trang", { n: String(task.outcome["pages"]) })}` : ""}.
          <a href="${this.state.url.replace(/tai-len\/$/, "")}${String(task.outcome["paper"])}/thong-tin/">${t("Xem, sửa thông tin")}</a>`;
      default:
        return html`${task.phase === "refused" ? "✕ " : "⚠ "}${task.message}
        ${task.article ? html`<br /><small>${t("Căn cứ")}: ${task.article}</small>` : nothing}`;
    }
  }
}

function size(bytes: number): string {
  const megabytes = bytes / 1048576;
  return megabytes < 1
    ? `${Math.max(1, Math.round(bytes / 1024))} KB`
    : `${megabytes.toFixed(1).replace(".", ",")} MB`;
}

customElements.define("nt-upload", Upload);
