() => {
  // A page without its words: see test_accessibility.py. Of the rows of a list that have one shape
  // three are left standing; none leaves a list that scrolls, which has to be reached by keys.
  const NAMES = /^(id|for|href|src|alt|title|name|value|placeholder|content|action|d)$/;
  const ids = new Map();
  for (const one of document.querySelectorAll("[id]")) ids.set(one.id, (ids.get(one.id) ?? 0) + 1);
  const found = (list) => list.split(/\s+/).every((id) => ids.has(id));
  const attribute = ({ name, value }) => {
    if (name === "id") return ids.get(value) > 1 ? "id twice" : "id";
    if (name === "for" || /^aria-(labelledby|describedby|controls|owns)$/.test(name)) return `${name} ${found(value)}`;
    if (name === "href") return value.startsWith("#") ? `# ${found(value.slice(1))}` : `href ${value !== ""}`;
    if (name === "style") return value.replace(/[\d.]+(?=%|px|rem)/g, "0");
    if (name === "class") return value;
    if (name.startsWith("data-") && /^[a-z_-]{1,20}$/.test(value)) return `${name}=${value}`; // a style may ask for it
    if (NAMES.test(name) || name.startsWith("data-") || name === "aria-label") return `${name} ${value.trim() !== ""}`;
    return `${name}=${value.replace(/\d+/g, "0")}`;
  };
  const shape = (one, inside = false) => {
    const own = [...one.attributes].map(attribute).sort().join(" ");
    const text = [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== "");
    const scrolls = one.scrollHeight > one.clientHeight && /auto|scroll/.test(getComputedStyle(one).overflowY);
    const shapes = [...one.children].map((child) => [child, shape(child, inside || scrolls)]);
    if (!inside && !scrolls && /^(TBODY|UL|OL|DL|SELECT)$/.test(one.tagName)) {
      const seen = new Map();
      for (const [child, own] of shapes) {
        seen.set(own, (seen.get(own) ?? 0) + 1);
        if (seen.get(own) > 3) child.remove();
      }
    }
    const children = [...new Set(shapes.map(([, own]) => own))].join("");
    return `<${one.tagName} ${own}${text ? " T" : ""}${scrolls ? " S" : ""}>${children}</>`;
  };
  return `${document.title.trim() !== ""} ${shape(document.querySelector("main"))}`;
}
