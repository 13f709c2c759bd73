"use strict";
// Text from documents is hostile: it is only ever set as textContent.
const data = JSON.parse(document.getElementById("data").textContent);
const changes = data.changes;
const total = changes.rule.length;
const byId = (id) => document.getElementById(id);
// A sentence with its values, in the language of the page.
const t = (sentence, values = {}) => (data.words[sentence] ?? sentence).replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
const number = (value) => value.toLocaleString("en");

// What would be invisible, or would reorder what stands around it, is shown by its code point.
const HIDDEN = /[\u0000-\u0009\u000b-\u001f\u007f-\u00a0\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3000\ufeff\ufff9-\ufffc\ue000-\uf8ff]|\n|\p{Noncharacter_Code_Point}|\p{Surrogate}/gu;
const NAMES = { "\n": "⏎", "\r": "␍", "\t": "⇥", "\u3000": "□" };

function put(parent, text) {
  let at = 0;
  for (const match of text.matchAll(HIDDEN)) {
    parent.append(text.slice(at, match.index));
    const sign = document.createElement("span");
    sign.className = "sign";
    const code = match[0].codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
    sign.textContent = NAMES[match[0]] ?? `[U+${code}]`;
    sign.title = `U+${code}`;
    parent.append(sign);
    at = match.index + match[0].length;
  }
  parent.append(text.slice(at));
  return parent;
}

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function inContext(parent, i) {
  put(parent, changes.left[i]);
  if (changes.applied[i]) {
    if (changes.before[i]) parent.append(put(element("del"), changes.before[i]));
    if (changes.after[i]) parent.append(put(element("ins"), changes.after[i]));
  } else {
    parent.append(put(element("mark"), changes.before[i]));
    if (changes.after[i] !== null) parent.append(" ", put(element("span", "sign"), `(${changes.after[i]}?)`));
  }
  return put(parent, changes.right[i]);
}

// --- the list: only the rows in sight exist ---------------------------------------------------
const list = byId("changes");
const rows = byId("rows");
const MAX_HEIGHT = 8_000_000; // browsers stop near 16 million pixels
let shown = [];
let selected = -1;
let rowHeight = 70;

function matches(i, wanted) {
  return (wanted.rule === "" || data.rules[changes.rule[i]].id === wanted.rule || data.rules[changes.rule[i]].family === wanted.rule)
    && (wanted.file === "" || changes.file[i] === Number(wanted.file))
    && (wanted.kind === "" || (wanted.kind === "changed") === changes.applied[i])
    && changes.confidence[i] >= wanted.from && changes.confidence[i] <= wanted.to
    && (wanted.words === "" || changes.before[i].includes(wanted.words) || (changes.after[i] ?? "").includes(wanted.words)
      || changes.left[i].includes(wanted.words) || changes.right[i].includes(wanted.words)
      || (changes.left[i] + (changes.applied[i] ? changes.after[i] : changes.before[i]) + changes.right[i]).includes(wanted.words));
}

const ORDERS = {
  place: (a, b) => a - b,
  "least-sure": (a, b) => changes.confidence[a] - changes.confidence[b] || a - b,
  rule: (a, b) => changes.rule[a] - changes.rule[b] || a - b,
  length: (a, b) => changes.before[b].length - changes.before[a].length || a - b,
};

function refresh() {
  const [from, to] = byId("sure").value.split("-").map(Number);
  const wanted = { rule: byId("rule").value, file: byId("file").value, kind: byId("kind").value, words: byId("words").value, from, to };
  shown = [];
  for (let i = 0; i < total; i++) if (matches(i, wanted)) shown.push(i);
  shown.sort(ORDERS[byId("order").value]);
  const changed = shown.reduce((sum, i) => sum + changes.applied[i], 0);
  byId("count").textContent = t("{shown} of {total} shown: {changed} changed, {reported} reported only", { shown: number(shown.length), total: number(total), changed: number(changed), reported: number(shown.length - changed) });
  select(-1);
  list.scrollTop = 0;
  layOut();
}

function layOut() {
  const full = shown.length * rowHeight;
  rows.style.height = `${Math.min(full, MAX_HEIGHT)}px`;
  draw();
}

