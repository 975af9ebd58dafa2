// Words in the reader's language. The source is Vietnamese; a page in another language carries the
// translations of the islands' texts beside it (ui/words.py), so nothing more is loaded.
type Values = Record<string, string | number>;

let book: Record<string, string> | null = null;

/** The text in the page's language, `%(name)s` filled in. */
export function t(text: string, values?: Values): string {
  book ??= JSON.parse(document.getElementById("nt-words")?.textContent || "{}") as Record<string, string>;
  const found = book[text] || text;
  return values ? found.replace(/%\((\w+)\)s/g, (_all, name: string) => String(values[name] ?? "")) : found;
}
