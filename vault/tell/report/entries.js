// Entries and the statements that they carry: the form of each, whatever may have been allowed (docs/FORMAT.md, "Entry").
"use strict";

const roleWords = ["collector", "custodian", "witness"];
const ruled = ["custodian", "retire", "lift", "log-key", "lost-head", "reader", "reseal", "release", "shred"];  // what a rule can name
const acceptedWords = ["earlier-key", "retired"];
const suites = [[1, "age", 32], [2, "age1pq", 1216]];  // the prefix and the bytes of a recipient
const withoutSealedFile = ["timestamp", "run"];
const withContent = ["item", "omission"];
const lawTypes = ["genesis", "custodian", "suspend", "rule", "reader", "log-key", "recovery", "upgrade", "closed"];
const typesWithActs = ["custodian", "suspend"];  // of which each act has its own members
const tokenLimit = 32768, resealLimit = 1000, statementLimit = 8192, receiptLimit = 24576;

// 1 or 2 by the kind of an age recipient, or undefined.
const suiteOf = (recipient) => suites.find(([, prefix, length]) => isText(recipient) && fromBech32(recipient, prefix, length))?.[0];
const isRecipient = (value) => suiteOf(value) !== undefined;

const isMember = (value) => hasForm(value, { person: isPositive, key: isKey, roles: (roles) => isChoice(roleWords, roles) && roles.length > 0 });
const isFirstMember = (value) => isMember(value) && value.roles.includes("custodian");
const logKinds = [keyKinds.ed25519, keyKinds.mlDsa];
// One Ed25519 key, and one of ML-DSA-44 or none.
const isLog = (value) => Array.isArray(value) && value.length >= 1 && value.length <= 2 && isKey(value[0])
  && value.slice(1).every((one) => isKey(one, [keyKinds.mlDsa]));
const isTwo = (value) => isChoice(ruled, value) && (!value.length || value.includes("custodian"));
const isContinues = (value) => hasForm(value, { fingerprint: isHash, size: isPositive, root: isHash });

const commonForm = { "v": isNumber, "type": isText, "origin": isOrigin, "seq": isNumber, "prev": isHash, "law": isNumber, "time": isTime,
  "actor": isActor, "cosigner?": isActor };
const sealedForm = { labels: isBase64, header: isHash, key: isHash, payload: isHash, fields: isHash };
const entryForms = {
  "genesis": { "suite": isPositive, "label_count": (count) => isNumber(count) && count >= 4 && count <= 64, "pad": isPositive,
    "recipient": isRecipient, "log": isLog, "custodian": isFirstMember, "key_file?": isHash, "recovery?": (key) => isKey(key),
    "continues?": isContinues },
  "item": { "collected?": isText, "accepted?": (words) => isChoice(acceptedWords, words) && words.length > 0 },
  "omission": {}, "note": {}, "case": {}, "access": {},
  "transfer": { outcome: isOneOf("accepted", "refused", "abandoned"), statement: isText },
  "receipt": { statement: isText },
  "hold": { items: isItems },
  "release": { hold: isNumber, items: isItems },
  "shred": { items: isItems },
  "custodian admit": { act: isText, custodian: isMember },
  "custodian retire": { "act": isText, "retired": isActor, "compromised_since?": isTime },
  "custodian rotate": { act: isText, new_key: (key) => isKey(key) },
  "custodian succeed": { act: isText, statement: isText },
  "suspend suspend": { act: isText, person: isPositive },
  "suspend lift": { act: isText, suspend: isNumber, person: isPositive },
  "rule": { "two": isTwo, "recovery?": isTrue },
  "reader": { "key_file": isHash, "recovery?": (key) => isKey(key) },
  "reseal": { "recipient?": isRecipient, "key_file?": isHash, "items?": isItems, "headers?": isBase64, "destroy?": isTrue },
  "log-key": { "log": isLog, "compromised_since?": isTime },
  "recovery": { "custodian": isFirstMember, "recovery?": (key) => isKey(key) },
  "lost-head": { lost: isText },
  "timestamp": { "checkpoint?": isText, "renews?": isNumber, "token": isBase64 },
  "run": { statement: isText },
  "statement": { "items?": isItems },
  "closed": { "successor?": isHash },
};

