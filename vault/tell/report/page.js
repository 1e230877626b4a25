// What the page shows: the entries that it holds, made into a document. Whatever comes from the evidence
// becomes text of a text node; nothing is ever parsed as HTML.
"use strict";

const byId = (id) => document.getElementById(id);

function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key === "class") made.className = value;
    else made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

// Characters that are not seen, or turn the others around.
const hidden = "[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}\\p{Co}\\u115f\\u1160\\u3164\\uffa0\\u2800\\u{1d159}]";
const hiddenApart = new RegExp(`(${hidden})`, "u"), hiddenAlone = new RegExp(`^${hidden}$`, "u");
const hiddenAll = new RegExp(hidden, "gu");

// Text that may be hostile: what is not seen is named, and the whole is kept from the text around it.
function shown(text) {
  return element("bdi", {}, ...String(text).split(hiddenApart).filter(Boolean).map((part) => {
    if (!hiddenAlone.test(part)) return part;
    const code = part.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
    return element("span", { class: "control" }, `U+${code}`);
  }));
}

const when = (time) => time.replace("T", " ").replace(/\.\d+Z$/, " UTC");
const count = (number, one, many = `${one}s`) => `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
const grouped = (text) => text.replace(/(.{8})(?=.)/g, "$1 ");
const digest = (value) => element("span", { class: "digest" }, value);
const joined = (ranges) => ranges.map(([first, last]) => first === last ? String(first) : `${first}–${last}`).join(", ");

function pairs(list) {
  return element("dl", { class: "pairs" }, ...list.filter(([, value]) => value !== undefined && value !== null)
    .flatMap(([name, value]) => [element("dt", {}, name),
      element("dd", {}, value instanceof Node ? value : shown(value))]));
}

// Leaves the browser time to draw and to answer.
const breathe = () => new Promise((go) => { setTimeout(go, 0); });

// The page's own copy of the bundle's entries.
class Model {
  constructor(data) {
    this.data = data;
    this.entries = new Map();
    for (const { entry, metadata, asked } of data.entries) {
      const bytes = encoder.encode(entry);
      const parsed = parseEntry(bytes);
      this.entries.set(parsed.said.seq, { ...parsed, bytes, entry, metadata, asked: asked === true,
        known: metadata === undefined ? null : JSON.parse(metadata) });
    }
    this.genesis = this.entries.get(0).said;
    this.sealed = [...this.entries.values()].filter(({ said }) => sealedTypes.includes(said.type));
    this.asked = this.sealed.filter(({ asked }) => asked);
    this.size = Number(data.checkpoint.split("\n")[1]);
    this.acts = this.actsByItem();
    this.keyList = this.keys();
  }

  // By item's position, the entries that speak of it in their order: its own is the first.
  actsByItem() {
    const acts = new Map(this.sealed.map((entry) => [entry.said.seq, [entry]]));
    const items = [...acts.keys()];
    for (const entry of this.entries.values()) {
      for (const [first, last] of itemsOf(entry.said)) {
        for (let at = firstAtLeast(items, first); at < items.length && items[at] <= last; at += 1) {
          if (items[at] !== entry.said.seq) acts.get(items[at]).push(entry);
        }
      }
    }
    return acts;
  }

  // Positions of the log up to the checkpoint of which the bundle has nothing.
  missing() {
    const ranges = [];
    let next = 0;
    for (const number of [...this.entries.keys(), this.size]) {
      if (number > next) ranges.push([next, number - 1]);
      next = number + 1;
    }
    return ranges;
  }

  // Keys by actor, from where to where.
  keys() {
    const keys = new Map([[this.genesis.actor, { ...this.genesis.custodian, since: 0 }]]);
    for (const { said, form } of this.entries.values()) {
      const old = keys.get(form === "custodian retire" ? said.key : said.actor);
      if (form === "custodian admit") {
        keys.set(said.custodian.key.split("+").slice(0, 2).join("+"), { ...said.custodian, since: said.seq });
      }
      if (form === "custodian rotate" && old) keys.set(said.cosigner, { ...old, key: said.key, since: said.seq });
      if ((form === "custodian rotate" || form === "custodian retire") && old) {
        [old.until, old.compromised] = [said.seq, said.compromised_since];
      }
    }
    return keys;
  }

  nameOf(actor) {
    return this.keyList.get(actor)?.name ?? actor;
  }
}

function by(model, said) {
  const another = said.cosigner !== undefined && !(said.type === "custodian" && said.act === "rotate");
  return element("span", {}, shown(model.nameOf(said.actor)),
    ...another ? [" and ", shown(model.nameOf(said.cosigner))] : []);
}

// What the check will say of an entry.
const tick = (number) => element("span", { class: "tick open", "data-tick": number }, "not yet");

// A cell that knows its column's name, for screens on which a row stands as a list.
const cell = (column, ...content) => element("td", { "data-column": column }, ...content);
const tableOf = (name, columns, rows) => element("table", { class: `${name} rows` },
  element("thead", {}, element("tr", {}, ...columns.map((column) => element("th", { scope: "col" }, column)))),
  element("tbody", {}, ...rows));

const actColumns = ["Entry", "Time", "Act", "By", "Checked"];

function actRow(model, { said }) {
  const [word, text] = tell(said);
  return element("tr", {}, cell("Entry", String(said.seq)), cell("Time", when(said.time)),
    cell("Act", element("strong", {}, word), text ? ": " : "", shown(text)), cell("By", by(model, said)),
    cell("Checked", tick(said.seq)));
}

function title({ said, known }) {
  if (known) return shown(known.name);
  return document.createTextNode({ item: "Sealed item", omission: "Sealed list of omissions", note: "Sealed note" }[said.type]);
}

function fillHead(model) {
  const { data, genesis } = model;
  document.title = `Evidence bundle: ${genesis.origin}`;
  byId("origin").replaceChildren(shown(genesis.origin));
  const bytes = model.asked.reduce((sum, { known, said }) => sum + (known ? known.size : said.payload.bytes), 0);
  const cases = [...new Set(model.asked.map(({ known }) => known?.case).filter(Boolean))];
  byId("lead").replaceChildren(`${count(model.asked.length, "item")} out of a log of ${count(model.size, "entry", "entries")}, `,
    data.plain ? "plain: whoever has the folder can read it" : "sealed to its receivers");
  const times = model.asked.map(({ said }) => said.time).sort();
  const missing = model.missing();
  const facts = [["Case", cases.length ? shown(cases.slice(0, 5).join(", ")) : undefined],
    ["Vault made by", shown([genesis.custodian.name, genesis.custodian.organisation].filter(Boolean).join(", "))],
    ["Items", `${count(model.asked.length, "item")}, ${count(bytes, "byte")}`],
    ["Taken in", times.length ? `${when(times[0])}${times.length > 1 ? ` to ${when(times.at(-1))}` : ""}` : undefined],
    ["Items asked for from", `entries ${data.range}`],
    ["Entries not in this bundle", missing.length > 6 ? `${joined(missing.slice(0, 6))} and more` : joined(missing) || "none"],
    ["Bundle made", when(data.made)]];
  byId("facts").append(...facts.filter(([, value]) => value !== undefined)
    .map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, value))));
  byId("checkpoint").textContent = data.checkpoint.replace(hiddenAll, (one) => one === "\n" ? one : "\ufffd").trimEnd();
  byId("made").textContent = `Made by ${data.program} at ${when(data.made)}. `
    + "This page needs no network and has no leave to use one.";
  byId("sealed-notice").hidden = data.plain;
}

function indexRow(entry) {
  const { said, known } = entry;
  return element("tr", {}, cell("Entry", element("a", { href: `#item-${said.seq}` }, String(said.seq))),
    cell("Name", title(entry)), cell("Kind", known ? shown(known.kind) : said.type),
    element("td", { class: "number", "data-column": "Bytes" }, (known ? known.size : said.payload.bytes).toLocaleString("en")),
    cell("Taken in", when(said.time)), cell("Checked", tick(said.seq)));
}

