// What each act asks of those before it, and what it changes: a function an act, by the name of its form.
"use strict";

const acts = {
  "custodian admit"(custody, { value }) {
    custody.admit(value.custodian, value.cosigner === undefined ? value.actor : null, value.time);
  },

  "custodian retire"(custody, entry) {
    const { retired } = entry.value, member = custody.members.get(retired);
    require(member, "custody-rule", `retires ${excerpt(retired)}, who is not admitted`);
    const others = [...custody.members].filter(([actor, { roles }]) => actor !== retired && roles.includes("custodian"));
    const rest = new Set(others.map(([, { person }]) => person));
    require(rest.size, "custody-rule", "retires the last custodian");
    require(!member.roles.includes("custodian") || !custody.two.length || rest.size > 1, "custody-rule",
      "leaves one person where a rule asks for two");
    custody.members.delete(retired);
    custody.noteCompromise(retired, entry);
  },

  "custodian rotate"(custody, { value }) {
    custody.succeed(value.actor, parseKey(value.new_key, ""));
  },

  async "custodian succeed"(custody, { value }) {
    const statement = parseStatement(value.statement, ["collected", "closed"], "collected-malformed");
    custody.checkOwn(statement, "collected-origin");
    const { collector, next } = statement.value;
    require(next !== undefined, "collected-malformed", "names no next key");
    await verifySigners(statement.note, [custody.collector(collector).key], "collected-signature");
    custody.succeed(collector, parseKey(next, ""));
    if (statement.value.statement === "closed") custody.noteSeries(statement);
  },

  "suspend suspend"(custody, { value, number }) {
    const by = custody.members.get(value.actor).person, { person } = value;
    require(person !== by && [...custody.members.values()].some((member) => member.person === person), "custody-rule",
      "suspends nobody who is admitted, or its signer");
    require(!custody.stopped().has(person), "custody-rule", `suspends person ${person}, who is stopped`);
    require(!custody.suspendedBefore.has(`${by} ${person}`), "custody-rule", `suspends person ${person} a second time`);
    custody.suspensions.set(number, { by, stopped: new Set([person]) });
    custody.suspendedBefore.add(`${by} ${person}`);
  },

  "suspend lift"(custody, { value }) {
    const { by, stopped } = custody.suspensions.get(value.suspend);
    custody.suspensions.set(value.suspend, { by, stopped: new Set([...stopped].filter((person) => person !== value.person)) });
  },

  "rule"(custody, { value: { two, recovery } }) {
    require(!two.length || custody.persons().size > 1, "custody-rule", "asks for two persons where there is one");
    require(recovery === undefined || (two.length && custody.recovery), "custody-rule",
      "keeps a recovery key that is not there, or that no rule ends");
    custody.two = two;
    if (two.length && recovery === undefined) custody.recovery = null;
  },

  "reader"(custody, { value }) {
    custody.recovery = value.recovery === undefined ? null : parseKey(value.recovery, "");
  },

  "recovery"(custody, { value, number }) {
    require(value.custodian.person === custody.highest + 1, "custody-rule", "does not admit a new person");
    const others = custody.persons();
    custody.admit(value.custodian, null, value.time);
    custody.suspensions = new Map(others.size ? [[number, { by: null, stopped: others }]] : []);
    custody.two = [];
    custody.recovery = value.recovery === undefined ? null : parseKey(value.recovery, "");
    custody.recoveries.push(number);
  },

  // To a new key of the vault, or more items to the present one.
  "reseal"(custody, { value: { recipient, items }, number }) {
    const present = custody.vaultKeys.at(-1);
    if (recipient !== undefined) {
      require(custody.vaultKeys.every((key) => key.recipient !== recipient), "custody-rule", "has a key that was the vault's before");
      require(suiteOf(recipient) >= suiteOf(present.recipient), "custody-rule", "goes back from a hybrid key");
      custody.vaultKeys.push({ since: number, recipient });
    } else if (items !== undefined) {
      const [, last] = parseItems(items).at(-1);
      require(last < present.since, "custody-item", `reseals item ${last}, which is sealed to this key`);
    }
  },

  "log-key"(custody, entry) {
    const keys = entry.value.log.map((key) => parseKey(key, "", logKinds)), before = custody.logKeys.present.keys;
    const known = new Set(custody.logKeys.rows.flatMap((row) => row.keys.map((key) => key.public)));
    for (const key of before.slice(1)) known.delete(key.public);
    require(keys.every((key) => !known.has(key.public) && !custody.publics.has(key.public)), "custody-rule", "has a key that was known before");
    require(keys.length >= before.length, "custody-rule", "has no ML-DSA-44 key, where the log had one");
    custody.noteCompromise(before[0].actor, entry);
    custody.logKeys.rows.push({ since: entry.number, keys, time: entry.value.time });
  },

  async "lost-head"(custody, { value }) {
    await custody.ownCheckpoint(value.lost);
  },

  async "timestamp"(custody, { value, number }) {
    const { renews } = value;
    if (renews !== undefined) {
      require(custody.stamps.has(renews) || (renews < number && !custody.isTold(renews)), "custody-rule",
        `renews entry ${renews}, which is no timestamp`);
      custody.stamps.set(number, { size: 0, time: null });
      return;
    }
    const { size } = await custody.ownCheckpoint(value.checkpoint);
    require(size > 0 && size <= number, "custody-rule", "stamps a checkpoint that is not one before it");
    custody.stamps.set(number, { size, time: readToken(fromBase64(value.token))?.time ?? null });
  },

  "closed"(custody, { number }) {
    custody.closedAt = number;
  },

  "hold"(custody, { value, number }) {
    custody.holds.set(number, parseItems(value.items));
  },

  "release"(custody, { value: { hold, items }, number }) {
    const ranges = parseItems(items), held = custody.holds.get(hold);
    require(hold < number, "custody-item", `releases hold ${hold}, which is not earlier`);
    if (held === undefined) {
      require(!custody.isTold(hold), "custody-item", `releases entry ${hold}, which is no hold`);
      return;  // it is not told
    }
    require(!subtract(ranges, held).length, "custody-item", `releases what hold ${hold} does not hold`);
    custody.holds.set(hold, subtract(held, ranges));
  },

  "shred"(custody, { value }) {
    const ranges = parseItems(value.items);
    for (const [number, held] of custody.holds) require(!overlap(ranges, held), "custody-item", `shreds what hold ${number} holds`);
    custody.shredded = [...subtract(custody.shredded, ranges), ...ranges].sort(([one], [other]) => one - other);
  },

  // An item that was sealed elsewhere: by whom, and its number in that series, which is used once.
  async "item"(custody, { value }) {
    if (value.collected === undefined) return;
    const statement = parseStatement(value.collected, ["collected"], "collected-malformed"), said = statement.value;
    custody.checkOwn(statement, "collected-origin");
    require(Object.keys(sealedForm).every((key) => said[key] === value[key]), "collected-item", "is of another sealed file");
    await verifySigners(statement.note, [collectingKey(custody, said, value.accepted ?? [])], "collected-signature");
    const series = `${nameOf(said.collector)} ${said.number}`;
    require(!custody.collected.has(series), "custody-rule", `has number ${said.number} of its collector again`);
    custody.collected.add(series);
    custody.noteSeries(statement);
  },

  async "run"(custody, { value }) {
    const statement = parseStatement(value.statement, ["closed"], "collected-malformed");
    custody.checkOwn(statement, "collected-origin");
    await verifySigners(statement.note, [custody.collector(statement.value.collector, custody.former).key], "collected-signature");
    custody.useOnce(statement);
    custody.noteSeries(statement);
  },

  async "transfer"(custody, { value, number }) {
    const statement = parseStatement(value.statement, ["transfer"], "statement-malformed");
    custody.checkOwn(statement, "statement-origin");
    require(statement.value.fields === value.fields, "statement-fields", "has other fields than its entry");
    const [released, received] = [statement.value.released_by, statement.value.received_by].map((actor) => custody.member(actor, "custodian"));
    require(released.person !== received.person, "statement-signer", "is of one person alone");
    await verifySigners(statement.note, value.outcome === "accepted" ? [released.key, received.key] : [released.key], "statement-signature");
    checkLeaves(custody, number);
    custody.useOnce(statement);
    const items = custody.fields.get(number)?.items();
    if (items && value.outcome === "accepted") custody.remarkHolder(number, positionsOf(items), released.person, received.person);
  },

  async "receipt"(custody, { value, number }) {
    const statement = parseStatement(value.statement, ["receipt"], "receipt-malformed"), said = statement.value;
    custody.checkOwn(statement, "receipt-origin");
    require(said.fields === value.fields, "statement-fields", "has other fields than its entry");
    const key = parseKey(said.received_by, "receipt-malformed");
    require(key.name === `${custody.origin}/receiver`, "receipt-malformed", "is signed under another name than the receiver's");
    await verifySigners(statement.note, [key], "receipt-signature");
    require((await custody.ownCheckpoint(said.checkpoint)).size <= number, "custody-rule", "is of a checkpoint that is not one before it");
    require(custody.former.has(said.made_by), "custody-rule", `is of a bundle by ${excerpt(said.made_by)}, who is not known there`);
    custody.useOnce(statement);
  },
};

