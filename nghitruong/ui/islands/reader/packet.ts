// The packet's own page numbers, the same on screen and in print.
import type { PacketPages } from "./types";

/** Where that page of the packet is: page of this paper, or an address; null: nowhere for this person. */
export function placeOf(packet: PacketPages, asked: number): number | string | null {
  const found = packet.papers.find(([first, last]) => first <= asked && asked <= last);
  if (!found) return null;
  const [first, , url] = found;
  const page = asked - first + 1;
  return first === packet.first ? page : `${url}#trang=${page}`;
}

/** What an address means from here. `again`: it is this very one, which a browser would not load anew for
 *  another page alone. `absent`: of this paper, but without network only the text shown is here, and the
 *  numbers are of another one. */
export function wayTo(address: string, here: string, offline: boolean): "go" | "again" | "absent" {
  const [to, from] = [new URL(address, here), new URL(here)];
  if (to.pathname !== from.pathname) return "go";
  if (offline) return "absent";
  return to.search === from.search ? "again" : "go";
}
