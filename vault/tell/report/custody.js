// Who may sign what, replayed over the entries in their order, as far as they tell (docs/FORMAT.md, "Who may sign what").
// What an entry changes is in acts.js.
"use strict";

const alsoCollectors = ["item", "omission", "custodian rotate", "custodian succeed", "timestamp", "run"];
const mayCosign = ["release", "shred", "custodian admit", "custodian retire", "suspend lift", "rule", "reader", "reseal", "log-key",
  "lost-head", "upgrade", "closed"];
const refusedToStopped = ["shred", "release"];  // beside law entries
const changesWayOut = ["suspend suspend", "custodian retire", "rule", "reader"];
const namesItems = ["hold", "release", "shred", "reseal", "statement"];

class Custody {
  // `fields`: a Map of those told, by position.
  constructor(genesis, fields) {
    const { value } = genesis;
    Object.assign(this, { origin: value.origin, fingerprint: hex(genesis.leaf), labelCount: value.label_count, fields });
    this.logKeys = new LogKeys(value.log.map((key) => parseKey(key, "", logKinds)), value.time);
    this.vaultKeys = [{ since: 0, recipient: value.recipient }];
    this.recovery = value.recovery === undefined ? null : parseKey(value.recovery, "");
    this.members = new Map();          // by actor: those who may act now, { key, roles, person, admittedBy, since }
    this.former = new Map();           // by actor: all who ever might
    this.publics = new Set();          // keys that ever were a custodian's
    this.handles = new Set();
    this.highest = 0;                  // person
    this.two = [];                     // what the rule names
    this.suspensions = new Map();      // by position: { by: a person, or null for a recovery, stopped: persons }
    this.suspendedBefore = new Set();  // "who whom"
    this.holds = new Map();            // by position: what it still holds
    this.shredded = [];
    this.statements = new Set();       // each is used once
    this.collected = new Set();        // "handle number"
    this.series = new Map();           // by collector's handle: { numbers, upTo, isClosed }
    this.holders = new Map();          // by item: the person who holds it, as far as it is told
    this.stamps = new Map();           // by position: { size, time }
    this.signedBy = new Map();         // by actor: positions, ascending
    this.compromised = [];             // { key, since, entry }
    this.recoveries = [];
    this.leaves = new Map();
    this.sealed = new Set();           // positions of entries with a sealed file
    this.positions = [];
    this.closedAt = null;
    this.lastTime = "";
    this.remarks = [];
  }

  // Checks an entry against all before it, and does what it says. What it breaks a rule for is not done.
  async follow(entry) {
    const { value, form, number } = entry;
    this.positions.push(number);
    this.leaves.set(number, entry.leaf);
    if (!withoutSealedFile.includes(form) && form !== "upgrade") {
      this.sealed.add(number);
      require(fromBase64(value.labels).length === 16 * this.labelCount, "entry-labels", `does not have ${this.labelCount} labels`);
    }
    if (value.time < this.lastTime) this.remarks.push(`Entry ${number} says an earlier time than one before it.`);
    this.lastTime = value.time;
    require(this.closedAt === null, "custody-rule", `follows entry ${this.closedAt}, which closed the vault`);
    if (form === "genesis") await this.begin(entry);
    else await this.act(entry);
    for (const actor of new Set([value.actor, value.cosigner ?? value.actor])) {
      if (!this.signedBy.has(actor)) this.signedBy.set(actor, []);
      this.signedBy.get(actor).push(number);
    }
  }

  async begin({ value, note }) {
    const key = parseKey(value.custodian.key, "");
    require(value.actor === key.actor && value.cosigner === undefined, "entry-signer", "is not signed by its own custodian alone");
    await verifySigners(note, [key], "entry-signature");
    this.admit(value.custodian, null, value.time);
  }

  async act(entry) {
    const { value, form } = entry;
    await verifySigners(entry.note, this.signers(entry), "entry-signature");
    if (namesItems.includes(form) && value.items !== undefined) this.checkItems(form, parseItems(value.items));
    await this.change(entry);
    if (withContent.includes(form)) this.holders.set(entry.number, this.members.get(value.actor).person);
    this.remarkSigners(entry);
  }

