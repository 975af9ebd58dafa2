// Whether this device holds a briefcase; only then more is loaded. The mark lies beside the data, so
// they go together.
export const MARK = "nt_case";

export function holds(): boolean {
  try {
    return window.isSecureContext && localStorage.getItem(MARK) !== null;
  } catch {
    return false;
  }
}

export interface Reader {
  account: string;
  person: string;
  slug: string;
  name: string;
}

/** Who is signed in, as the page says; null on a page that knows nobody of a council. */
export function reader(): Reader | null {
  const about = document.querySelector<HTMLMetaElement>('meta[name="nt-person"]');
  if (!about) return null;
  const { account, slug, name } = about.dataset;
  return { person: about.content, account: account ?? "", slug: slug ?? "", name: name ?? "" };
}

export function keepDevice(): void {
  if (!holds()) return;
  void import("../device/keeper").then(({ keep }) => keep(reader())).catch(() => undefined);
}