const formOf = (value) => typesWithActs.includes(value.type) ? `${value.type} ${value.act}` : String(value.type);
const isLaw = (value) => lawTypes.includes(value.type) || (value.type === "reseal" && value.recipient !== undefined);

// An honest vault of a later version (docs/FORMAT.md, "Hooks").
function refuseNewerGenesis(value) {
  for (const [key, known] of [["v", 1], ["suite", 2], ["pad", 1]]) {
    if (isNumber(value[key]) && value[key] > known && (key === "v" || value.v === 1)) throw new Newer(0, `it has the ${key} ${value[key]}`);
  }
}

// An entry by its bytes alone.
function parseEntry(bytes) {
  const note = parseNote(bytes, "entry-malformed");
  const value = parseLine(note.text, "entry-malformed");
  if (value.type === "genesis" && value.seq === 0) refuseNewerGenesis(value);
  checkVersion(value, "entry-malformed");
  const form = formOf(value);
  if (form === "upgrade") checkUpgrade(value, note);
  else checkForm(form, value, note);
  return { number: value.seq, bytes, leaf: leafHash(bytes), value, form, note };
}

function checkForm(form, value, note) {
  require(Object.hasOwn(entryForms, form), "entry-malformed", `has the unknown type ${excerpt(form)}`);
  const sealed = withoutSealedFile.includes(form) ? {} : sealedForm;
  require(hasForm(value, { ...commonForm, ...entryForms[form], ...sealed }), "entry-malformed",
    "does not have the members of its type in their order, or a value that is not of its member's form");
  checkMembers(form, value);
  if (sealed === sealedForm) checkLabels(value);
  checkCarried(form, value);
  const wanted = 1 + (value.cosigner === undefined ? 0 : 1) + (form === "log-key" ? 2 : 0);
  require(note.lines.length === wanted, "entry-malformed", `has ${note.lines.length} signatures instead of ${wanted}`);
}

// Its members up to `version`; what follows is for those who know it. Where they end the text says: an object has keys that
// are numbers before all others.
function checkUpgrade(value, { text }) {
  const form = { ...commonForm, version: (version) => isNumber(version) && version > 1 };
  const known = Object.fromEntries(Object.entries(value).filter(([key]) => Object.hasOwn(form, key) || key === "cosigner"));
  require(hasForm(known, form) && text.startsWith(JSON.stringify(known).slice(0, -1)), "entry-malformed", "is no upgrade");
}

// What members ask of one another.
function checkMembers(form, value) {
  const bad = (condition, text) => require(condition, "entry-malformed", text);
  const { origin } = value, nameOfKey = (text) => parseKey(text, "entry-malformed", logKinds).name;
  if (form === "genesis") {
    bad(suiteOf(value.recipient) === value.suite, "has a recipient of another suite");
    bad(value.custodian.person === 1, "has a first person whose number is not 1");
  }
  bad((value.log ?? []).every((key) => nameOfKey(key) === origin), "has a log key of another name than the origin");
  if (isText(value.recovery)) bad(nameOfKey(value.recovery) === `${origin}/recovery`, "has a recovery key of another name");
  if (value.custodian !== undefined) bad(isHandle(nameOfKey(value.custodian.key), origin), "has a key whose name is no handle");
  bad(value.accepted === undefined || value.collected !== undefined, "accepts what nobody collected");
  if (form === "timestamp") {
    bad((value.checkpoint === undefined) !== (value.renews === undefined), "stamps neither or both of a checkpoint and a token");
    bad(fromBase64(value.token).length <= tokenLimit, "has a token that is too long");
  }
  if (form === "reseal") checkReseal(value, bad);
}

