// The log: keys and signed notes (C2SP signed-note), the tree (RFC 6962), checkpoints, proofs, entries.
"use strict";

const leafHash = (bytes) => sha256(concat(Uint8Array.of(0), bytes));
const nodeHash = (left, right) => sha256(concat(Uint8Array.of(1), left, right));

const entryLimit = 65535;
const smallFileLimit = 65535;

function isKeyName(name) {
  const bytes = encoder.encode(name).length;
  return bytes > 0 && bytes <= 255 && !/[+\s\p{White_Space}\x00-\x1f\x7f]/u.test(name);
}

async function parseKey(text) {
  const [name, id, ...rest] = text.split("+");
  const data = fromBase64(rest.join("+"), 33);
  require(isKeyName(name) && data !== null && data[0] === 1, `${excerpt(text)} is not an Ed25519 note key`);
  const wanted = (await sha256(concat(encoder.encode(`${name}\n`), data))).slice(0, 4);
  require(id === hex(wanted), `${excerpt(text)} has a wrong key id`);
  require(isCurveKey(data.slice(1)), `${excerpt(text)} is no point of the curve, or not of its prime order`);
  return { name, id, actor: `${name}+${id}`, text, public: data.slice(1) };
}

// Points that make a signature good for any message, and y that are not below p: libsodium refuses them,
// and a verifier that takes them takes signatures that others refuse.
const smallOrder = new Set(["00".repeat(32), "01" + "00".repeat(31),
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "ec" + "ff".repeat(30) + "7f", "ed" + "ff".repeat(30) + "7f", "ee" + "ff".repeat(30) + "7f"]);

function isStrictPoint(bytes) {
  const unsigned = Uint8Array.from(bytes);
  unsigned[31] &= 0x7f;
  const text = hex(unsigned);
  return !smallOrder.has(text) && !(unsigned[0] >= 0xed && text.slice(2) === "ff".repeat(30) + "7f");
}

// The curve (RFC 8032, 5.1), as far as it shows whether 32 bytes are a point of the prime order in its one
// encoding: with no other can its owner sign, or he could deny what he signed.
const curve = (() => {
  const p = 2n ** 255n - 19n, order = 2n ** 252n + 27742317777372353535851937790883648493n;
  const mod = (number) => (number % p + p) % p;
  const power = (base, exponent) => {
    let result = 1n;
    for (let rest = exponent, square = base; rest; rest >>= 1n, square = square * square % p) {
      if (rest & 1n) result = result * square % p;
    }
    return result;
  };
  const d = mod(-121665n * power(121666n, p - 2n)), rootOfMinusOne = power(2n, (p - 1n) / 4n);
  const add = ([x1, y1, z1, t1], [x2, y2, z2, t2]) => {  // extended coordinates: X, Y, Z, T
    const a = (y1 - x1) * (y2 - x2), b = (y1 + x1) * (y2 + x2), c = 2n * t1 * t2 % p * d, e = 2n * z1 * z2;
    const f = mod(b - a), g = mod(e - c), h = mod(e + c), i = mod(b + a);
    return [f * g % p, h * i % p, g * h % p, f * i % p];
  };
  const decode = (bytes) => {
    const number = little(bytes), sign = number >> 255n, y = BigInt.asUintN(255, number);
    const square = mod((y * y - 1n) * power(d * y * y % p + 1n, p - 2n));
    const root = power(square, (p + 3n) / 8n);
    const x = [root, root * rootOfMinusOne % p].find((one) => one * one % p === square);
    if (y >= p || x === undefined || (x === 0n && sign)) return null;
    const own = (x & 1n) === sign ? x : p - x;
    return [own, y, 1n, own * y % p];
  };
  const isOfPrimeOrder = (bytes) => {
    let point = decode(bytes), sum = [0n, 1n, 1n, 0n];
    if (!point || point[0] === 0n) return false;
    for (let rest = order; rest; rest >>= 1n, point = add(point, point)) {
      if (rest & 1n) sum = add(sum, point);
    }
    return sum[0] === 0n && sum[1] === sum[2];
  };
  return { isOfPrimeOrder };
})();

const judgedKeys = new Map();

