// Who may sign what, and what may be done to which item, replayed over the entries in their order
// (docs/FORMAT.md, "Who may sign what"); and an act in words.
"use strict";

const signsAlone = { "item": ["custodian", "collector"], "omission": ["custodian", "collector"], "custodian retire": ["custodian"],
  "transfer": ["custodian"], "access read": ["custodian"], "access export": ["custodian"], "access export-failed": ["custodian"],
  "note": ["custodian"], "hold": ["custodian"], "timestamp": ["custodian", "collector"], "recovery": ["custodian"], "log-key": ["custodian"],
  "receipt": ["custodian"], "case": ["custodian"] };
// Who may have a cosigner, and what a rule calls the act.
const mayHaveAnother = { "custodian admit": "custodian", "release": "release", "shred": "shred", "reader": "reader",
  "reseal": "reseal", "rule": null };
const notOfTheShredded = ["hold", "access read", "access export", "transfer", "shred", "reseal"];

class Custody {
  constructor({ origin, recipient }, logKey) {
    this.origin = origin;
    this.logKeys = new LogKeys(logKey);
    this.vaultKeys = [{ since: 0, recipient }];  // what items are sealed to
    this.collected = new Set();    // collectors with their numbers
    this.signedBy = new Map();     // by actor: positions, ascending
    this.compromised = [];         // { key, since, entry }
    this.stamps = new Set();       // positions of timestamps
    this.members = new Map();      // by actor: those who may act now
    this.knownKeys = new Set();    // those who ever might: a key never comes back
    this.knownActors = new Set();
    this.two = [];
    this.holds = new Map();
    this.shredded = new Map();
    this.statements = new Set();
    this.entries = new Map();      // by position: { type, leaf }
    this.bare = [];                // positions of those without a sealed file, ascending
  }

  admit(key, roles) {
    const bytes = hex(key.public);
    require(!this.knownKeys.has(bytes) && !this.knownActors.has(key.actor), `${excerpt(key.actor)} was admitted before`);
    this.knownKeys.add(bytes);
    this.knownActors.add(key.actor);
    this.members.set(key.actor, { key, roles });
  }

  member(actor, role = null) {
    const member = this.members.get(actor);
    require(member, `${excerpt(actor)} is not admitted there`);
    require(role === null || member.roles.includes(role), `${excerpt(actor)} is not a ${role}`);
    return member;
  }

  custodians() {
    return [...this.members].filter(([, member]) => member.roles.includes("custodian")).map(([actor]) => actor);
  }

  // Makes an entry known to those behind it, so that they can name it.
  take(number, said, leaf) {
    this.entries.set(number, { type: said.type, leaf });
    if (!sealedTypes.includes(said.type)) this.bare.push(number);
  }

  // Checks an entry against all before it, and does what it says. What breaks a rule is not done.
  async follow(entry) {
    const { said, note, form } = entry;
    await verifySigners(note, await this.signers(form, said), "the entry");
    const key = form === "custodian retire" ? said.key : this.logKeys.current.actor;
    await this.change(form, said);
    this.noteSigners(form, said);
    if (said.compromised_since !== undefined) this.compromised.push({ key, since: said.compromised_since, entry: said.seq });
  }

  noteSigners(form, said) {
    const signers = new Set([said.actor, said.cosigner ?? said.actor]);
    if (form === "transfer") {
      const { statement } = parseStatement(said);
      signers.add(statement.released_by);
      if (said.outcome === "accepted") signers.add(statement.received_by);
    }
    for (const actor of signers) {
      if (!this.signedBy.has(actor)) this.signedBy.set(actor, []);
      this.signedBy.get(actor).push(said.seq);
    }
  }

  // By position, since when others had a key that signed the entry: it is valid only if it was made before, and
  // nothing in a bundle shows when it was (docs/FORMAT.md, "Keys that others had too").
  validOnlyIfBefore() {
    const doubtful = new Map();
    for (const { key, since } of this.compromised) {
      for (const number of this.signedBy.get(key) ?? []) {
        if (!(doubtful.get(number) <= since)) doubtful.set(number, since);
      }
    }
    return doubtful;
  }

