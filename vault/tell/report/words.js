// What was done, in words: from the public part of an entry, and from what its fields tell.
"use strict";

const when = (time) => time.replace("T", " ").replace(/(\.\d+)?Z$/, " UTC");
const count = (number, one, many = `${one}s`) => `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
const ranges = (list) => list.map(([first, last]) => first === last ? String(first) : `${first}–${last}`).join(", ");
const shortHandle = (name) => name.slice(name.lastIndexOf("/") + 1);
const actorOf = (key) => key.split("+").slice(0, 2).join("+");

// The text of a field behind these words; nothing where it is not told, or is no text.
function textField(fields, key, before = "") {
  const value = fields?.told.get(key);
  return isText(value) ? before + value : "";
}

// The items that an entry speaks of, as ranges.
function itemsOf({ value, fields }) {
  if (isText(value.items)) return parseItems(value.items) ?? [];
  return fields?.items() ?? [];
}

// Whose a key is. An entry names keys by handles that tell nobody anything; fields of the entries that admit them say it.
class People {
  constructor() {
    this.known = new Map();  // by handle: { person, name, organisation, contact }, as far as it is told
  }

  // In the order of the log.
  learn({ value, fields }) {
    if (!isObject(value.custodian)) return;
    const facts = fields?.told.get("custodian"), { person, key } = value.custodian;
    const own = ["name", "organisation", "contact"].filter((word) => isObject(facts) && isText(facts[word]));
    this.known.set(nameOf(actorOf(key)), { person, ...Object.fromEntries(own.map((word) => [word, facts[word]])) });
  }

  find(actor) {
    return this.known.get(nameOf(actor));
  }

  // "Alice Examiner (Acme IR)"; where that is not told, the handle.
  name(actor) {
    const { name, organisation } = this.find(actor) ?? {};
    return name === undefined ? shortHandle(nameOf(actor)) : organisation === undefined ? name : `${name} (${organisation})`;
  }
}

// What a key, or the maker of the bundle, would add.
function notTold({ value, fields }) {
  if (value.fields === undefined) return "";
  if (!fields) return " (the rest is sealed)";
  const keys = [...fields.hidden].filter((key) => key !== "parts-seed");
  return keys.length ? ` (withheld: ${keys.join(", ")})` : "";
}

// Parts of a sentence.
const authorityOf = (fields) => textField(fields, "authority") && ` (authority: ${textField(fields, "authority")})`;
const reasonOf = (fields) => textField(fields, "reason", ": ") + authorityOf(fields);
const sinceOf = ({ compromised_since: since }) => since === undefined ? "" : `; in other hands since ${when(since)}`;
const onItems = (entry, before = " ") => itemsOf(entry).length ? before + ranges(itemsOf(entry)) : "";

function admitted({ person, key, roles }, people) {
  const actor = actorOf(key);
  return `${people.name(actor)}, person ${person}, ${shortHandle(actor)}, as ${roles.join(", ")}`;
}

const stateWords = (state) => [
  state.whole ? "" : "not whole", state.changed ? "it changed while it was read" : "",
  { none: "", matched: "the digests that were claimed matched", differ: "A DIGEST THAT WAS CLAIMED DIFFERS" }[state.claims],
  state.derived ? "made of another item" : "", state.content === "elsewhere" ? "its content is kept elsewhere" : ""].filter(Boolean);

// Text, or the bytes that are no text, in hex.
const nameText = (value) => isText(value) ? value : `bytes ${hex(nameBytes(value))}`;

// Of what an item is not whole, and how much of it was read.
function partialWords(partial, size) {
  if (!isObject(partial) || !isText(partial.why) || partial.bytes === undefined) return "not whole";
  const read = BigInt(partial.bytes);
  if (partial.why === "unreadable")
    return size === undefined ? `has gaps: ${read} bytes of it could be read` : `has gaps: ${BigInt(size) - read} of its ${size} bytes could not be read`;
  if (partial.why === "producer-failed")
    return `the program that made it failed (${partial.exit === undefined ? "by a signal" : `with exit status ${partial.exit}`}) after ${read} bytes`;
  return `cut short (${partial.why}) after ${read} bytes`;
}

// "bytes 4096 to 8191": where zeros stand for what could not be read.
function gapsText(gaps) {
  const most = 20;
  const ranges = gaps.slice(0, most).map(({ at, bytes }) => `${at} to ${BigInt(at) + BigInt(bytes) - 1n}`);
  return `bytes ${ranges.join(", ")}${gaps.length > most ? ` and ${gaps.length - most} more` : ""}`;
}

function ofItem(fields) {
  if (!fields) return "";
  const name = fields.told.get("name"), state = fields.told.get("state"), partial = fields.told.get("partial");
  const words = state === undefined ? [] : stateWords(state);
  if (partial !== undefined) {
    if (words[0] === "not whole") words.shift();
    words.unshift(partialWords(partial, fields.told.get("size")));
  }
  return (name === undefined ? "" : `: ${nameText(name)}`) + words.map((word) => `; ${word}`).join("");
}

function recipientsOf(fields) {
  if (fields.hidden.has("recipients")) return "";
  const list = fields.told.get("recipients");
  return list === undefined ? ", plain" : ` to ${list.join(", ")}`;
}

const accessWords = {
  "read": (entry) => ["read", `read${onItems(entry)}${textField(entry.fields, "purpose", ": ")}`],
  "prove": (entry) => ["proven", `proven${onItems(entry)}${textField(entry.fields, "purpose", ": ")}`],
  "export": (entry) => ["exported", `exported${onItems(entry)}${recipientsOf(entry.fields)}${textField(entry.fields, "purpose", ": ")}`],
  "exported": ({ fields }) => ["export written", `the export${ofExport(fields)} is written`
    + ({ true: "; each item was opened and compared with its fields", false: "; its items were not opened" }[fields.told.get("checked")] ?? "")],
  "export-failed": ({ fields }) => ["not exported", `the export${ofExport(fields)} failed${textField(fields, "why", ": ")}`],
};
const ofExport = (fields) => fields.told.has("export") ? ` of entry ${fields.told.get("export")}` : "";

// What a note says of its items in place of what was known.
function saidAnew(fields) {
  const keys = [...fields?.told.keys() ?? []].filter((key) => key !== "text" && !key.startsWith("items"));
  return keys.length ? ` (said anew: ${keys.join(", ")})` : "";
}

function readersOf(fields) {
  const names = [...fields?.told ?? []].filter(([key, value]) => /^reader-[0-9]+$/.test(key) && isObject(value))
    .map(([, { name, recipient }]) => [name, recipient].find(isText)).filter(Boolean);
  return names.length ? ` to ${names.join(", ")}` : "";
}

function receiverOf(said, fields) {
  const by = fields?.told.get("received-by");
  return isObject(by) && isText(by.name) ? by.name : shortHandle(actorOf(said.received_by));
}

// A word for the act, and the sentence; by the name of its form.
const actWords = {
  "genesis": ({ value }, people) => ["made", `the vault was made by ${admitted(value.custodian, people)}`
    + (value.continues ? `; it goes on from the vault ${value.continues.fingerprint}` : "")],
  "item": ({ value, fields }, people) => {
    const sentence = `taken in${ofItem(fields)}`;
    if (value.collected === undefined) return ["taken in", sentence];
    const { collector, number, time } = parseStatement(value.collected, ["collected"], "").value;
    return ["taken in", `${sentence}; collected by ${people.name(collector)}, number ${number}, ${when(time)}`];
  },
  "omission": ({ fields }) => {
    const left = fields?.told.get("count");
    if (!isNumber(left)) return ["omitted", "a list of what was not taken in"];
    return ["omitted", `${count(left, "input")} ${left === 1 ? "was" : "were"} not taken in`];
  },
  "note": (entry) => ["noted", `noted${onItems(entry, " on ")}${textField(entry.fields, "text", ": ")}${saidAnew(entry.fields)}`],
  "case": ({ fields }) => ["dates", `dates of the case${textField(fields, "case", " ")} recorded`],
  "access": (entry) => (accessWords[entry.fields?.told.get("act")] ?? (() => ["access", "read, proven or exported"]))(entry),
  "transfer": (entry, people) => {
    const { value, fields } = entry, said = parseStatement(value.statement, ["transfer"], "").value;
    const parties = `${people.name(said.released_by)} to ${people.name(said.received_by)}`;
    const rest = textField(fields, "purpose", ": ") + authorityOf(fields) + textField(fields, "condition", "; condition: ")
      + textField(fields, "location", "; at ") + textField(fields, "transport", "; by ");
    if (value.outcome === "accepted") return ["handed over", `handed over${onItems(entry)} from ${parties}${rest}`];
    return [value.outcome, `${value.outcome}: hand-over${onItems(entry, " of ")} from ${parties}${rest}`];
  },
  "receipt": ({ value, fields }) => {
    const said = parseStatement(value.statement, ["receipt"], "").value, found = said.outcome === "holds" ? "held" : "did not hold";
    return ["received", `received by ${receiverOf(said, fields)}, ${when(said.time)}: the bundle ${found}`
      + textField(fields, "failed", "; failed: ") + textField(fields, "finding", ": ")];
  },
  "hold": (entry) => ["held", `held${onItems(entry)}${reasonOf(entry.fields)}`],
  "release": (entry) => ["released", `released${onItems(entry)} of the hold of entry ${entry.value.hold}${reasonOf(entry.fields)}`],
  "shred": (entry) => ["shredded", `shredded${onItems(entry)}${reasonOf(entry.fields)}`],
  "custodian admit": ({ value, fields }, people) => ["admitted", `admitted: ${admitted(value.custodian, people)}${reasonOf(fields)}`],
  "custodian retire": ({ value, fields }, people) => ["retired",
    `retired: ${people.name(value.retired)}, ${shortHandle(value.retired)}${sinceOf(value)}${reasonOf(fields)}`],
  "custodian rotate": ({ value }) => ["new key", `put a new key in its own place: ${shortHandle(actorOf(value.new_key))}`],
  "custodian succeed": ({ value }, people) => {
    const { collector } = parseStatement(value.statement, ["collected", "closed"], "").value;
    return ["new key", `the key of the collector ${people.name(collector)} was replaced by its next`];
  },
  "suspend suspend": ({ value, fields }) => ["suspended", `suspended: person ${value.person}${reasonOf(fields)}`],
  "suspend lift": ({ value, fields }) => ["lifted",
    `lifted the suspension of person ${value.person} (entry ${value.suspend})${reasonOf(fields)}`],
  "rule": ({ value, fields }) => {
    const rule = value.two.length ? `rule: two persons for ${value.two.join(", ")}` : "rule lifted: nothing needs two persons";
    return ["rule", rule + (value.recovery ? "; the recovery key stays" : "") + reasonOf(fields)];
  },
  "reader": ({ value, fields }) => ["readers", `the vault’s key was sealed anew${readersOf(fields)}`
    + (value.recovery ? "; another recovery key" : "") + reasonOf(fields)],
  "reseal": (entry) => {
    const { value, fields } = entry, items = onItems(entry, ": ") + (value.destroy ? "; their earlier headers were destroyed" : "");
    return ["resealed", (value.recipient ? "the vault has another key" : "sealed to another key of the vault") + items + reasonOf(fields)];
  },
  "log-key": ({ value, fields }) => ["new log key",
    `the log’s key was replaced by ${actorOf(value.log[0])}${sinceOf(value)}${reasonOf(fields)}`],
  "recovery": ({ value, fields }, people) => ["recovered",
    `the readers took the vault back with the recovery key and admitted ${admitted(value.custodian, people)}${reasonOf(fields)}`],
  "lost-head": ({ value, fields }) => ["restored",
    `went on from a restored copy, without the head of size ${sizeIn(value.lost)}${reasonOf(fields)}`],
  "timestamp": ({ value }) => ["timestamped", value.renews === undefined ? `timestamped: the log at size ${sizeIn(value.checkpoint)}`
    : `timestamp renewed: that of entry ${value.renews}`],
  "run": ({ value }, people) => {
    const said = parseStatement(value.statement, ["closed"], "").value;
    return ["run closed", `the collector ${people.name(said.collector)} closed a run: its last item is number ${said.up_to}`];
  },
  "statement": (entry) => ["statement", `statement${textField(entry.fields, "act", ": ")}${onItems(entry, " on ")}`],
  "upgrade": ({ value, fields }) => ["upgraded", `from here on the log is of version ${value.version}${reasonOf(fields)}`],
  "closed": ({ value, fields }) => ["closed",
    `the log ends here${value.successor ? `; it goes on in the vault ${value.successor}` : ""}${reasonOf(fields)}`],
};
const sizeIn = (checkpoint) => checkpoint.split("\n")[1] ?? "unknown";

// The word and the sentence for an entry. What it carries may be malformed; then its type has to do.
function tell(entry, people) {
  try {
    const [word, sentence] = actWords[entry.form](entry, people);
    return [word, sentence + notTold(entry)];
  } catch (error) {
    if (!(error instanceof Finding)) throw error;
    return [entry.value.type, `${entry.form}: it carries what is malformed`];
  }
}
