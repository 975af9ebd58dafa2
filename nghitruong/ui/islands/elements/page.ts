// Small behaviours of every page: confirm dialog, menus that close, messages that go, busy buttons,
// print buttons, and htmx's token and errors.
import htmx from "htmx.org";
import { csrfToken } from "../lib/state";
import { t } from "../lib/t";

/** Ask in the page's dialog. Resolves to true only for the "yes" button. */
export function ask(
  question: string,
  { detail = "", yes = "", danger = false }: { detail?: string; yes?: string; danger?: boolean } = {},
): Promise<boolean> {
  const dialog = document.getElementById("nt-confirm") as HTMLDialogElement;
  const part = (name: string): HTMLElement => dialog.querySelector(`[data-part="${name}"]`)!;
  part("title").textContent = question;
  part("detail").textContent = detail;
  part("detail").hidden = detail === "";
  const button = part("yes");
  button.textContent = yes || button.dataset["default"]!;
  button.classList.toggle("btn-danger", danger);
  button.classList.toggle("btn-primary", !danger);
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((done) => {
    dialog.addEventListener("close", () => done(dialog.returnValue === "yes"), { once: true });
  });
}

function askFor(element: HTMLElement): Promise<boolean> {
  return ask(element.dataset["confirm"]!, {
    detail: element.dataset["confirmDetail"] ?? "",
    yes: element.dataset["confirmYes"] ?? "",
    danger: "confirmDanger" in element.dataset,
  });
}

const STAYS = 12_000; // milliseconds a good word stays; a long one longer, for who reads slowly
const PER_LETTER = 120;
const AT_ONCE = 3;
const PASSING = ".nt-message-success:not([data-stays]), .nt-message-info:not([data-stays])";

/** Good words go by themselves once there was time to read them: not under a finger or the keyboard,
 *  not while nobody looks at the page. */
function letGo(item: HTMLElement): void {
  const time = Math.max(STAYS, PER_LETTER * (item.textContent ?? "").trim().length);
  const wait = (): void => {
    if (document.visibilityState === "hidden") document.addEventListener("visibilitychange", wait, { once: true });
    else setTimeout(go, time);
  };
  const go = (): void => {
    if (!item.isConnected) return;
    if (document.visibilityState === "hidden") wait();
    else if (item.matches(":hover") || item.contains(document.activeElement)) setTimeout(go, 2_000);
    else item.remove();
  };
  wait();
}

/** The good words the server wrote into a page that stays open for hours (a screen of a sitting). */
export function letServerMessagesGo(): void {
  document.querySelectorAll<HTMLElement>(`#nt-messages > :is(${PASSING})`).forEach(letGo);
}

/** Room for the newest: older good words go first. A warning or a refusal is never pushed out unread. */
function makeRoom(box: HTMLElement): void {
  const newest = box.lastElementChild;
  for (const item of box.querySelectorAll<HTMLElement>(`:scope > :is(${PASSING})`)) {
    if (box.childElementCount <= AT_ONCE) return;
    if (item !== newest) item.remove();
  }
}

/** Show a message as the server would. `level`: success, info, warning, error. Good words (success,
 *  info) go by themselves, unless `stays`: what is told only here, or is here to be copied. */
export function notify(level: string, text: string, { stays = false } = {}): HTMLElement | null {
  const box = document.getElementById("nt-messages");
  if (!box) return null;
  // Said again: once is enough, as the newest.
  for (const old of box.querySelectorAll<HTMLElement>(`:scope > .nt-message-${level}:not([data-stays], [data-outgoing])`)) {
    if (old.querySelector("p")?.textContent === text) old.remove();
  }
  const item = document.createElement("div");
  item.className = `nt-message nt-message-${level}`;
  item.setAttribute("role", level === "error" ? "alert" : "status");
  const sentence = document.createElement("p");
  sentence.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "nt-message-close";
  close.dataset["ntDismiss"] = "";
  close.setAttribute("aria-label", t("Đóng thông báo"));
  close.textContent = "×";
  item.append(sentence, close);
  if (stays) item.dataset["stays"] = "";
  box.append(item);
  makeRoom(box);
  box.scrollTop = box.scrollHeight; // where there are many, the newest is in sight
  if (item.matches(PASSING)) letGo(item);
  return item;
}

/** A table wider than its place scrolls, so the keyboard must be able to reach it. */
function reachScrolling(): void {
  document.querySelectorAll<HTMLElement>(".nt-table-wrap").forEach((wrap) => {
    if (wrap.scrollWidth > wrap.clientWidth || wrap.scrollHeight > wrap.clientHeight) wrap.tabIndex = 0;
    else wrap.removeAttribute("tabindex");
  });
}

/** Plain http: everything that counts works; what the browser then refuses is said in words. */
function sayWhatIsMissing(): void {
  if (window.isSecureContext) return;
  document.querySelectorAll<HTMLElement>("[data-nt-insecure]").forEach((note) => (note.hidden = false));
}