  // Does what the entry says. After it somebody can lift each suspension that is in force.
  async change(entry) {
    if (!Object.hasOwn(acts, entry.form)) return;
    const { members, suspensions, suspendedBefore, two, recovery } = this;
    const before = { members: new Map(members), suspensions: new Map(suspensions), suspendedBefore: new Set(suspendedBefore), two, recovery };
    await acts[entry.form](this, entry);
    this.endSuspensions();
    if (this.suspensions.size && changesWayOut.includes(entry.form) && !this.hasWayOut()) {
      Object.assign(this, before);
      throw new Finding("custody-rule", "leaves nobody who could lift the suspension");
    }
  }

  // A suspension ends for who has no key any more, and for all if its maker has none.
  endSuspensions() {
    const known = new Set([...this.members.values()].map(({ person }) => person));
    for (const [number, { by, stopped }] of [...this.suspensions]) {
      const left = by === null || known.has(by) ? [...stopped].filter((person) => known.has(person)) : [];
      if (left.length) this.suspensions.set(number, { by, stopped: new Set(left) });
      else this.suspensions.delete(number);
    }
  }

  hasWayOut() {
    const stopped = this.stopped(), free = [...this.persons()].filter((person) => !stopped.has(person));
    return free.length >= (this.two.includes("lift") ? 2 : 1) || this.recovery !== null;
  }

  // Who signs.

  // The keys that must have signed, in their order.
  signers(entry) {
    const { value, form } = entry;
    if (form === "recovery") return this.recoverySigners(value);
    const actor = this.member(value.actor), alsoCollector = alsoCollectors.includes(form) && value.accepted === undefined;
    require(actor.roles.includes("custodian") || (alsoCollector && actor.roles.includes("collector")), "entry-signer",
      `is of one who may not sign a ${form}`);
    if (form === "custodian rotate") return this.rotationSigners(entry, actor);
    const cosigner = value.cosigner === undefined ? null : this.cosigner(form, value, actor);
    if (form === "suspend lift") {
      this.checkLift(value, actor, cosigner);
    } else {
      for (const one of [actor, cosigner].filter(Boolean)) this.refuseStopped(entry, one.person);
      require(cosigner || !this.needsTwo(entry), "entry-cosigner", "is signed by one where two are needed");
    }
    const keys = [actor.key, ...cosigner ? [cosigner.key] : []];
    return form === "log-key" ? [...keys, this.logKeys.present.keys[0], parseKey(value.log[0], "")] : keys;
  }

  rotationSigners(entry, actor) {
    this.refuseStopped(entry, actor.person);
    const key = parseKey(entry.value.new_key, "");
    require(entry.value.cosigner === key.actor, "entry-cosigner", "is not signed by the new key");
    return [actor.key, key];
  }

  recoverySigners(value) {
    require(this.recovery, "entry-signer", "is a recovery where no recovery key is in force");
    require(value.actor === this.recovery.actor, "entry-signer", "is not signed by the recovery key");
    const key = parseKey(value.custodian.key, "");
    require(value.cosigner === key.actor, "entry-cosigner", "is not signed by the key that it admits");
    return [this.recovery, key];
  }

  cosigner(form, value, actor) {
    require(mayCosign.includes(form), "entry-cosigner", `has a cosigner, which a ${form} never has`);
    const cosigner = this.member(value.cosigner);
    require(cosigner.roles.includes("custodian"), "entry-cosigner", `${excerpt(value.cosigner)} is not a custodian`);
    require(cosigner.person !== actor.person, "entry-cosigner", "is signed twice by one person");
    return cosigner;
  }

  member(actor, role = null) {
    const member = this.members.get(actor);
    require(member, "entry-signer", `${excerpt(actor)} is not admitted there`);
    require(role === null || member.roles.includes(role), "entry-signer", `${excerpt(actor)} is not a ${role}`);
    return member;
  }

  // Those who have the role of a custodian.
  persons() {
    return new Set([...this.members.values()].filter(({ roles }) => roles.includes("custodian")).map(({ person }) => person));
  }

  // The persons whom suspensions stop, but for one of these.
  stopped(but = null) {
    const stopped = new Set();
    for (const [number, one] of this.suspensions) {
      if (number === but) continue;
      for (const person of one.stopped) stopped.add(person);
      if (one.by !== null) stopped.add(one.by);
    }
    return stopped;
  }