function draw() {
  const full = shown.length * rowHeight;
  const height = Math.min(full, MAX_HEIGHT);
  const room = Math.max(1, height - list.clientHeight);
  const virtualTop = full <= MAX_HEIGHT ? list.scrollTop : (list.scrollTop / room) * (full - list.clientHeight);
  const first = Math.max(0, Math.floor(virtualTop / rowHeight) - 4);
  const last = Math.min(shown.length, Math.ceil((virtualTop + list.clientHeight) / rowHeight) + 4);
  const fragment = document.createDocumentFragment();
  for (let at = first; at < last; at++) {
    const row = rowOf(at);
    row.style.top = `${at * rowHeight - virtualTop + list.scrollTop}px`;
    fragment.append(row);
  }
  rows.replaceChildren(fragment);
}

function rowOf(at) {
  const i = shown[at];
  const row = element("div", "row");
  row.id = `row-${at}`;
  row.dataset.at = at;
  row.setAttribute("role", "option");
  row.setAttribute("aria-setsize", shown.length);
  row.setAttribute("aria-posinset", at + 1);
  row.setAttribute("aria-selected", at === selected);
  const where = element("div", "where");
  where.append(element("span", "rule", data.rules[changes.rule[i]].id));
  where.append(put(element("span", "file"), `${data.files[changes.file[i]].name}:${changes.line[i]}:${changes.column[i]}`));
  where.append(element("span", "sure", `${changes.applied[i] ? t("changed") : t("reported only")}${t(", ")}${changes.confidence[i].toFixed(2)}`));
  row.append(where, inContext(element("div", "text"), i));
  return row;
}

function select(at) {
  selected = at;
  list.setAttribute("aria-activedescendant", at < 0 ? "" : `row-${at}`);
  const detail = byId("detail");
  detail.replaceChildren();
  if (at < 0) return;
  const i = shown[at];
  const rule = data.rules[changes.rule[i]];
  detail.append(element("h3", "", `${rule.id}: ${rule.summary}`), inContext(element("p", "text"), i));
  const facts = element("dl");
  const fact = (name, value) => { facts.append(element("dt", "", name), put(element("dd"), value)); };
  fact(t("Where"), t("{file}, line {line}, column {column}", { file: data.files[changes.file[i]].name, line: changes.line[i], column: changes.column[i] }));
  fact(t("Why"), changes.message[i]);
  if (changes.evidence[i]) fact(t("Evidence"), changes.evidence[i]);
  fact(t("Confidence"), [changes.confidence[i].toFixed(2), t(changes.applicability[i]), changes.applied[i] ? t("changed") : t("reported only")].join(t(", ")));
  detail.append(facts);
  const silence = silenceOf(i);
  if (silence) {
    const leave = element("details");
    leave.append(element("summary", "", t("Leave this place as it was")),
      element("p", "", t("Add this to jiaokan-silences.toml in the folder of the originals, then run the same fix again (in place: undo first):")),
      element("pre", "", silence));
    detail.append(leave);
  }
  if (data.files[changes.file[i]].page) {
    const open = element("button", "page", t("See it on its page"));
    open.addEventListener("click", () => openPage(changes.file[i], i));
    detail.append(open);
  }
}

// A silence of this place alone, as jiaokan-silences.toml has it; none where TOML cannot say it.
const BREAK = /\r\n|\n|\r/;
const LONGEST = 200; // of a text that is only quoted in part
function silenceOf(i) {
  const before = changes.before[i];
  const left = changes.left[i].split(BREAK).at(-1);
  const line = (before + changes.right[i]).split(BREAK)[0].trim();
  const keys = { file: data.files[changes.file[i]].name, rule: data.rules[changes.rule[i]].id };
  if (left) keys.left = left;
  else if (line) keys.line = line;
  if (before.length < LONGEST) keys.text = before;
  if (/\p{Surrogate}/u.test(Object.values(keys).join(""))) return null;
  const string = (value) => JSON.stringify(value).replaceAll("\u007f", "\\u007f");
  return ["[[silence]]", ...Object.entries(keys).map(([key, value]) => `${key} = ${string(value)}`)].join("\n");
}

function move(to) {
  if (!shown.length) return;
  const at = Math.min(shown.length - 1, Math.max(0, to));
  select(at);
  const full = shown.length * rowHeight;
  if (full <= MAX_HEIGHT) {
    if (at * rowHeight < list.scrollTop) list.scrollTop = at * rowHeight;
    if ((at + 1) * rowHeight > list.scrollTop + list.clientHeight) list.scrollTop = (at + 1) * rowHeight - list.clientHeight;
  } else {
    list.scrollTop = (at / shown.length) * (MAX_HEIGHT - list.clientHeight);
  }
  draw();
}