  async change(form, said) {
    if (said.type === "custodian") return this.changeMembers(said);
    if (form === "rule") {
      require(!said.two.length || this.custodians().length > 1, "asks for two custodians where there is one");
      this.two = said.two;
      return undefined;
    }
    if (form === "transfer") return this.transfer(said);
    if (form === "timestamp") return this.stamp(said);
    if (form === "recovery") return this.ownCheckpoint(said.lost);
    if (form === "log-key") return this.replaceLogKey(said);
    if (form === "item") return said.collected === undefined ? undefined : this.collect(said);
    if (form === "reseal") return this.reseal(said);
    if (form === "receipt") return this.receive(said);
    if (form === "omission" || form === "reader" || form === "case") return undefined;
    return this.changeItems(form, said.seq, form === "shred" ? [[said.item, said.item]] : parseItems(said.items));
  }

  // The keys that must have signed, in their order.
  async signers(form, said) {
    const actor = this.member(said.actor);
    if (form === "custodian rotate") {
      require(actor.roles.includes("custodian") || actor.roles.includes("collector"), "is of one who has no key to replace");
      const key = await parseKey(said.key);
      require(said.cosigner === key.actor, "is not signed by the new key");
      return [actor.key, key];
    }
    require((signsAlone[form] ?? ["custodian"]).some((role) => actor.roles.includes(role)), `is of one who may not sign a ${form}`);
    if (form === "log-key") {
      require(said.cosigner === undefined, "has a cosigner, which a log-key never has");
      return [actor.key, this.logKeys.current, await parseKey(said.log)];
    }
    if (said.cosigner === undefined) {
      const needsTwo = form === "rule" ? this.two.length > 0 : this.two.includes(mayHaveAnother[form]);
      require(!needsTwo, "is signed by one where a rule asks for two");
      return [actor.key];
    }
    require(Object.hasOwn(mayHaveAnother, form), `has a cosigner, which a ${form} never has`);
    require(said.cosigner !== said.actor, "is signed twice by the same");
    return [actor.key, this.member(said.cosigner, "custodian").key];
  }

  async changeMembers(said) {
    if (said.act === "admit") return this.admit(await parseKey(said.custodian.key), said.custodian.roles);
    if (said.act === "retire") {
      this.member(said.key);
      require(!equal(this.custodians(), [said.key]), "retires the last custodian");
    } else {
      this.admit(await parseKey(said.key), this.members.get(said.actor).roles);
    }
    this.members.delete(said.act === "retire" ? said.key : said.actor);
    return undefined;
  }

  checkNamed(number, ranges) {
    require(ranges.at(-1)[1] < number, "names an entry that is not earlier");
    for (const [first, last] of ranges) {
      const bare = this.bare[firstAtLeast(this.bare, first)];
      require(!(bare <= last), `names entry ${bare}, which has no sealed file`);
    }
  }

