// Arrow keys inside a group of tabs or of radio buttons: one of them is reached by Tab, the others by
// arrows, and the page under them does not turn.
const STEPS: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** Handles `keydown` on the group. A radio button is chosen as it is reached; a tab by Enter or Space. */
export function rove(event: KeyboardEvent): void {
  const group = event.currentTarget as HTMLElement;
  const items = [...group.querySelectorAll<HTMLElement>('[role="tab"], [role="radio"]')];
  const at = items.indexOf(event.target as HTMLElement);
  const step = STEPS[event.key];
  const to = event.key === "Home" ? 0 : event.key === "End" ? items.length - 1 : step === undefined ? -1 : (at + step + items.length) % items.length;
  const next = items[to];
  if (at < 0 || !next) return;
  event.preventDefault();
  event.stopPropagation();
  next.focus();
  if (next.getAttribute("role") === "radio") next.click();
}
