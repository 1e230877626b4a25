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

const grouped = (text) => text.replace(/(.{8})(?=.)/g, "$1 ");
const digest = (value) => element("span", { class: "digest" }, value);

function pairs(list) {
  return element("dl", { class: "pairs" }, ...list.filter(([, value]) => value !== undefined && value !== null)
    .flatMap(([name, value]) => [element("dt", {}, name instanceof Node ? name : shown(name)),
      element("dd", {}, value instanceof Node ? value : shown(value))]));
}

// Leaves the browser time to draw and to answer.
const breathe = () => new Promise((go) => { setTimeout(go, 0); });

function by({ people }, { value, form }) {
  const another = value.cosigner !== undefined && form !== "custodian rotate" && form !== "recovery";
  const actor = form === "recovery" ? "the recovery key" : people.name(value.actor);
  return element("span", {}, shown(actor), ...another ? [" and ", shown(people.name(value.cosigner))] : []);
}

// What the check will say of an entry.
const tick = (number) => element("span", { class: "tick open", "data-tick": number }, "not yet");

// A cell that knows its column's name, for screens on which a row stands as a list.
const cell = (column, ...content) => element("td", { "data-column": column }, ...content);
const tableOf = (name, columns, rows) => element("table", { class: `${name} rows` },
  element("thead", {}, element("tr", {}, ...columns.map((column) => element("th", { scope: "col" }, column)))),
  element("tbody", {}, ...rows));

const actColumns = ["Entry", "Time", "Act", "By", "Checked"];

function actRow(model, entry) {
  const [word, sentence] = tell(entry, model.people), isBegin = sentence.startsWith(word);  // the word is not said twice
  return element("tr", {}, cell("Entry", String(entry.number)), cell("Time", when(entry.value.time)),
    cell("Act", element("strong", {}, word), isBegin ? "" : ": ", shown(isBegin ? sentence.slice(word.length) : sentence)),
    cell("By", by(model, entry)), cell("Checked", tick(entry.number)));
}

const toldText = (fields, key) => isText(fields?.told.get(key)) ? fields.told.get(key) : undefined;

function titleText({ form, fields }) {
  const name = fields?.told.get("name") ?? fields?.told.get("path");
  if (name !== undefined) return nameText(name);
  if (form === "item") return fields ? "Item, its name withheld" : "Sealed item";
  return fields ? "What was not taken in" : "Sealed list of omissions";
}

// Where it was, under its name: many files are called the same.
function pathText({ fields }) {
  const path = fields?.told.get("path"), name = fields?.told.get("name");
  return path === undefined || name === undefined || same(path, name) ? undefined : nameText(path);
}
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

// How many bytes an item has: the original's, or those of its sealed file.
const bytesOfItem = (model, { number, fields }) => fields?.told.get("size") ?? model.sizes.get(number);

function casesOf(model) {
  const cases = model.asked.flatMap(({ fields }) => fields?.told.get("case") ?? []);
  return [...new Set(cases)];
}

// Who hands this over, to whom and why: as far as the export that the bundle tells of says it.
function handOver(model) {
  const acts = [...model.entries.values()].filter(({ form }) => form === "access");
  const written = acts.filter(({ fields }) => fields?.told.get("act") === "exported").at(-1);
  const begun = written && model.entries.get(written.fields.told.get("export")), fields = begun?.fields;
  if (!begun) return [];
  const { contact } = model.people.find(begun.value.actor) ?? {}, recipients = fields?.told.get("recipients");
  return [["Handed over by", shown([model.people.name(begun.value.actor), contact].filter(Boolean).join(", "))],
    ["To", Array.isArray(recipients) ? shown(recipients.join(", ")) : model.isSealed ? undefined : "whoever is given the folder"],
    ["Why", textField(fields, "purpose") ? shown(textField(fields, "purpose")) : "not told"]];
}