function isCurveKey(bytes) {
  const text = hex(bytes);
  if (!judgedKeys.has(text)) judgedKeys.set(text, curve.isOfPrimeOrder(bytes));
  return judgedKeys.get(text);
}

// Signatures, where this browser can check any.
const signatures = {
  available: null,

  async begin() {
    if (this.available !== null) return;
    // RFC 8032, 7.1, test 1: what a browser says of a known signature says whether it can be asked.
    const key = fromHex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    const signature = fromHex("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
      + "d25bf5f0595bbe24655141438e7a100b");
    this.available = true;
    try {
      this.available = await this.verify(key, new Uint8Array(0), signature);
    } catch {
      this.available = false;
    }
  },

  async verify(key, message, signature) {
    if (!this.available) return true;  // the verdict says that none was checked
    if (signature.length !== 64 || !isStrictPoint(key) || !isStrictPoint(signature.slice(0, 32))) return false;
    const imported = await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
    return crypto.subtle.verify("Ed25519", imported, signature, message);
  },
};

// The text of a note with its line feed, and its signature lines.
function parseNote(bytes, what) {
  const all = utf8(bytes, what);
  const gap = all.lastIndexOf("\n\n");
  require(gap > 0 && all.endsWith("\n"), `${what} is not a signed note`);
  require(!/[\x00-\x09\x0b-\x1f]/.test(all), `${what} has control characters`);
  const lines = all.slice(gap + 2, -1).split("\n").map((line) => {
    const match = /^\u2014 ([^ ]+) ([^ ]+)$/.exec(line);
    const blob = match && fromBase64(match[2]);
    require(match && isKeyName(match[1]) && blob && blob.length > 4, `${what} has a malformed signature line`);
    return { name: match[1], id: hex(blob.slice(0, 4)), data: blob.slice(4) };
  });
  return { text: all.slice(0, gap + 1), lines };
}

// Every signature in the key's name and id must hold, and there must be one.
async function verifyNote(note, key, what) {
  const own = note.lines.filter((line) => line.name === key.name && line.id === key.id);
  require(own.length, `${what} is not signed by ${excerpt(key.actor)}`);
  for (const line of own) {
    require(await signatures.verify(key.public, encoder.encode(note.text), line.data), `${what} has a wrong signature of ${excerpt(key.actor)}`);
  }
}

// Each signature is that of the key in the same place.
async function verifySigners(note, keys, what) {
  require(note.lines.length === keys.length, `${what} has ${note.lines.length} signatures instead of ${keys.length}`);
  for (const [at, key] of keys.entries()) await verifyNote({ text: note.text, lines: [note.lines[at]] }, key, what);
}

const emptyRoot = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";  // SHA-256 of nothing

function parseCheckpoint(note) {
  const [origin, size, root, end, ...more] = note.text.split("\n");
  const entries = fromDecimal(size ?? ""), hash = fromBase64(root ?? "", 32);
  require(origin && entries !== null && hash && end === "" && !more.length, "its checkpoint does not have three lines: origin, size and root");
  require(entries > 0 || hex(hash) === emptyRoot, "its checkpoint has the size 0, and another root than the empty tree's");
  return { origin, size: entries, root: hash };
}

function parseProof(bytes) {
  const all = utf8(bytes, "its proof");
  const gap = all.indexOf("\n\n");
  const lines = all.slice(0, Math.max(gap, 0)).split("\n");
  require(gap > 0 && lines.shift() === "c2sp.org/tlog-proof@v1", "its proof is not a tlog-proof of version 1");
  if (lines[0]?.startsWith("extra ")) require(fromBase64(lines.shift().slice(6)) !== null, "its proof has malformed extra data");
  const index = fromDecimal(lines[0]?.startsWith("index ") ? lines.shift().slice(6) : "");
  const path = lines.map((line) => fromBase64(line, 32));
  require(index !== null && !path.includes(null) && path.length <= 63, "its proof has a malformed index or hash");
  return { index, path, checkpoint: all.slice(gap + 2) };
}