// A digest for each item, and neither of the two alone; or at least another key or key file.
function checkReseal({ items, headers, key_file: keyFile, recipient, destroy }, bad) {
  bad((items === undefined) === (headers === undefined) && [items, keyFile, recipient].some((one) => one !== undefined),
    "names items without headers, headers without items, or nothing");
  bad(destroy === undefined || items !== undefined, "destroys no header");
  if (items === undefined) return;
  const count = countOf(parseItems(items));
  bad(count <= resealLimit && fromBase64(headers).length === 32 * count, `does not have a digest for each of 1 to ${resealLimit} items`);
}

// 4 to 64, ascending, no two equal.
function checkLabels(value) {
  const bytes = fromBase64(value.labels), count = bytes.length / 16;
  const labels = Array.from({ length: Math.ceil(count) }, (_, at) => hex(bytes.slice(16 * at, 16 * at + 16)));
  require(Number.isInteger(count) && count >= 4 && count <= 64 && labels.every((label, at) => at === 0 || labels[at - 1] < label),
    "entry-labels", "does not have 4 to 64 labels in ascending order");
}

// log/entries: the bytes of each. A line that begins with { begins one.
function splitEntries(bytes) {
  if (!bytes.length) return [];
  require(bytes[0] === 0x7b, "entries-malformed", "log/entries does not begin with an entry");
  const starts = [0];
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) {
    if (bytes[at + 1] === 0x7b) starts.push(at + 1);
  }
  return starts.map((begin, at) => bytes.subarray(begin, starts[at + 1] ?? bytes.length));
}

const statementForms = {
  "collected": { "collector": isActor, "number": isPositive, "prev": isHash, "next?": (key) => isKey(key), "recipient": isRecipient,
    "time": isTime, ...sealedForm },
  "closed": { "collector": isActor, "up_to": isNumber, "prev": isHash, "next?": (key) => isKey(key), "time": isTime },
  "transfer": { released_by: isActor, received_by: isActor, time: isTime, fields: isHash },
  "receipt": { bundle: isHash, checkpoint: isText, made_by: isActor, made: isTime, received_by: (key) => isKey(key), time: isTime,
    outcome: isOneOf("holds", "fails"), fields: isHash },
};

// A statement that was made outside of the log, and what it says.
function parseStatement(text, kinds, name) {
  const note = parseNote(encoder.encode(text), name, equal(kinds, ["receipt"]) ? receiptLimit : statementLimit);
  const value = parseLine(note.text, name);
  checkVersion(value, name);
  require(kinds.includes(value.statement), name, `is no statement of ${kinds.join(" or ")}`);
  const common = { v: isNumber, statement: isText, origin: isOrigin, fingerprint: isHash };
  require(hasForm(value, { ...common, ...statementForms[value.statement] }), name,
    `does not have the members of a ${value.statement} statement in their order, or a value that is not of its member's form`);
  if (value.next !== undefined) require(parseKey(value.next, name).name === nameOf(value.collector), name, "has a next key of another name");
  return { value, note };
}

// The member of an entry that is a statement, of which kinds, and the finding where it is none.
const carried = {
  "item": ["collected", ["collected"], "collected-malformed"], "run": ["statement", ["closed"], "collected-malformed"],
  "custodian succeed": ["statement", ["collected", "closed"], "collected-malformed"],
  "transfer": ["statement", ["transfer"], "statement-malformed"], "receipt": ["statement", ["receipt"], "receipt-malformed"],
};

// The notes within an entry are of their form, too.
function checkCarried(form, value) {
  const [member, kinds, name] = Object.hasOwn(carried, form) ? carried[form] : [];
  const said = member !== undefined && value[member] !== undefined ? parseStatement(value[member], kinds, name).value : {};
  require(form !== "custodian succeed" || said.next !== undefined, name, "names no next key");
  for (const text of [value.lost, value.checkpoint, said.checkpoint].filter(isText)) {
    const note = parseNote(encoder.encode(text), "entry-checkpoint");
    parseCheckpoint(note.text);
    require(note.lines.length === 1, "entry-checkpoint", `has ${note.lines.length} signatures instead of the log's`);
  }
}