  changeItems(form, number, ranges) {
    this.checkNamed(number, ranges);
    const items = ranges.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, at) => first + at));
    for (const item of items) {
      const held = this.holds.get(item) ?? 0;
      require(!notOfTheShredded.includes(form) || !this.shredded.has(item), `is a ${form} of item ${item}, which was shredded`);
      require(form !== "shred" || !held, `shreds item ${item}, which is held`);
      require(form !== "release" || held, `releases item ${item}, which is not held`);
    }
    const step = { hold: 1, release: -1 }[form] ?? 0;
    for (const item of step ? items : []) this.holds.set(item, (this.holds.get(item) ?? 0) + step);
    for (const item of form === "shred" ? items : []) this.shredded.set(item, number);
  }

  // An item that was sealed elsewhere: by whom, and its number in his series, which is used once.
  async collect(said) {
    const { statement, note } = parseCollected(said);
    require(statement.origin === this.origin, "the collector's statement is of another vault");
    require(statement.header === said.header && JSON.stringify(statement.payload) === JSON.stringify(said.payload),
      "the collector's statement is of another sealed file");
    require(statement.recipient === this.vaultKeys.at(-1).recipient, "the collector's statement is of an item sealed to another key");
    const collector = this.member(statement.collector);
    require(collector.roles.some((role) => role !== "witness"), "is of one who may not collect");
    await verifySigners(note, [collector.key], "the collector's statement");
    const number = `${statement.collector} ${statement.number}`;
    require(!this.collected.has(number), `has number ${statement.number} of its collector again`);
    this.collected.add(number);
  }

  // To a new key of the vault, or more items to the present one.
  reseal(said) {
    const { since, recipient } = this.vaultKeys.at(-1);
    const ranges = said.items === undefined ? null : parseItems(said.items);
    if (ranges) this.changeItems("reseal", said.seq, ranges);
    if (said.recipient === recipient) {
      require(!ranges || ranges.at(-1)[1] < since, `reseals item ${ranges?.at(-1)[1]}, which is sealed to this key`);
      return;
    }
    require(this.vaultKeys.every((key) => key.recipient !== said.recipient), "has a key that was the vault's before");
    this.vaultKeys.push({ since: said.seq, recipient: said.recipient });
  }

  // A checkpoint that this log signed, at its size.
  async ownCheckpoint(text) {
    const note = parseNote(encoder.encode(text), "the checkpoint in it");
    const checkpoint = await this.logKeys.open(note, "the checkpoint in it");
    require(checkpoint.origin === this.origin, "the checkpoint in it is of another log");
    return { checkpoint, note };
  }

  async stamp(said) {
    if (said.renews !== undefined) {
      require(this.stamps.has(said.renews), `renews entry ${said.renews}, which is no timestamp`);
    } else {
      const { checkpoint, note } = await this.ownCheckpoint(said.checkpoint);
      require(note.lines.length === 1, "stamps a checkpoint with other signatures than the log's");
      require(checkpoint.size > 0 && checkpoint.size <= said.seq, "stamps a checkpoint that is not one before it");
    }
    this.stamps.add(said.seq);
  }

  async replaceLogKey(said) {
    const key = await parseKey(said.log);
    require(key.name === this.origin, "has a log key of another name than the vault");
    require(!this.logKeys.knows(key) && !this.knownKeys.has(hex(key.public)), "has a key that was the log's or a custodian's before");
    this.logKeys.rows.push([said.seq, key]);
  }

  async receive(said) {
    const { receipt, note } = parseReceipt(said);
    require(receipt.origin === this.origin, "is of another vault's receipt");
    await verifySigners(note, [await parseKey(receipt.received_by)], "the receipt");
    const { checkpoint, note: signed } = await this.ownCheckpoint(receipt.checkpoint);
    require(signed.lines.length === 1, "has a receipt whose checkpoint has other signatures than the log's");
    require(checkpoint.size <= said.seq, "has a receipt of a checkpoint that is not one before it");
    require(this.knownActors.has(receipt.made_by), `has a receipt of a bundle by ${excerpt(receipt.made_by)}, who is not known there`);
    require(!this.statements.has(note.text), "uses a receipt for the second time");
    this.changeItems("receipt", said.seq, parseItems(receipt.items));
    this.statements.add(note.text);
  }

  async transfer(said) {
    const { statement, note } = parseStatement(said);
    require(statement.origin === this.origin, "is of another vault's statement");
    const released = this.member(statement.released_by, "custodian"), received = this.member(statement.received_by, "custodian");
    require(released !== received, "hands over to the one who has it");
    await verifySigners(note, said.outcome === "accepted" ? [released.key, received.key] : [released.key], "the statement");
    require(!this.statements.has(note.text), "uses a statement for the second time");
    const ranges = parseItems(statement.items);
    this.changeItems("transfer", said.seq, ranges);
    const tree = new TreeHash();
    let all = true;
    for (const [first, last] of ranges) {
      for (let item = first; all && item <= last; item += 1) {
        all = this.entries.has(item);
        if (all) await tree.add(this.entries.get(item).leaf);
      }
    }
    require(!all || hex(await tree.root()) === statement.leaves, "is a statement of other items");
    this.statements.add(note.text);
  }
}