// The root that a proof leads to (RFC 9162, 2.1.3.2), or null if it is too short or too long. By division:
// bit operators end at 32 bits.
async function rootOfPath(leaf, index, size, path) {
  let hash = leaf, last = size - 1;
  const half = (number) => Math.floor(number / 2);
  for (const sibling of path) {
    if (last === 0) return null;
    if (index % 2 || index === last) {
      hash = await nodeHash(sibling, hash);
      while (index % 2 === 0 && index) [index, last] = [half(index), half(last)];
    } else {
      hash = await nodeHash(hash, sibling);
    }
    [index, last] = [half(index), half(last)];
  }
  return last === 0 ? hash : null;
}

// The root over leaves that come one by one.
class TreeHash {
  constructor() {
    this.count = 0;
    this.full = [];
  }
  async add(leaf) {
    let hash = leaf;
    this.count += 1;
    for (let rest = this.count; rest % 2 === 0; rest /= 2) hash = await nodeHash(this.full.pop(), hash);
    this.full.push(hash);
  }
  async root() {
    let root = this.full.at(-1);
    for (const left of this.full.slice(0, -1).reverse()) root = await nodeHash(left, root);
    return root;
  }
}

// The object on the one line that a note of Exhibit signs; written again, it is the same bytes.
function parseLine(text, what) {
  let value = null;
  try {
    value = JSON.parse(text);
  } catch {
    // told below
  }
  require(text.endsWith("\n") && text.indexOf("\n") === text.length - 1, `${what} is not one line`);
  require(value !== null && typeof value === "object" && !Array.isArray(value), `${what} is not a JSON object`);
  require(JSON.stringify(value) === text.slice(0, -1), `${what} is JSON, but not in its one form`);
  require(value.v === 1, `${what} has an unknown version`);
  return value;
}

const isText = (value) => typeof value === "string";
const isCount = (value) => Number.isSafeInteger(value) && value >= 0;
const isHash = (value) => isText(value) && /^[0-9a-f]{64}$/.test(value);
const isLine = (value, limit = 1024) =>
  isText(value) && value !== "" && encoder.encode(value).length <= limit && !/[\x00-\x1f\x7f]/.test(value);
const isActor = (value) => isText(value) && /^[^+]+\+[0-9a-f]{8}$/.test(value) && isKeyName(value.slice(0, -9));
const isItems = (value) => isText(value) && parseItems(value) !== null;
const isChoice = (order, value) => Array.isArray(value) && equal(value, order.filter((word) => value.includes(word)));

function isTime(value) {
  if (!isText(value) || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value)) return false;
  const date = new Date(value);
  return !Number.isNaN(date.getTime()) && date.toISOString() === value;
}

// The ranges of a set of positions, or null if it is not in its one spelling.
function parseItems(text) {
  const ranges = [];
  let count = 0;
  for (const part of text.split(",")) {
    const ends = part.split("-").map(fromDecimal);
    const [first, last] = [ends[0], ends.at(-1)];
    if (ends.length > 2 || ends.includes(null) || (ends.length === 2 && last <= first)) return null;
    if (ranges.length && first <= ranges.at(-1)[1] + 1) return null;
    ranges.push([first, last]);
    count += last - first + 1;
  }
  return count <= 65536 ? ranges : null;
}

// Where the first of ascending numbers stands that is not below one; the end, if all are.
function firstAtLeast(numbers, wanted) {
  let from = 0, to = numbers.length;
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if (numbers[middle] < wanted) from = middle + 1;
    else to = middle;
  }
  return from;
}

// An object with the keys of the form in their order and no others. Those with a `?` may be missing.
function hasForm(value, form) {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return false;
  const keys = Object.keys(form).map((key) => [key.replace("?", ""), key.endsWith("?"), form[key]]);
  const there = keys.filter(([name]) => Object.hasOwn(value, name));
  return equal(Object.keys(value), there.map(([name]) => name))
    && keys.every(([name, optional, fits]) => Object.hasOwn(value, name) ? fits(value[name]) : optional);
}

const chunkSealed = 65552, chunkTag = 16, nonceBytes = 16;

// Between the nonce and the tail are whole chunks; the last chunk is not empty.
function isPayload(value) {
  if (!hasForm(value, { bytes: isCount, tail: isCount, root: isHash })) return false;
  const content = value.bytes - nonceBytes - value.tail, last = value.tail % chunkSealed;
  return content >= 0 && content % chunkSealed === 0 && value.tail > chunkTag && !(last > 0 && last <= chunkTag);
}

