// What the page has to show: its own copy of the files of log/, read by the code that checks a bundle. Nothing of it is
// checked by being read here.
"use strict";

// Acts on the vault itself: those of law, and what is known of the log.
const vaultTypes = [...lawTypes, "timestamp", "lost-head", "run", "reseal", "case"];

class Model {
  // `parts`: the bytes of the files of log/, by name.
  constructor(parts) {
    this.parts = parts;
    this.entries = new Map();  // by position: what parseEntry gives, and `fields`, or null where nothing is told
    this.leaves = new Map();
    this.blocks = parseFieldBlocks(this.part("log/fields"));
    this.files = parseFiles(this.part("log/files"));
    this.newerFrom = null;
    this.people = new People();
    for (const bytes of splitEntries(this.part("log/entries"))) this.take(bytes);
    this.checkpoint = utf8(this.part("log/checkpoint"), "checkpoint-malformed");
    this.size = fromDecimal(this.checkpoint.split("\n")[1] ?? "") ?? 0;
    this.isSealed = parts.has("log/layouts");
    this.layouts = this.isSealed ? splitBlocks(this.part("log/layouts"), /^= ([0-9]+)\n$/, "layout-malformed") : [];
    this.sizes = new Map(this.layouts.map(({ number, lines }) => [number, JSON.parse(latin1(lines[0])).bytes]));
    this.genesis = this.entries.get(0);
    require(this.genesis?.form === "genesis", "genesis-missing", "This page’s own copy of the log does not begin with its first entry.");
    this.fingerprint = hex(this.genesis.leaf);
  }

  part(name) {
    return this.parts.get(name) ?? new Uint8Array(0);
  }

  take(bytes) {
    if (this.newerFrom !== null) {
      this.leaves.set(parseLine(parseNote(bytes, "").text, "").seq, leafHash(bytes));
      return;
    }
    const entry = parseEntry(bytes), lines = this.blocks.get(entry.number);
    entry.fields = lines === undefined ? null : new Fields(lines);
    entry.fields?.checkForms(entry.value.type);
    entry.fields?.items();
    this.leaves.set(entry.number, entry.leaf);
    this.entries.set(entry.number, entry);
    if (entry.form === "upgrade") this.newerFrom = entry.number;
    this.people.learn(entry);
  }

  // Fields that a key showed, of entries that are this page's own.
  learn(opened, leaves) {
    for (const [number, fields] of opened) {
      const entry = this.entries.get(number);
      if (fields && entry && equal(entry.leaf, leaves.get(number))) entry.fields = fields;
    }
  }

  // Items and lists of omissions, which have an original.
  get items() {
    return [...this.entries.values()].filter(({ form }) => withContent.includes(form));
  }

  // Those that were asked for: they have a file here, or are kept elsewhere.
  get asked() {
    return this.items.filter(({ number, fields }) => this.files.has(number) || fields?.told.get("state")?.content === "elsewhere");
  }

  // By item's position, the entries that speak of it in their order: its own is the first.
  actsByItem() {
    const acts = new Map(this.items.map((entry) => [entry.number, [entry]])), items = [...acts.keys()];
    for (const entry of this.entries.values()) {
      for (const [first, last] of itemsOf(entry)) {
        for (let at = firstAtLeast(items, first); items[at] <= last; at += 1) {
          if (items[at] !== entry.number) acts.get(items[at]).push(entry);
        }
      }
    }
    return acts;
  }

  // Positions of the log up to the checkpoint of which the bundle has nothing.
  missing() {
    const missing = [];
    let next = 0;
    for (const number of [...this.leaves.keys(), this.size]) {
      if (number > next) missing.push([next, number - 1]);
      next = number + 1;
    }
    return missing;
  }

  // Keys by actor, from where to where.
  keys() {
    const keys = new Map();
    const replace = (old, key, number) => {
      const before = keys.get(old);
      if (!before) return;
      keys.set(actorOf(key), { ...before, since: number });
      before.until = number;
    };
    for (const { value, form, number } of this.entries.values()) {
      if (isObject(value.custodian)) keys.set(actorOf(value.custodian.key), { ...value.custodian, since: number });
      if (form === "custodian rotate") replace(value.actor, value.new_key, number);
      if (form === "custodian succeed") this.succeed(value, number, replace);
      const retired = keys.get(value.retired);
      if (retired) [retired.until, retired.compromised] = [number, value.compromised_since];
    }
    return keys;
  }

  succeed({ statement }, number, replace) {
    try {
      const { collector, next } = parseStatement(statement, ["collected", "closed"], "").value;
      if (next !== undefined) replace(collector, next, number);
    } catch (error) {
      if (!(error instanceof Finding)) throw error;  // the check says what is wrong with it
    }
  }
}