function fillHead(model, data) {
  const { genesis, people } = model, { asked } = model, cases = casesOf(model), missing = model.missing();
  document.title = `Evidence bundle: ${genesis.value.origin}`;
  byId("origin").replaceChildren(shown(genesis.value.origin));
  byId("fingerprint").textContent = grouped(model.fingerprint);
  byId("lead").replaceChildren(`${count(asked.length, "item")} out of a log of ${count(model.size, "entry", "entries")}, `,
    model.isSealed ? "sealed to its receivers" : "plain: whoever has the folder can read it");
  const bytes = asked.reduce((sum, entry) => sum + (bytesOfItem(model, entry) ?? 0), 0), times = asked.map(({ value }) => value.time).sort();
  const facts = [...handOver(model), ["Case", cases.length ? shown(cases.slice(0, 5).join(", ")) : undefined],
    ["Vault made by", shown(people.name(genesis.value.actor))],
    ["Items", `${count(asked.length, "item")}, ${count(bytes, "byte")}${model.isSealed ? " sealed" : ""}`],
    ["Taken in", times.length ? `${when(times[0])}${times.length > 1 ? ` to ${when(times.at(-1))}` : ""}` : undefined],
    ["As of", `entry ${model.size - 1}`],
    ["Entries of which nothing is told", missing.length > 6 ? `${ranges(missing.slice(0, 6))} and more` : ranges(missing) || "none"],
    ["A newer version is needed", model.newerFrom === null ? undefined : `from entry ${model.newerFrom} on`],
    ["Bundle made", shown(when(data.made))]];
  byId("facts").replaceChildren(...facts.filter(([, value]) => value !== undefined)
    .map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, value))));
  byId("checkpoint").textContent = model.checkpoint.replace(hiddenAll, (one) => one === "\n" ? one : "\ufffd").trimEnd();
  byId("made").replaceChildren("Made by ", shown(data.program), " at ", shown(when(data.made)),
    ". This page needs no network and has no leave to use one.");
  byId("sealed-notice").hidden = !model.isSealed;
}

function indexRow(model, entry) {
  const { number, value, form, fields } = entry;
  return element("tr", {}, cell("Entry", element("a", { href: `#item-${number}` }, String(number))),
    cell("Name", shown(titleText(entry)), pathText(entry) && element("span", { class: "path" }, shown(pathText(entry)))), cell("Kind", shown(toldText(fields, "kind") ?? form)),
    element("td", { class: "number", "data-column": "Bytes" }, bytesOfItem(model, entry)?.toLocaleString("en") ?? ""),
    cell("Taken in", when(value.time)), cell("Checked", tick(number)));
}

function keyRow({ people }, [actor, one]) {
  return element("tr", {}, cell("Name", shown([people.name(actor), people.find(actor)?.contact].filter(Boolean).join(", "))),
    cell("Person", String(one.person)), element("td", { class: "digest", "data-column": "Key" }, shown(actor)),
    cell("Roles", one.roles.join(", ")),
    cell("Since", `entry ${one.since}`), cell("Until", one.until === undefined ? "" : `entry ${one.until}`,
      one.compromised === undefined ? "" : `; in other hands since ${when(one.compromised)}`));
}

const atOnce = 100;

// Thousands of rows and forms a few at a time.
async function fill(place, list, make) {
  place.replaceChildren();
  for (let at = 0; at < list.length; at += atOnce) {
    place.append(...list.slice(at, at + atOnce).map(make));
    await breathe();
  }
}

// A form for each of many items is hundreds of pages: then the index alone is printed, unless somebody wants them.
const mostFormsOnPaper = 40;

function choosePrint(items) {
  const wanted = byId("print-forms");
  const apply = () => document.documentElement.classList.toggle("index-alone", !wanted.checked);
  byId("print").hidden = items <= mostFormsOnPaper;
  wanted.checked = items <= mostFormsOnPaper;
  wanted.onchange = apply;
  apply();
}

async function showModel(model, data) {
  const acts = model.actsByItem(), { items } = model;
  fillHead(model, data);
  byId("timeline").replaceChildren(...timeline(model, acts));
  await fill(byId("keys"), [...model.keys()], (key) => keyRow(model, key));
  // What no item's form shows.
  const shownThere = new Set([...acts.values()].flat().filter(({ value }) => !vaultTypes.includes(value.type)));
  await fill(byId("acts"), [...model.entries.values()].filter((entry) => !shownThere.has(entry)), (entry) => actRow(model, entry));
  await fill(byId("index"), items, (entry) => indexRow(model, entry));
  choosePrint(items.length);
  await fill(byId("forms"), items, (entry) => itemForm(model, entry, acts.get(entry.number)));
  document.documentElement.dataset.shown = "all";
}

// Beside a large log the page has no copy of it.
function showNothingYet() {
  byId("lead").textContent = "This bundle is large, and its page holds no copy of the log. Choose the bundle\u2019s folder: "
    + "the page checks it, and shows what is in it.";
  byId("fingerprint").textContent = "known when the folder was chosen";
  document.documentElement.dataset.shown = "nothing";
}

const readData = () => JSON.parse(byId("data").textContent);
const hasCopy = (data) => data.files !== undefined;

function modelOf({ files }) {
  return new Model(new Map(Object.entries(files).map(([name, text]) => [name, encoder.encode(text)])));
}