function keyRow([actor, one]) {
  return element("tr", {}, cell("Name", shown([one.name, one.organisation].filter(Boolean).join(", "))),
    element("td", { class: "digest", "data-column": "Key" }, shown(actor)), cell("Roles", one.roles.join(", ")),
    cell("Since", `entry ${one.since}`), cell("Until", one.until === undefined ? "" : `entry ${one.until}`,
      one.compromised === undefined ? "" : `; others may have had it since ${when(one.compromised)}`));
}

const atOnce = 100;

// Thousands of rows and forms a few at a time.
async function fill(place, list, make) {
  for (let at = 0; at < list.length; at += atOnce) {
    place.append(...list.slice(at, at + atOnce).map(make));
    await breathe();
  }
}

async function showPage() {
  const model = new Model(JSON.parse(byId("data").textContent));
  for (const entry of model.entries.values()) entry.leaf = hex(await leafHash(entry.bytes));
  byId("fingerprint").textContent = grouped(model.entries.get(0).leaf);
  fillHead(model);
  byId("timeline").append(...timeline(model));
  await fill(byId("keys"), [...model.keyList], keyRow);
  const acts = [...model.entries.values()].filter(({ said }) => vaultTypes.includes(said.type));
  await fill(byId("acts"), acts, (entry) => actRow(model, entry));
  await fill(byId("index"), model.sealed, indexRow);
  await fill(byId("forms"), model.sealed, (entry) => form(model, entry));
  document.documentElement.dataset.shown = "all";
  return model;
}
