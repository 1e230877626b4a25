// One item as a form that stands by itself on paper: what it is, its digests, its chain of custody.
"use strict";

// A value that nobody wrote a form for, as text.
function valueText(value) {
  if (value === null) return "none";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return value.map(valueText).join(", ");
  if (!isObject(value)) return String(value);
  if (isNameValue(value)) return nameText(value);
  return Object.entries(value).map(([key, one]) => `${key} ${valueText(one)}`).join("; ");
}

function nameNode(value) {
  return isText(value) ? shown(value) : element("span", {}, "not UTF-8; its bytes: ", digest(hex(nameBytes(value))));
}

const isMoment = (value) => isText(value) && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(value);
const momentText = (value) => isMoment(value) ? value.replace("T", " ").replace("Z", " UTC") : valueText(value);

function timesText(value) {
  if (!isObject(value)) return valueText(value);
  return Object.entries(value).filter(([, time]) => time !== null).map(([key, time]) => `${key} ${momentText(time)}`).join("; ");
}

function acquiredText(value) {
  if (!isObject(value)) return valueText(value);
  const { at, by: who, method, offset_ms: offset, ...rest } = value;
  return [momentText(at ?? null), who === undefined ? "" : `by ${valueText(who)}`, method === undefined ? "" : `method ${valueText(method)}`,
    offset === undefined ? "" : `${valueText(offset)} ms to add to the source’s clock`,
    Object.keys(rest).length ? valueText(rest) : ""].filter(Boolean).join("; ");
}

// What an item's fields are called, in the order in which they are shown. Others are shown by their key.
const fieldNames = {
  "kind": ["Kind"], "path": ["Path", nameNode], "name": ["Name", nameNode], "source": ["Source", nameNode], "description": ["Description"],
  "tags": ["Tags"], "case": ["Case"], "state": ["State", (value) => stateWords(value).join("; ") || "whole"],
  "size": ["Size", (value) => count(value, "byte")], "file-type": ["File type"], "link-target": ["Link to"],
  "times": ["Times of the file", timesText],
  "acquired": ["Acquired", acquiredText], "tool": ["Tool"], "system": ["What the system told"], "partial": ["Not whole", (value) => partialWords(value)],
  "gaps": ["Gaps", gapsText],
  "count": ["Not taken in"],
  "retain-until": ["Keep until", momentText], "derived": ["Made of"], "attached-to": ["Belongs to"], "segment-of": ["Piece of"],
  "kept-at": ["Kept at"],
  "parts": ["Parts", ({ by: how, count: number }) => `${count(number, how === "lines" ? "line" : "block")}, provable one by one`],
};
const digestNames = { sha256: "SHA-256", sha512: "SHA-512", sha1: "SHA-1", md5: "MD5" };

// By whom it was sealed, where that was on another machine.
function collectedBy({ people }, { value }) {
  if (value.collected === undefined) return undefined;
  try {
    const { collector, number, time } = parseStatement(value.collected, ["collected"], "").value;
    return element("span", {}, "sealed on another machine by ", shown(people.name(collector)), " (", shown(collector),
      `), as number ${number} of its series, ${when(time)}`, value.accepted === undefined ? "" : `; accepted: ${value.accepted.join(", ")}`);
  } catch (error) {
    if (!(error instanceof Finding)) throw error;
    return "on another machine; what was said there is malformed";
  }
}

function withheldOf(fields) {
  const keys = [...fields.hidden].filter((key) => key !== "parts-seed");
  return keys.length ? keys.join(", ") : undefined;
}

// What is told of it.
function describe(model, entry) {
  const { number, fields } = entry, elsewhere = ["Collected", collectedBy(model, entry)];
  const file = ["In the bundle", model.files.has(number) ? `data/${model.files.get(number)}` : undefined];
  if (!fields) {
    const what = model.files.has(number) ? "sealed to the receiver; its name, kind and digests are inside" : "not told in this bundle";
    return pairs([["What it is", what], elsewhere, file]);
  }
  const known = Object.entries(fieldNames).filter(([key]) => fields.told.has(key))
    .map(([key, [name, words]]) => [name, (words ?? valueText)(fields.told.get(key))]);
  const others = [...fields.told].filter(([key]) => !Object.hasOwn(fieldNames, key) && !Object.hasOwn(digestNames, key) && key !== "claimed")
    .map(([key, value]) => [key, valueText(value)]);
  return pairs([...known, ...others, elsewhere, file, ["Withheld", withheldOf(fields)]]);
}

function statedBefore(fields) {
  const claims = fields?.told.get("claimed");
  if (!fields || fields.hidden.has("claimed")) return undefined;
  if (claims === undefined) return "nothing: unchanged since it was taken in, and nothing is known of before";
  if (!Array.isArray(claims) || !claims.every(isObject)) return valueText(claims);
  return element("div", {}, ...claims.map(({ algorithm, value, matched }) => element("div", {}, shown(valueText(algorithm ?? null)), " ",
    element("span", { class: "digest" }, shown(valueText(value ?? null))),
    element("strong", { class: matched === true ? "" : "mismatch" }, matched === true ? " matched" : " DID NOT MATCH"))));
}

function digests({ value, fields, leaf }) {
  const own = Object.entries(digestNames).map(([key, name]) => [name, fields?.told.has(key) ? digest(fields.told.get(key)) : undefined]);
  return pairs([...own, ["Stated before", statedBefore(fields)], ["Leaf in the log", digest(hex(leaf))], ["Header", digest(value.header)],
    ["Layout of its payload", digest(value.payload)], ["List of its fields", digest(value.fields)]]);
}

// Room for what happens on paper, in print only.
function signatureLines() {
  const columns = ["Released by", "Received by", "Date, time, zone", "Purpose", "Signatures"];
  const row = () => element("tr", {}, ...columns.map(() => element("td", {})));
  return element("table", { class: "sign" },
    element("thead", {}, element("tr", {}, ...columns.map((column) => element("th", { scope: "col" }, column)))),
    element("tbody", {}, row(), row(), row()));
}

function itemForm(model, entry, acts) {
  const { number } = entry;
  return element("article", { class: "form", id: `item-${number}` },
    element("header", {},
      element("div", {}, element("p", { class: "over" }, `Entry ${number}`), element("h2", {}, shown(titleText(entry)))),
      element("p", { class: "where" }, tick(number))),
    describe(model, entry),
    element("h3", {}, "Digests"), digests(entry),
    element("h3", {}, "Chain of custody"),
    tableOf("chain", actColumns, acts.map((act) => actRow(model, act))),
    element("h3", { class: "paper" }, "Handed over on paper"), signatureLines(),
    element("p", { class: "paper foot" }, "Entry ", String(number), " of ", shown(model.genesis.value.origin),
      `, a log of ${model.size} entries. Fingerprint `, digest(grouped(model.fingerprint))));
}
