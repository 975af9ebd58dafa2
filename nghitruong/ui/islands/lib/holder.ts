// Whether this device holds a briefcase; only then more is loaded. The mark lies beside the data, so
// they go together.
import { endPush } from "./push";

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
  watchSignOut();
  if (!holds()) return;
  void import("../device/keeper").then(({ keep }) => keep(reader())).catch(() => undefined);
}

let leaving = false; // a second tap meanwhile changes nothing

/** Signing out empties this account's part of the device first; what is not sent yet is asked about.
 *  Listens from the page's first moment, before what marks a form as sent: a tap while the rest is still
 *  loading is held back too. What slips through all the same the worker does (worker/sw.ts). */
export function watchSignOut(): void {
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target as HTMLFormElement;
      if (!/\/dang-xuat\/$/.test(new URL(form.getAttribute("action") ?? "", location.href).pathname)) return;
      if (form.dataset["ntEmptied"] !== undefined) {
        delete form.dataset["ntEmptied"];
        return;
      }
      event.preventDefault();
      event.stopImmediatePropagation();
      if (leaving) return;
      leaving = true;
      void empty().then((gone) => {
        leaving = false;
        if (!gone) return;
        form.dataset["ntEmptied"] = "";
        form.requestSubmit();
      });
    },
    true,
  );
}

/** False: the person stays, for what is not sent. */
async function empty(): Promise<boolean> {
  try {
    if (holds() && !(await (await import("../device/keeper")).signOut())) return false;
  } catch {
    // signing out itself must not fail for it
  }
  await endPush();
  return true;
}
