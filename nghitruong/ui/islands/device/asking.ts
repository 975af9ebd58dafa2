// A request to speak kept for when the network is back (device/outbox), from the page without network or
// from a hall whose line broke.
import { write } from "./outbox";
import { Store, type Owner } from "./store";
import { untilEnd } from "./words";

export interface Asking extends Record<string, string> {
  sitting: string;
  item: string;
  kind: string;
  hall: string;
}

/** `ends`: the planned end of the sitting; "" where it is not known. */
export async function keepAsking(owner: Owner, fields: Asking, label: string, nonce?: string, sitting = { starts: new Date().toISOString(), ends: "" }): Promise<void> {
  const store = await Store.open(owner.person);
  try {
    await write(store, "ask", `/live/${owner.slug}/ask`, fields, label, untilEnd(sitting), nonce);
  } finally {
    store.close();
  }
}