export function installPage(): void {
  reachScrolling();
  sayWhatIsMissing();
  window.addEventListener("resize", reachScrolling);
  document.addEventListener("htmx:afterSettle", reachScrolling);
  document.addEventListener("submit", (event) => void onSubmit(event), true);
  document.addEventListener("click", onClick);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeMenus(null);
    if (event.key === "/") find(event);
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll<HTMLElement>("[data-nt-sending]").forEach(wake);
  });
  installHtmx();
}

async function onSubmit(event: SubmitEvent): Promise<void> {
  const form = event.target as HTMLFormElement;
  const button = event.submitter as HTMLButtonElement | null;
  const asker = button?.dataset["confirm"] ? button : form.dataset["confirm"] ? form : null;
  if (asker && form.dataset["ntConfirmed"] === undefined) {
    event.preventDefault();
    event.stopPropagation();
    if (await askFor(asker)) {
      form.dataset["ntConfirmed"] = "";
      form.requestSubmit(button);
    }
    return;
  }
  delete form.dataset["ntConfirmed"];
  if (form.method !== "post" || form.hasAttribute("hx-post")) return;
  if (form.dataset["ntSending"] !== undefined) {
    event.preventDefault(); // a double tap sends once
    return;
  }
  form.dataset["ntSending"] = "";
  button?.classList.add("is-sending");
  button?.setAttribute("aria-busy", "true");
  setTimeout(() => wake(form), 15_000); // a lost connection must not lock the form
}

function wake(form: HTMLElement): void {
  delete form.dataset["ntSending"];
  form.querySelectorAll(".is-sending").forEach((button) => {
    button.classList.remove("is-sending");
    button.removeAttribute("aria-busy");
  });
}

function onClick(event: MouseEvent): void {
  const target = event.target as Element;
  target.closest("[data-nt-dismiss]")?.closest(".nt-message")?.remove();
  if (target.closest("[data-nt-print]")) window.print();
  if (target.closest("[data-nt-reload]")) location.reload();
  if (target.closest("[data-nt-back]")) history.back();
  const toggle = target.closest<HTMLElement>("[data-nt-toggle]");
  if (toggle) {
    const open = toggle.getAttribute("aria-expanded") !== "true";
    toggle.setAttribute("aria-expanded", String(open));
    document.getElementById(toggle.dataset["ntToggle"]!)?.classList.toggle("is-open", open);
  }
  closeMenus(target);
}

/** The key «/» goes to the search box, unless it is being typed somewhere. */
function find(event: KeyboardEvent): void {
  const at = event.target as HTMLElement;
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (at.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName)) return;
  const box = document.querySelector<HTMLInputElement>("input[data-nt-find]");
  if (!box || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  box.focus();
  box.select();
}

/** `<details data-nt-menu>` behaves as a menu: a tap elsewhere or Escape closes it. */
function closeMenus(inside: Element | null): void {
  document.querySelectorAll<HTMLDetailsElement>("details[data-nt-menu][open]").forEach((menu) => {
    if (inside && menu.contains(inside)) return;
    menu.open = false;
    if (!inside) menu.querySelector("summary")?.focus();
  });
}

function installHtmx(): void {
  document.addEventListener("htmx:configRequest", (event) => {
    (event as CustomEvent).detail.headers["X-CSRFToken"] = csrfToken();
  });
  document.addEventListener("htmx:confirm", (event) => {
    const { question, issueRequest } = (event as CustomEvent).detail;
    if (!question) return;
    event.preventDefault();
    const element = event.target as HTMLElement;
    void ask(question, {
      detail: element.dataset["confirmDetail"] ?? "",
      yes: element.dataset["confirmYes"] ?? "",
      danger: "confirmDanger" in element.dataset,
    }).then((agreed) => {
      if (agreed) issueRequest(true);
    });
  });
  document.addEventListener("htmx:responseError", (event) => {
    const { xhr } = (event as CustomEvent).detail as { xhr: XMLHttpRequest };
    notify("error", refusal(xhr));
  });
  document.addEventListener("htmx:sendError", () => {
    notify("error", t("Không tới được máy chủ nên việc này chưa được ghi nhận. Kiểm tra mạng rồi thử lại."));
  });
  (window as unknown as { htmx: typeof htmx }).htmx = htmx;
}

/** The server's own sentence when it sent one. */
function refusal(xhr: XMLHttpRequest): string {
  try {
    const message = (JSON.parse(xhr.responseText) as { message?: string }).message;
    if (message) return message;
  } catch {
    // a page, not JSON
  }
  return xhr.status === 403
    ? t("Việc này không được phép với vai của quý vị trên hệ thống.")
    : t("Máy chủ không làm được việc này; chưa có gì được ghi nhận. Hãy tải lại trang rồi thử lại.");
}