const roleWords = ["collector", "custodian", "witness"];
const isCustodian = (value) => hasForm(value, { name: (text) => isLine(text, 256), key: isText,
  roles: (roles) => isChoice(roleWords, roles) && roles.length > 0, "organisation?": isLine, "contact?": isLine });
const isReaders = (list) => Array.isArray(list) && list.length > 0 && list.length <= 64
  && list.every((one) => hasForm(one, { recipient: (text) => isRecipient(text), "name?": (text) => isLine(text, 256) }))
  && new Set(list.map(({ recipient }) => recipient)).size === list.length;
const isBase64 = (text) => isText(text) && text !== "" && fromBase64(text) !== null;
const needTwo = ["custodian", "release", "shred", "reader", "reseal"];  // what a rule can name
const sealedForm = { header: isHash, payload: isPayload };
const underAuthority = { items: isItems, authority: isLine, reason: isLine };
const accessed = { act: isText, items: isItems, purpose: isLine };
const entryForms = {
  "genesis": { recipient: (text) => isRecipient(text), "readers?": isReaders, log: isText, custodian: isCustodian },
  "item": { ...sealedForm, "collected?": isText },
  "omission": { count: (count) => isCount(count) && count > 0, ...sealedForm },
  "custodian admit": { act: isText, custodian: isCustodian },
  "custodian retire": { act: isText, key: isActor, reason: isLine, "compromised_since?": isTime },
  "custodian rotate": { act: isText, key: isText },
  "transfer": { outcome: (word) => ["accepted", "refused", "abandoned"].includes(word), statement: isText },
  "access read": accessed,
  "access export": { ...accessed, "recipients?": (list) => Array.isArray(list) && list.length > 0 && list.every((line) => isLine(line)) },
  "access export-failed": accessed,
  "note": { items: isItems, ...sealedForm },
  "hold": underAuthority,
  "release": underAuthority,
  "shred": { item: isCount, authority: isLine, reason: isLine },
  "timestamp": { "checkpoint?": isText, "renews?": isCount, token: isBase64 },
  "recovery": { lost: isText, reason: isLine },
  "log-key": { log: isText, "compromised_since?": isTime },
  "rule": { two: (two) => isChoice(needTwo, two) },
  "reader": { readers: isReaders, key_file: isHash },
  "reseal": { recipient: (text) => isRecipient(text), "key_file?": isHash, "items?": isItems, "headers?": isBase64 },
  "receipt": { receipt: isText },
  "case": sealedForm,
};
const commonForm = { v: isCount, type: isText, origin: (text) => isText(text) && isKeyName(text), seq: isCount, prev: isHash,
  time: isTime, actor: isActor, "cosigner?": isActor };
const statementForm = { v: isCount, statement: (word) => word === "transfer", origin: isText, items: isItems, leaves: isHash,
  released_by: isActor, received_by: isActor, time: isTime, purpose: isLine, "authority?": isLine, "condition?": isLine,
  "location?": isLine, "transport?": isLine };
const collectedForm = { v: isCount, statement: (word) => word === "collected", origin: isText, collector: isActor,
  number: (number) => isCount(number) && number > 0, recipient: (text) => isRecipient(text), time: isTime, ...sealedForm };
const receiptForm = { v: isCount, statement: (word) => word === "receipt", origin: isText, bundle: isHash, checkpoint: isText,
  made_by: isActor, made: isTime, received_by: isText, time: isTime, outcome: (word) => ["holds", "fails"].includes(word),
  depth: (word) => ["sealed", "content"].includes(word),
  "believed?": (words) => isChoice(["fingerprint", "policy"], words) && words.length > 0,
  items: isItems, "failed?": isItems, "finding?": (text) => isLine(text) };
const collectedLimit = 8192, resealLimit = 1000, receiptLimit = 24576;
const sealedTypes = ["item", "omission", "note", "case"];
const vaultTypes = ["genesis", "custodian", "rule", "timestamp", "recovery", "log-key", "reader", "reseal"];  // acts on the vault