// The items that an entry speaks of, as ranges.
function itemsOf(said) {
  if (said.type === "shred") return [[said.item, said.item]];
  if (said.type === "transfer") return parseItems(parseStatement(said).statement.items) ?? [];
  if (said.type === "receipt") return parseItems(parseReceipt(said).receipt.items) ?? [];
  return isText(said.items) ? parseItems(said.items) ?? [] : [];
}

const readersOf = ({ readers }) => readers.map(({ name, recipient }) => name ?? recipient).join(", ");

// What was done: a word for it, and the rest of the sentence.
function tell(said) {
  const others = said.compromised_since === undefined ? "" : `; others may have had it since ${when(said.compromised_since)}`;
  const under = `${said.reason} (authority: ${said.authority})`;
  switch (formOf(said)) {
    case "genesis": return ["made", `the vault was made by ${said.custodian.name}${said.readers ? `, for ${readersOf(said)} to read` : ""}`];
    case "item": {
      if (said.collected === undefined) return ["taken in", "sealed and entered in the log"];
      const { collector, number, time } = parseCollected(said).statement;
      return ["taken in", `sealed elsewhere by ${collector}, as its number ${number}, ${when(time)}`];
    }
    case "omission": return ["omitted", `${said.count} not taken in`];
    case "note": return ["noted", `a note on ${said.items}, sealed`];
    case "custodian admit": return ["admitted", `${said.custodian.name} as ${said.custodian.roles.join(", ")}`];
    case "custodian retire": return ["retired", `${said.key}: ${said.reason}${others}`];
    case "custodian rotate": return ["new key", "the key gave its place to another"];
    case "timestamp": return ["timestamped", said.renews === undefined ? `the log of ${said.checkpoint.split("\n")[1]} entries, by an authority` : `entry ${said.renews}, again`];
    case "recovery": return ["recovered", `the log goes on behind a copy that was restored: ${said.reason}`];
    case "log-key": return ["new log key", `another key signs the checkpoints from here on${others && `; of the one before${others.slice(1)}`}`];
    case "reader": return ["readers", `from here on ${readersOf(said)}`];
    case "reseal": return said.items === undefined ? ["new vault key", `what is taken in is sealed to ${said.recipient}`]
      : ["resealed", `${said.items} for the vault’s key ${said.recipient}; contents and proofs stay`];
    case "receipt": {
      const { receipt } = parseReceipt(said);
      return ["received", `a bundle, by ${receipt.received_by.split("+").slice(0, 2).join("+")}, ${when(receipt.time)}: `
        + (receipt.finding === undefined ? "it held" : `it did not hold: ${receipt.finding}`)];
    }
    case "case": return ["dates", "of the case, sealed"];
    case "rule": return ["rule", said.two.length ? `two custodians for ${said.two.join(", ")}` : "nothing needs two custodians"];
    case "hold": return ["held", under];
    case "release": return ["released", under];
    case "shred": return ["shredded", under];
    case "access read": return ["read", said.purpose];
    case "access export": return ["exported", `${said.recipients ? `to ${said.recipients.join(", ")}` : "plain"}: ${said.purpose}`];
    case "access export-failed": return ["not exported", said.purpose];
    case "transfer": {
      const { statement } = parseStatement(said);
      const word = { accepted: "handed over", refused: "refused", abandoned: "abandoned" }[said.outcome];
      const where = [statement.location, statement.transport, statement.authority, statement.condition].filter(Boolean).join("; ");
      return [word, `from ${statement.released_by} to ${statement.received_by}: ${statement.purpose}${where ? ` (${where})` : ""}`];
    }
    default: return [said.type, ""];
  }
}
