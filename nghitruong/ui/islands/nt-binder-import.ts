// An import: drop a zip, a folder or files; see what each seems to be and what is wrong; correct in
// place; confirm once. What is typed is kept on the server at once.
import { LitElement, html, nothing, type TemplateResult } from "lit";
import { Corrections } from "./binder/corrections";
import { fileRow, type Host } from "./binder/file-row";
import type { Fault, Row, State } from "./binder/types";
import { uploadLine } from "./binder/upload-line";
import { ask, notify } from "./elements/page";
import { collect, type Dropped } from "./lib/dropped";
import { follow, type Following } from "./lib/following";
import { csrfToken, initialState } from "./lib/state";
import { UploadQueue } from "./lib/upload-queue";

class BinderImport extends LitElement implements Host {
  state!: State;
  private readonly queue = new UploadQueue(() => this.changed());
  private over = false;
  private following: Following | null = null;
  private readonly corrections = new Corrections({
    send: (body) => this.post(this.state.urls["edit"]!, body),
    answered: (state) => this.take(state),
    requestUpdate: () => this.requestUpdate(),
  });
  private confirming = false;
  private sheet: File | null = null;
  private faults: Fault[] = [];
  private onlyProblems = false;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.state = initialState<State>(this)!;
    window.addEventListener("beforeunload", this.leaving);
    this.queue.start();
    this.watch();
  }

  override disconnectedCallback(): void {
    this.following?.stop();
    window.removeEventListener("beforeunload", this.leaving);
    this.queue.stop();
    super.disconnectedCallback();
  }

  private readonly leaving = (event: BeforeUnloadEvent): void => {
    if (this.queue.busy || this.corrections.count > 0) event.preventDefault();
  };

  // Files in ----------------------------------------------------------------------------------

  private add(dropped: Dropped[]): void {
    const url = this.state.urls["upload"]!;
    const into = `binder:${this.state.id}`;
    this.queue.add(dropped.map(({ file, folder }) => ({ file, target: { url, metadata: { into, folder } } })));
  }

  private changed(): void {
    this.requestUpdate();
    const under = this.queue.tasks.filter((task) => task.phase !== "done");
    if (under.length < this.queue.tasks.length) {
      this.queue.tasks = under;
      this.watch(true);
    }
  }

  private watch(again = false): void {
    if (!again && this.state.waiting.length === 0) return;
    this.following?.stop();
    this.following = follow<State>(this.state.urls["import"]!, (state) => {
      if (!this.corrections.busy) this.take(state); // else what was just ticked or typed would jump back
      return state.waiting.length > 0;
    });
  }

  /** The server's state; what is being typed right now stays as it is. */
  private take(state: State): void {
    const typing = document.activeElement as HTMLElement | null;
    const id = typing?.closest<HTMLElement>("[data-file]")?.dataset["file"];
    const field = typing?.getAttribute("name");
    if (id && field && this.contains(typing)) {
      const row = state.files.find((one) => one.id === id) as unknown as Record<string, unknown> | undefined;
      if (row) row[field] = (typing as HTMLInputElement).value;
    }
    this.corrections.over(state);
    this.state = state;
    this.requestUpdate();
  }

  // Corrections -------------------------------------------------------------------------------

  async save(row: Row, field: string, value: string): Promise<void> {
    await this.corrections.save(row, field, value);
  }

  private async allSaved(): Promise<boolean> {
    if (await this.corrections.all()) return true;
    notify("error", "Còn sửa đổi chưa lưu nên chưa ghi gì. Sửa lại ô có lỗi, hoặc đợi có mạng rồi thử lần nữa.");
    return false;
  }

  private async post(url: string, body: BodyInit): Promise<State | null> {
    try {
      const response = await fetch(url, {
        method: "POST",
        headers: { "X-CSRFToken": csrfToken(), Accept: "application/json" },
        body,
      });
      const answer = (await response.json()) as State & { message?: string };
      if (response.ok && answer.files) return answer;
      notify("error", answer.message ?? "Chưa ghi được. Hãy tải lại trang rồi thử lại.");
    } catch {
      notify("error", "Không tới được máy chủ nên chưa ghi được. Kiểm tra mạng rồi thử lại.");
    }
    return null;
  }

  private async confirm(): Promise<void> {
    if (this.confirming) return;
    this.confirming = true;
    this.requestUpdate();
    this.confirming = await this.written();
    this.requestUpdate();
  }

  /** Ask, then write; true when the page is left for what was written. */
  private async written(): Promise<boolean> {
    if (!(await this.allSaved())) return false;
    const taken = this.state.files.filter((row) => row.include);
    const grave = taken.filter((row) => row.problems.some((problem) => problem.grave)).length;
    const agreed = await ask(`Ghi ${taken.length} tài liệu vào tập của kỳ họp?`, {
      detail: grave
        ? `Còn ${grave} tệp có điều cần xem lại. Sau khi ghi vẫn hoàn tác được cả lượt, khi chưa gửi đại biểu.`
        : "Tài liệu chưa gửi cho đại biểu. Sau khi ghi vẫn hoàn tác được cả lượt.",
      yes: "Ghi vào tập",
    });
    if (!agreed) return false;
    try {
      const response = await fetch(this.state.urls["confirm"]!, {
        method: "POST",
        headers: { "X-CSRFToken": csrfToken(), Accept: "application/json" },
      });
      const answer = (await response.json()) as { url?: string; message?: string };
      if (answer.url) {
        location.assign(answer.url);
        return true;
      }
      notify("error", answer.message ?? "Chưa ghi được. Hãy tải lại trang rồi thử lại.");
      this.watch(true); // a file may have come that nobody has seen here
    } catch {
      notify("error", "Không tới được máy chủ. Hãy bấm «Ghi» lần nữa: tài liệu đã ghi không bị ghi hai lần.");
    }
    return false;
  }

  private async drop(): Promise<void> {
    const agreed = await ask("Bỏ lượt nhập này?", {
      detail: "Các tệp đã gửi và phần đã sửa của lượt này được bỏ. Kỳ họp không thay đổi gì.",
      yes: "Bỏ lượt nhập",
      danger: true,
    });
    if (!agreed) return;
    this.corrections.forget();
    const form = document.createElement("form");
    form.method = "post";
    form.action = this.state.urls["drop"]!;
    const token = document.createElement("input");
    token.type = "hidden";
    token.name = "csrfmiddlewaretoken";
    token.value = csrfToken();
    form.append(token);
    document.body.append(form);
    form.submit();
  }

  // The list as a spreadsheet ------------------------------------------------------------------

  private async takeSheet(file: File): Promise<void> {
    if (!(await this.allSaved())) return; // else what is still to be sent would overwrite the list
    this.sheet = file;
    const body = new FormData();
    body.set("file", file);
    const answer = await this.post(this.state.urls["take_sheet"]!, body);
    if (answer) this.take(answer);
    this.faults = answer?.sheet?.faults ?? [];
    if (answer?.sheet) {
      const { lines, faults } = answer.sheet;
      notify(faults.length ? "warning" : "success", `Đã nhận ${lines} dòng từ bảng kê${faults.length ? `; ${faults.length} ô cần sửa` : ""}.`);
    }
    this.requestUpdate();
  }

  private async sheetBack(): Promise<void> {
    if (!this.sheet) return;
    const body = new FormData();
    body.set("file", this.sheet);
    body.set("back", "1");
    const response = await fetch(this.state.urls["take_sheet"]!, {
      method: "POST",
      headers: { "X-CSRFToken": csrfToken() },
      body,
    });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await response.blob());
    link.download = "bang-ke-can-sua.xlsx";
    link.click();
    URL.revokeObjectURL(link.href);
  }

  // Drawing -----------------------------------------------------------------------------------

  /** Whether files can be corrected: not while they are being written. */
  get open(): boolean {
    return this.state.state === "open" && !this.confirming;
  }

  protected override render(): TemplateResult {
    const { files, waiting } = this.state;
    const begun = this.state.state === "open";
    const taken = files.filter((row) => row.include).length;
    const troubled = files.filter((row) => row.problems.length > 0).length;
    const lacking = this.state.items.filter((item) => item.lacks.length > 0);
    const shown = this.onlyProblems ? files.filter((row) => row.problems.length > 0) : files;
    return html`
      ${begun && !this.confirming ? this.dropZone() : nothing} ${this.progress()}
      ${this.state.unopened.map((text) => html`<p class="nt-message nt-message-error" role="alert"><span>✕ ${text}</span></p>`)}
      ${files.length === 0
        ? nothing
        : html`<div class="nt-row nt-binder-bar">
              <p class="flex-fill mb-0" role="status">
                ${files.length} tệp, nhận ${taken}${troubled ? html`; <strong>${troubled} tệp có điều cần xem</strong>` : ""}.
                ${this.saved()}
              </p>
              ${troubled
                ? html`<label class="form-check mb-0"
                    ><input
                      class="form-check-input"
                      type="checkbox"
                      .checked=${this.onlyProblems}
                      @change=${(event: Event) => {
                        this.onlyProblems = (event.target as HTMLInputElement).checked;
                        this.requestUpdate();
                      }}
                    />
                    <span>Chỉ xem tệp có điều cần xem</span></label
                  >`
                : nothing}
            </div>
            ${lacking.length
              ? html`<details class="nt-message nt-message-warning">
                  <summary>${lacking.length} nội dung chương trình còn thiếu tài liệu</summary>
                  <ul class="mb-0">
                    ${lacking.map((item) => html`<li>${item.title}: chưa có ${item.lacks.join(", ")}</li>`)}
                  </ul>
                </details>`
              : nothing}
            <ol class="list-unstyled nt-binder-files">
              ${shown.map((row) => fileRow(row, this))}
            </ol>`}
      ${begun && files.length ? this.foot(waiting.length > 0, taken) : nothing}
    `;
  }

  private saved(): TemplateResult | string {
    if (this.corrections.busy) return "Đang lưu…";
    if (!this.open) return "";
    if (this.corrections.count === 0) return "Mọi sửa đổi đã lưu.";
    return html`<strong>${this.corrections.count} sửa đổi CHƯA lưu.</strong>
      <button type="button" class="btn" @click=${() => void this.corrections.again()}>Lưu lại</button>`;
  }

  private dropZone(): TemplateResult {
    const mega = (bytes: number): number => Math.floor(bytes / 1048576);
    const choose = (event: Event): void => {
      const input = event.target as HTMLInputElement;
      this.add([...(input.files ?? [])].map((file) => ({ file, folder: folderOf(file.webkitRelativePath) })));
      input.value = "";
    };
    return html`<div
      class="nt-drop ${this.over ? "is-over" : ""}"
      @dragover=${(event: DragEvent) => this.hover(event, true)}
      @dragleave=${(event: DragEvent) => this.hover(event, false)}
      @drop=${(event: DragEvent) => {
        this.hover(event, false);
        void collect(event.dataTransfer).then((dropped) => this.add(dropped));
      }}
    >
      <p>Kéo tệp nén (.zip), thư mục hoặc các tệp vào đây, hoặc</p>
      <div class="nt-row">
        <label class="btn btn-primary btn-lg"
          >Chọn tệp<input class="visually-hidden" type="file" multiple @change=${choose}
        /></label>
        <label class="btn btn-lg"
          >Chọn thư mục<input class="visually-hidden" type="file" multiple webkitdirectory @change=${choose}
        /></label>
      </div>
      <p class="form-hint">
        Tệp nén tới ${mega(this.state.max_archive)} MB, mỗi tài liệu tới ${mega(this.state.max)} MB. Mạng đứt thì phần
        đã tải vẫn giữ.
      </p>
    </div>`;
  }

  private hover(event: DragEvent, over: boolean): void {
    event.preventDefault();
    this.over = over;
    this.requestUpdate();
  }

  private progress(): TemplateResult | typeof nothing {
    const { waiting } = this.state;
    if (this.queue.tasks.length === 0 && waiting.length === 0) return nothing;
    const done = waiting.reduce((sum, one) => sum + one.done, 0);
    const total = waiting.reduce((sum, one) => sum + one.total, 0);
    return html`<ul class="nt-uploads list-unstyled">
      ${this.queue.tasks.map((task) => uploadLine(task, () => this.queue.again(task), () => this.queue.drop(task)))}
      ${waiting.length
        ? html`<li class="nt-upload">
            <p class="nt-upload-word" role="status">Máy chủ đang xem từng tệp: ${done}/${total}</p>
            <progress class="nt-progress" max=${total} value=${done} aria-label="Máy chủ đang xem từng tệp"></progress>
          </li>`
        : nothing}
    </ul>`;
  }

  private foot(busy: boolean, taken: number): TemplateResult {
    const why = busy || this.queue.tasks.length > 0 ? "Đợi xem xong các tệp rồi ghi." : taken === 0 ? "Chưa nhận tệp nào." : "";
    return html`<section class="card mt-3">
        <div class="card-header"><h3 class="card-title h3">Sửa hàng loạt bằng Excel</h3></div>
        <div class="card-body">
          <p class="nt-row">
            <a class="btn" href=${this.state.urls["sheet"]!} download>Tải bảng kê (Excel)</a>
            <label class="btn"
              >Nhập bảng kê đã sửa<input
                class="visually-hidden"
                type="file"
                accept=".xlsx,.xls,.ods,.csv"
                @change=${(event: Event) => {
                  const input = event.target as HTMLInputElement;
                  if (input.files?.[0]) void this.takeSheet(input.files[0]);
                  input.value = "";
                }}
            /></label>
          </p>
          ${this.faults.length
            ? html`<div class="nt-message nt-message-warning" role="alert">
                <div>
                  <p class="mb-1">Các ô sau chưa nhận được; những dòng khác đã ghi:</p>
                  <ul>
                    ${this.faults.map((fault) => html`<li>Dòng ${fault.line}, cột «${fault.column}»: ${fault.text}</li>`)}
                  </ul>
                  <button type="button" class="btn" @click=${() => void this.sheetBack()}>Tải lại bảng có ghi lỗi</button>
                </div>
              </div>`
            : nothing}
        </div>
      </section>
      <div class="nt-row nt-binder-foot">
        <button
          type="button"
          class="btn btn-lg btn-primary"
          ?disabled=${why !== "" || this.confirming}
          aria-describedby="vi-sao"
          @click=${() => void this.confirm()}
        >
          ${this.confirming ? "Đang ghi…" : `Ghi ${taken} tài liệu vào tập`}
        </button>
        <button type="button" class="btn btn-lg" @click=${() => void this.drop()}>Bỏ lượt nhập</button>
        <span id="vi-sao">${why}</span>
      </div>`;
  }
}

function folderOf(path: string): string {
  return path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
}

customElements.define("nt-binder-import", BinderImport);
