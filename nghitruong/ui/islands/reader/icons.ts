import { svg, type SVGTemplateResult, html, type TemplateResult } from "lit";

// Drawn after Tabler's outlines, only those the reader needs.
const PATHS: Record<string, SVGTemplateResult> = {
  left: svg`<path d="M15 6l-6 6l6 6"/>`,
  right: svg`<path d="M9 6l6 6l-6 6"/>`,
  search: svg`<circle cx="10" cy="10" r="7"/><path d="M21 21l-6 -6"/>`,
  list: svg`<path d="M9 6h11M9 12h11M9 18h11M5 6v.01M5 12v.01M5 18v.01"/>`,
  pen: svg`<path d="M4 20h4l10.5 -10.5a2.8 2.8 0 1 0 -4 -4l-10.5 10.5v4M13.5 6.5l4 4"/>`,
  eye: svg`<circle cx="12" cy="12" r="2"/><path d="M21 12c-2.4 4 -5.4 6 -9 6s-6.6 -2 -9 -6c2.4 -4 5.4 -6 9 -6s6.6 2 9 6"/>`,
  mark: svg`<path d="M3 19h4l10.5 -10.5a2.8 2.8 0 1 0 -4 -4l-10.5 10.5zM12.5 5.5l4 4M4.5 13.5l4 4M21 15v4h-8l4 -4z"/>`,
  note: svg`<path d="M8 9h8M8 13h6M18 4a3 3 0 0 1 3 3v8a3 3 0 0 1 -3 3h-5l-5 3v-3h-2a3 3 0 0 1 -3 -3v-8a3 3 0 0 1 3 -3z"/>`,
  bookmark: svg`<path d="M18 7v14l-6 -4l-6 4v-14a4 4 0 0 1 4 -4h4a4 4 0 0 1 4 4z"/>`,
  eraser: svg`<path d="M19 20h-10.5l-4.2 -4.3a1 1 0 0 1 0 -1.4l10 -10a1 1 0 0 1 1.4 0l5 5a1 1 0 0 1 0 1.4l-9.2 9.3M18 13.3l-6.3 -6.3"/>`,
  sound: svg`<path d="M15 8a5 5 0 0 1 0 8M17.7 5a9 9 0 0 1 0 14M6 15h-2a1 1 0 0 1 -1 -1v-4a1 1 0 0 1 1 -1h2l3.5 -4.5a.8 .8 0 0 1 1.5 .5v14a.8 .8 0 0 1 -1.5 .5z"/>`,
  close: svg`<path d="M18 6l-12 12M6 6l12 12"/>`,
  share: svg`<circle cx="6" cy="12" r="3"/><circle cx="18" cy="6" r="3"/><circle cx="18" cy="18" r="3"/><path d="M8.7 10.7l6.6 -3.4M8.7 13.3l6.6 3.4"/>`,
  trash: svg`<path d="M4 7h16M10 11v6M14 11v6M5 7l1 12a2 2 0 0 0 2 2h8a2 2 0 0 0 2 -2l1 -12M9 7v-3h6v3"/>`,
};

export function icon(name: string): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${PATHS[name]}</svg>`;
}
