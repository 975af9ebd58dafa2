/** The first state of an island: the JSON that `{% island %}` put beside the element. */
export function initialState<T>(element: HTMLElement): T | null {
  const id = element.dataset["stateId"];
  const text = id === undefined ? null : document.getElementById(id)?.textContent;
  return text ? (JSON.parse(text) as T) : null;
}

/** The council's slug, from the page. */
export function councilSlug(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="nt-council"]')?.content ?? "";
}

/** Django's token, read at send time (it changes at login). */
export function csrfToken(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";
}

/** A newer one, after a sign-in in another tab: all that the page sends from now on carries it. */
export function renewCsrf(token: string): void {
  document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.setAttribute("content", token);
}

/** Whose page this is; "": of an account that is nobody in the council. */
export function personKey(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="nt-person"]')?.content ?? "";
}