  refuseStopped({ value, form }, person) {
    const refused = isLaw(value) || refusedToStopped.includes(form) || value.destroy !== undefined;
    require(!refused || !this.stopped().has(person), "custody-rule", `is signed by person ${person}, who is stopped`);
  }

  needsTwo({ value, form }) {
    const ruledHere = this.two.includes(form), anyRule = this.two.length > 0;
    switch (form) {
      case "custodian retire": {
        const retired = this.members.get(value.retired), other = retired && retired.person !== this.members.get(value.actor).person;
        return (this.two.includes("retire") && other) || this.castsDoubt(value.retired, value);
      }
      case "rule": return anyRule || value.recovery !== undefined;
      case "reader": return ruledHere || (anyRule && (value.recovery !== undefined || this.recovery !== null));
      case "reseal": return ruledHere || (value.destroy !== undefined && this.persons().size > 1);
      case "log-key": return ruledHere || this.castsDoubt(null, value);
      case "upgrade": case "closed": case "custodian admit": return anyRule;
      default: return ruledHere;
    }
  }

  // Whether the time is before what was proven already (docs/FORMAT.md, "Keys that others had too"). Null is the log's key.
  castsDoubt(actor, { compromised_since: since }) {
    if (since === undefined || (actor !== null && !this.members.has(actor))) return false;
    const { time, since: first } = actor === null ? this.logKeys.present
      : { time: this.members.get(actor).since, since: this.signedBy.get(actor)?.[0] ?? most };
    const times = [...this.stamps.values()].filter((stamp) => stamp.size > first && stamp.time).map((stamp) => stamp.time);
    return since < time || (times.length > 0 && since < times.at(-1));
  }

  checkLift({ suspend, person }, actor, cosigner) {
    const suspension = this.suspensions.get(suspend), stopped = this.stopped();
    require(suspension?.stopped.has(person), "custody-rule", "lifts a suspension that is not in force");
    require(cosigner === null || !stopped.has(cosigner.person), "custody-rule", "is cosigned by one who is stopped");
    if (actor.person === suspension.by) {
      require(!this.stopped(suspend).has(actor.person), "custody-rule", "is taken back by one whom another suspension stops");
      require(cosigner || !this.two.includes("lift"), "entry-cosigner", "is signed by one where two are needed");
      return;
    }
    require(!stopped.has(actor.person), "custody-rule", `is signed by person ${actor.person}, who is stopped`);
    const free = [...this.persons()].filter((one) => !stopped.has(one));
    require(cosigner || equal(free, [actor.person]), "entry-cosigner", "is lifted by one where two could");
  }

  // Keys and persons.

  admit({ key: text, roles, person }, by, time) {
    const key = parseKey(text, "");
    this.refuseKnownKey(key);
    require(!this.handles.has(key.name), "custody-rule", `has the handle ${excerpt(key.name)}, which was somebody's before`);
    require(person <= this.highest + 1, "custody-rule", `names person ${person} after ${this.highest}`);
    this.takeKey({ key, roles, person, admittedBy: by, since: time });
  }

  refuseKnownKey(key) {
    const isLogs = this.logKeys.rows.some(({ keys }) => keys.some((one) => one.public === key.public));
    require(!isLogs && !this.publics.has(key.public) && !this.former.has(key.actor), "custody-rule", `${excerpt(key.actor)} was known before`);
  }

  takeKey(member) {
    this.publics.add(member.key.public);
    this.handles.add(member.key.name);
    this.highest = Math.max(this.highest, member.person);
    this.members.set(member.key.actor, member);
    this.former.set(member.key.actor, member);
  }

  // A key of the same name in the place of another.
  succeed(actor, key) {
    const member = this.members.get(actor);
    require(key.name === member.key.name, "custody-rule", "has a new key of another handle");
    this.refuseKnownKey(key);
    this.members.delete(actor);
    this.takeKey({ ...member, key });
  }

  collector(actor, members = this.members) {
    const member = members.get(actor);
    require(member, "entry-signer", `${excerpt(actor)} was not admitted there`);
    require(member.roles.includes("custodian") || member.roles.includes("collector"), "entry-signer", "is of one who may not collect");
    return member;
  }

