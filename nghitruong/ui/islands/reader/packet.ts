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