// On paper there is nothing to scroll: the first rows of what is shown stand one under the other.
const PRINTED = 500;
addEventListener("beforeprint", () => {
  const fragment = document.createDocumentFragment();
  const last = Math.min(shown.length, PRINTED);
  for (let at = 0; at < last; at++) fragment.append(rowOf(at));
  if (last < shown.length) {
    fragment.append(element("p", "more", t("{count} more are not printed; filter for those that matter.", { count: number(shown.length - last) })));
  }
  rows.style.height = "auto";
  rows.replaceChildren(fragment);
});
addEventListener("afterprint", layOut);

list.addEventListener("scroll", draw, { passive: true });
list.addEventListener("click", (event) => {
  const row = event.target.closest(".row");
  if (!row) return;
  move(Number(row.dataset.at));
  byId("detail").scrollIntoView({ block: "nearest" });
});
list.addEventListener("keydown", (event) => {
  const page = Math.floor(list.clientHeight / rowHeight);
  const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
  if (event.key in steps) {
    event.preventDefault();
    move(selected + steps[event.key]);
  } else if (event.key === "Enter" && selected >= 0 && data.files[changes.file[shown[selected]]].page) {
    openPage(changes.file[shown[selected]], shown[selected]);
  }
});

// --- the page: both texts side by side -----------------------------------------------------------
const dialog = byId("page");

function openPage(file, focus) {
  const page = data.files[file].page;
  byId("page-name").textContent = data.files[file].name;
  const before = element("div");
  const after = element("div");
  const points = Array.from(page.text); // positions count code points
  const slice = (from, to) => points.slice(from, to).join("");
  let at = 0;
  let target = null;
  for (let i = page.first; i < page.last; i++) {
    if (!changes.applied[i]) continue;
    const same = slice(at, changes.from[i]);
    put(before, same); put(after, same);
    const gone = put(element("del"), changes.before[i]);
    const come = put(element("ins"), changes.after[i]);
    gone.title = come.title = data.rules[changes.rule[i]].id;
    before.append(gone); after.append(come);
    if (i === focus) target = [gone, come];
    at = changes.to[i];
  }
  put(before, slice(at)); put(after, slice(at));
  // Line breaks show as breaks here, beside their sign.
  for (const side of [before, after]) for (const sign of side.querySelectorAll(".sign")) if (sign.textContent === "⏎") sign.after(element("br"));
  byId("page-before").replaceChildren(before);
  byId("page-after").replaceChildren(after);
  dialog.showModal();
  if (target) for (const mark of target) mark.scrollIntoView({ block: "center" });
  else for (const id of ["page-before", "page-after"]) byId(id).scrollTop = 0;
}

byId("close").addEventListener("click", () => dialog.close());
let scrolling = null;
for (const [one, other] of [["page-before", "page-after"], ["page-after", "page-before"]]) {
  byId(one).addEventListener("scroll", () => {
    if (scrolling === one) { scrolling = null; return; }
    const from = byId(one), to = byId(other);
    const share = from.scrollTop / Math.max(1, from.scrollHeight - from.clientHeight);
    const top = Math.round(share * (to.scrollHeight - to.clientHeight));
    if (Math.abs(to.scrollTop - top) > 1) { scrolling = other; to.scrollTop = top; }
  }, { passive: true });
}

// --- controls ------------------------------------------------------------------------------------
for (const id of ["rule", "file", "kind", "sure", "order"]) byId(id).addEventListener("change", refresh);
let waiting;
byId("words").addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(refresh, 120); });
byId("clear").addEventListener("click", () => {
  for (const id of ["rule", "file", "kind", "words"]) byId(id).value = "";
  byId("sure").value = "0-1";
  byId("order").value = "place";
  refresh();
});
for (const button of document.querySelectorAll("button[data-rule], button[data-file]")) {
  button.addEventListener("click", () => {
    if (button.dataset.rule !== undefined) byId("rule").value = button.dataset.rule;
    if (button.dataset.file !== undefined) byId("file").value = button.dataset.file;
    refresh();
    byId("list").scrollIntoView();
    list.focus({ preventScroll: true });
  });
}
for (const button of document.querySelectorAll("button[data-page]")) button.addEventListener("click", () => openPage(Number(button.dataset.page), -1));
byId("theme").addEventListener("click", () => {
  const dark = document.documentElement.dataset.theme === "dark"
    || (!document.documentElement.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "light" : "dark";
});
addEventListener("resize", layOut);
rowHeight = 4.4 * parseFloat(getComputedStyle(document.documentElement).fontSize);
refresh();