  // Items.

  checkItems(form, ranges) {
    const number = this.positions.at(-1);
    require(ranges.at(-1)[1] < number, "custody-item", `names entry ${ranges.at(-1)[1]}, which is not earlier`);
    for (const [first, last] of ranges) {
      for (let at = firstAtLeast(this.positions, first); this.positions[at] <= last; at += 1) {
        require(this.sealed.has(this.positions[at]), "custody-item", `names entry ${this.positions[at]}, which has no sealed file`);
      }
    }
    require(!["hold", "shred", "reseal"].includes(form) || !overlap(ranges, this.shredded), "custody-item", `is a ${form} of what is shredded`);
  }

  isTold(number) {
    return this.positions[firstAtLeast(this.positions, number)] === number;
  }

  // A statement for this vault.
  checkOwn({ value }, name) {
    require(value.origin === this.origin && value.fingerprint === this.fingerprint, name, "is a statement for another vault");
  }

  useOnce({ note }) {
    require(!this.statements.has(note.text), "custody-rule", "has a statement that was used before");
    this.statements.add(note.text);
  }

  // A checkpoint that this log signed, at its size, and nobody else.
  async ownCheckpoint(text) {
    const checkpoint = await this.logKeys.open(text, "entry-checkpoint");
    require(checkpoint.origin === this.origin, "entry-checkpoint", `is of ${excerpt(checkpoint.origin)}`);
    return checkpoint;
  }

  // What is remarked.

  noteCompromise(key, { value, number }) {
    if (value.compromised_since !== undefined) this.compromised.push({ key, since: value.compromised_since, entry: number });
  }

  remarkSigners({ value, form, number }) {
    const cosigner = this.members.get(value.cosigner), actor = this.members.get(value.actor);
    if (cosigner && cosigner.admittedBy === value.actor && mayCosign.includes(form)) {
      this.remarks.push(`Entry ${number}: its cosigner was admitted by its actor alone.`);
    }
    if (actor && [...this.suspensions.values()].some(({ stopped }) => stopped.has(actor.person))) {
      this.remarks.push(`Entry ${number} is by person ${actor.person}, who is suspended.`);
    }
  }

  // A hand-over by somebody else than who holds an item, as far as the entries at hand tell.
  remarkHolder(number, items, released, received) {
    const other = items.find((item) => ![undefined, released].includes(this.holders.get(item)));
    if (other !== undefined) this.remarks.push(`Entry ${number} hands over item ${other}, which person ${this.holders.get(other)} holds.`);
    for (const item of items) this.holders.set(item, received);
  }

  // What a collector sealed, or that a run of his ended.
  noteSeries({ value }) {
    const handle = nameOf(value.collector), before = this.series.get(handle) ?? { numbers: new Set(), upTo: 0 };
    if (value.number !== undefined) before.numbers.add(value.number);
    const upTo = Math.max(before.upTo, value.number ?? value.up_to);
    this.series.set(handle, { numbers: before.numbers, upTo, isClosed: value.number === undefined });
  }

  // Of a log of which every entry is told.
  remarkGaps() {
    for (const [handle, { numbers, upTo, isClosed }] of this.series) {
      const missing = subtract([[1, upTo]], rangesOf([...numbers].sort((one, other) => one - other)));
      const collector = `the collector ${excerpt(handle)}`;
      if (upTo && missing.length) this.remarks.push(`Of the numbers up to ${upTo} of ${collector}, ${countOf(missing)} are not in the log.`);
      if (!isClosed) this.remarks.push(`The last run of ${collector} has no closing statement: whether it collected more is not known.`);
    }
  }

  // By position, since when others had a key that signed the entry: it is valid only if it was made before, and
  // nothing here shows when it was (docs/FORMAT.md, "Keys that others had too").
  validOnlyIfBefore() {
    const doubtful = new Map();
    for (const { key, since } of this.compromised) {
      for (const number of this.signedBy.get(key) ?? []) {
        if (!(doubtful.get(number) <= since)) doubtful.set(number, since);
      }
    }
    return doubtful;
  }
}
