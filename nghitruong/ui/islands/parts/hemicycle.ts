// Seats as people see them from the chair: rows of a half circle, each seat with colour AND mark.
import { html, svg, type TemplateResult } from "lit";

export interface SeatMark {
  name: string;
  group: string;
  label: string;
  mark: string;
  css: string;
}

/** Where `count` seats stand in a half circle of inner radius 1 and outer radius about 2.2. */
export function seatPlaces(count: number): { x: number; y: number; r: number }[] {
  if (count <= 0) return [];
  const rows = Math.max(1, Math.min(9, Math.round(Math.sqrt(count / 2.2))));
  const radii = Array.from({ length: rows }, (_, row) => 1 + (rows === 1 ? 0.6 : (1.2 * row) / (rows - 1)));
  const whole = radii.reduce((sum, radius) => sum + radius, 0);
  let left = count;
  const perRow = radii.map((radius, row) => {
    const seats = row === rows - 1 ? left : Math.min(left, Math.round((count * radius) / whole));
    left -= seats;
    return seats;
  });
  const size = Math.min(rows === 1 ? 0.3 : 0.47 / (rows - 1), ...perRow.map((seats, row) => (Math.PI * radii[row]!) / Math.max(seats, 2) / 2.3));
  return perRow
    .flatMap((seats, row) =>
      Array.from({ length: seats }, (_, index) => {
        const angle = seats === 1 ? Math.PI / 2 : Math.PI - (Math.PI * index) / (seats - 1);
        return { x: radii[row]! * Math.cos(angle), y: -radii[row]! * Math.sin(angle), r: size, angle };
      }),
    )
    .sort((a, b) => b.angle - a.angle || a.y - b.y);
}

export function hemicycle(seats: SeatMark[], summary: string): TemplateResult {
  const places = seatPlaces(seats.length);
  return html`<svg class="nt-hemicycle" viewBox="-2.55 -2.55 5.1 2.85" role="img" aria-label=${summary}>
    ${places.map((place, index) => {
      const seat = seats[index]!;
      return svg`<g class="nt-seat nt-seat-${seat.css}"><title>${seat.name} (${seat.group}): ${seat.label}</title>
        ${
          seat.css === "absent"
            ? svg`<rect x=${place.x - place.r * 0.8} y=${place.y - place.r * 0.8} width=${place.r * 1.6} height=${place.r * 1.6} rx=${place.r * 0.2}></rect>`
            : svg`<circle cx=${place.x} cy=${place.y} r=${place.r}></circle>`
        }
        <text x=${place.x} y=${place.y} font-size=${place.r * 1.2} text-anchor="middle" dominant-baseline="central">${seat.mark}</text></g>`;
    })}
  </svg>`;
}