// The collector's key. What is not as it should be is said by `accepted`, and nothing else is.
function collectingKey(custody, { recipient, collector }, accepted) {
  const present = custody.vaultKeys.at(-1).recipient, isAdmitted = custody.members.has(collector);
  require((recipient !== present) === accepted.includes("earlier-key"), "collected-item",
    "is of an item sealed to another key, and does not say so, or says so wrongly");
  require(custody.vaultKeys.some((key) => key.recipient === recipient), "collected-item",
    "is of an item sealed to a key that the vault never had");
  require(isAdmitted !== accepted.includes("retired"), "entry-signer",
    "is of a collector who is not admitted, and does not say so, or says so wrongly");
  return custody.collector(collector, isAdmitted ? custody.members : custody.former).key;
}

// What was handed over, where the statement tells it and all of it is here.
function checkLeaves(custody, number) {
  const fields = custody.fields.get(number), items = fields?.items() ?? null;
  if (!items || !fields.told.has("leaves")) return;
  require(items.at(-1)[1] < number, "custody-item", "names an item that is not earlier");
  const leaves = positionsOf(items).map((item) => custody.leaves.get(item));
  if (leaves.includes(undefined)) return;
  const tree = new TreeHash();
  for (const leaf of leaves) tree.add(leaf);
  require(hex(tree.root()) === fields.told.get("leaves"), "statement-leaves", "has other leaves than its items");
}