const formOf = (entry) => ["custodian", "access"].includes(entry.type) ? `${entry.type} ${entry.act}` : String(entry.type);

// An entry as it stands in the log: what it says, and who signed it.
function parseEntry(bytes) {
  require(bytes.length <= entryLimit, "the entry is too long");
  const note = parseNote(bytes, "the entry");
  const said = parseLine(note.text, "the entry");
  const form = formOf(said);
  require(Object.hasOwn(entryForms, form), `the entry has the unknown type ${excerpt(form)}`);
  require(hasForm(said, { ...commonForm, ...entryForms[form] }), "the entry does not have the keys of its type, or a value is not of its form");
  require(form !== "timestamp" || (said.checkpoint === undefined) !== (said.renews === undefined), "the entry stamps neither or both of a checkpoint and a token");
  if (form === "reseal") checkReseal(said);
  return { said, note, form };
}

// A digest for each item, and neither of the two alone; or at least another key file.
function checkReseal({ items, headers, key_file: keyFile }) {
  require((items === undefined) === (headers === undefined) && (items !== undefined || keyFile !== undefined),
    "the entry reseals items without headers, headers without items, or nothing");
  if (items === undefined) return;
  const number = parseItems(items).reduce((sum, [first, last]) => sum + last - first + 1, 0);
  require(number <= resealLimit && fromBase64(headers).length === 32 * number, `the entry has not a digest for each of 1 to ${resealLimit} items`);
}

// Which key signs checkpoints of which size: entry N of type log-key is for those of size N + 1 and more.
class LogKeys {
  constructor(first) {
    this.rows = [[0, first]];
  }
  get current() {
    return this.rows.at(-1)[1];
  }
  knows(key) {
    return this.rows.some(([, { public: bytes }]) => equal(bytes, key.public));
  }
  of(size) {
    return this.rows.filter(([since]) => since < size || since === 0).at(-1)[1];
  }
  async open(note, what) {
    const checkpoint = parseCheckpoint(note);
    await verifyNote(note, this.of(checkpoint.size), what);
    return checkpoint;
  }

  // What entries say of them, whether or not they might: every proof needs its key before the entries are
  // replayed. Each is signed by the key before and by itself.
  async learn(entries) {
    for (const { said, note } of entries) {
      if (said.type !== "log-key") continue;
      try {
        const key = await parseKey(said.log);
        if (this.knows(key)) continue;
        await verifyNote(note, this.current, "the entry");
        await verifyNote(note, key, "the entry");
        this.rows.push([said.seq, key]);
      } catch (error) {
        if (!(error instanceof Finding)) throw error;  // what is wrong with it is said where it is checked
      }
    }
  }
}

function parseStatement(said) {
  const note = parseNote(encoder.encode(said.statement), "the statement");
  const statement = parseLine(note.text, "the statement");
  require(hasForm(statement, statementForm), "the statement does not have the keys of a transfer");
  return { statement, note };
}

// What a receiver of a bundle said of it.
function parseReceipt(said) {
  const bytes = encoder.encode(said.receipt);
  require(bytes.length <= receiptLimit, "the receipt is too long");
  const note = parseNote(bytes, "the receipt");
  const receipt = parseLine(note.text, "the receipt");
  require(hasForm(receipt, receiptForm), "the receipt does not have the keys of one");
  require((receipt.outcome === "fails") === (receipt.finding !== undefined), "the receipt fails without a finding, or holds with one");
  require(receipt.failed === undefined || receipt.finding !== undefined, "the receipt holds, and names what failed");
  const all = parseItems(receipt.items);
  require(parseItems(receipt.failed ?? receipt.items).every(([first, last]) => all.some(([low, high]) => low <= first && last <= high)),
    "the receipt says that what was not received failed");
  return { receipt, note };
}

// What the collector said of an item that was sealed on another machine.
function parseCollected(said) {
  const bytes = encoder.encode(said.collected);
  const note = parseNote(bytes, "the collector's statement");
  require(bytes.length <= collectedLimit, "the collector's statement is too long");
  const statement = parseLine(note.text, "the collector's statement");
  require(hasForm(statement, collectedForm), "the collector's statement does not have the keys of one");
  return { statement, note };
}
