// A date field shows 12/08 or 08/12 as the browser is set, not as the page is: below it stands the day in words.
const FIELDS = ".nt-field input:is([type='date'], [type='datetime-local'])";

/** «Thứ Ba, 08/12/2026», with the hour where the field has one; empty for what is not a date. */
export function inWords(value: string, language: string): string {
  const parts = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d))?$/.exec(value);
  if (!parts) return "";
  const [, year, month, day, hour, minute] = parts;
  const when = new Date(0);
  when.setUTCFullYear(Number(year), Number(month) - 1, Number(day)); // a year of two digits is not 19xx
  const weekday = new Intl.DateTimeFormat(language, { weekday: "long", timeZone: "UTC" }).format(when);
  return `${hour ? `${hour}:${minute}, ` : ""}${weekday}, ${day}/${month}/${year}`;
}

function say(field: HTMLInputElement): void {
  const after = field.nextElementSibling;
  let words = after?.matches(".nt-date-words") ? (after as HTMLElement) : null;
  if (!words) {
    words = document.createElement("span");
    words.className = "form-hint nt-date-words";
    words.setAttribute("aria-hidden", "true"); // the field itself is read out in full
    field.after(words);
  }
  words.textContent = inWords(field.value, document.documentElement.lang || "vi");
}

function sayAll(): void {
  document.querySelectorAll<HTMLInputElement>(FIELDS).forEach((field) => {
    if (!field.closest(".nt-list-tools, .nt-print-form")) say(field); // a row of tools keeps its line
  });
}

export function installDates(): void {
  sayAll();
  document.addEventListener("htmx:afterSettle", sayAll);
  document.addEventListener("input", (event) => {
    const field = event.target as HTMLInputElement;
    if (field.nextElementSibling?.matches(".nt-date-words")) say(field);
  });
}
