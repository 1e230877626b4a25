// Keys and signed notes (C2SP signed-note), and checkpoints (tlog-checkpoint). Signatures are WebCrypto's to check; what
// it may be too lenient about is refused before.
"use strict";

const noteLimit = 65535;  // an entry, a checkpoint, any note
const signaturesLimit = 100;
const keyKinds = { ed25519: 1, mlDsa: 6 };
const publicBytes = { 1: 32, 6: 1312 };
const mlDsaSignature = 8 + 2420;

const isKeyName = (name) => /^[!-*,-~]{1,255}$/.test(name);
const isOrigin = (value) => isText(value) && value.length <= 200 && /^[A-Za-z0-9][!-*,-~]*$/.test(value);
// A key's name and id. The id's eight digits follow the only plus.
const isActor = (value) => isText(value) && /^[!-*,-~]{1,255}\+[0-9a-f]{8}$/.test(value);
const nameOf = (actor) => actor.slice(0, -9);
const isHandle = (name, origin) => name.startsWith(`${origin}/k`) && fromDecimal(name.slice(origin.length + 2)) > 0;

const parsedKeys = new Map();

function parseKey(text, name, kinds = [keyKinds.ed25519]) {
  if (!parsedKeys.has(text)) parsedKeys.set(text, readKey(text));
  const key = parsedKeys.get(text);
  require(key.problem === undefined && kinds.includes(key.kind), name,
    `${excerpt(text)} ${key.problem ?? "is not of a type that belongs here"}`);
  return key;
}

function readKey(text) {
  const [name, id, ...rest] = text.split("+"), data = fromBase64(rest.join("+"));
  if (!isKeyName(name) || !data || data.length !== 1 + publicBytes[data[0]]) return { problem: "is not a key of a type that belongs here" };
  const wanted = hex(sha256(encoder.encode(`${name}\n`), data).slice(0, 4));
  if (id !== wanted) return { problem: "has a wrong key id" };
  const bytes = data.slice(1), kind = data[0];
  if (kind === keyKinds.ed25519 && !curve.isOfPrimeOrder(bytes)) return { problem: "is no point of the curve, or not of its prime order" };
  return { name, id, kind, actor: `${name}+${id}`, text, bytes, public: hex(bytes) };
}

function isKey(value, kinds) {
  try {
    return isText(value) && Boolean(parseKey(value, "", kinds));
  } catch (error) {
    if (error instanceof Finding) return false;
    throw error;
  }
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
  return { isOfPrimeOrder, order };
})();

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
    if (little(signature.slice(32)) >= curve.order) return false;
    const imported = await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
    return crypto.subtle.verify("Ed25519", imported, signature, message);
  },
};

// The text of a note with its line feed, and its signature lines.
function parseNote(bytes, name, limit = noteLimit) {
  require(bytes.length <= limit, name, `has more than ${limit} bytes`);
  const all = utf8(bytes, name);
  const gap = all.lastIndexOf("\n\n");
  require(gap > 0 && all.length > gap + 2 && all.endsWith("\n"), name, "is not a signed note");
  require(!/[\x00-\x09\x0b-\x1f]/.test(all), name, "has control characters");
  const tail = all.slice(gap + 2, -1).split("\n");
  require(tail.length <= signaturesLimit, name, `has more than ${signaturesLimit} signatures`);
  const lines = tail.map((line) => {
    const match = /^\u2014 ([^ ]+) ([^ ]+)$/.exec(line);
    const blob = match && fromBase64(match[2]);
    require(match && isKeyName(match[1]) && blob && blob.length > 4, name, "has a malformed signature line");
    return { name: match[1], id: hex(blob.slice(0, 4)), data: blob.slice(4), line };
  });
  return { text: all.slice(0, gap + 1), lines };
}

const isBy = (key) => (line) => line.name === key.name && line.id === key.id;

async function verifyLine(note, line, key, name) {
  require(await signatures.verify(key.bytes, encoder.encode(note.text), line.data), name, `has a wrong signature of ${excerpt(key.actor)}`);
}

// Each signature is that of the key in the same place, and there are no others.
async function verifySigners(note, keys, name) {
  require(note.lines.length === keys.length, name, `has ${note.lines.length} signatures instead of ${keys.length}`);
  for (const [at, key] of keys.entries()) {
    require(isBy(key)(note.lines[at]), name, `is not signed by ${excerpt(key.actor)}`);
    await verifyLine(note, note.lines[at], key, name);
  }
}

// The object on the one line that a note of Exhibit signs.
function parseLine(text, name) {
  require(text.indexOf("\n") === text.length - 1, name, "has more than one line");
  const value = parseJson(text.slice(0, -1), name);
  require(isObject(value), name, "is not an object");
  return value;
}

const checkVersion = (value, name) => require(value.v === 1, name, `has the unknown version ${excerpt(String(value.v))}`);

// Exactly three lines.
function parseCheckpoint(text) {
  const [origin, size, root, end, ...more] = text.split("\n");
  require(end === "" && !more.length, "checkpoint-malformed", "does not have three lines");
  const entries = fromDecimal(size), hash = fromBase64(root, 32);
  require(isOrigin(origin) && entries !== null && hash, "checkpoint-malformed", "is not origin, size and root");
  require(entries > 0 || hex(hash) === emptyRoot, "checkpoint-malformed", "has the size 0, and another root than the empty tree's");
  return { origin, size: entries, root: hash };
}

// Each key of the log has exactly one line, which holds. Returns the names of keys that could not be checked.
async function verifyCheckpoint(note, keys, name) {
  const unchecked = [];
  for (const key of keys) {
    const own = note.lines.filter(isBy(key));
    require(own.length === 1, name, `has ${own.length} signatures of ${excerpt(key.actor)} instead of one`);
    if (key.kind === keyKinds.ed25519) {
      await verifyLine(note, own[0], key, name);
      continue;
    }
    const { data } = own[0];
    require(data.length === mlDsaSignature && data.slice(0, 8).every((byte) => byte === 0), name,
      "has an ML-DSA-44 signature of another length, or with a time");
    unchecked.push(key.actor);
  }
  return unchecked;
}

// Which keys sign checkpoints of which size: entry N of type log-key is for those of size N + 1 and more.
class LogKeys {
  constructor(keys, time) {
    this.rows = [{ since: 0, keys, time }];
  }

  get present() {
    return this.rows.at(-1);
  }

  of(size) {
    return this.rows.filter(({ since }) => since < size || since === 0).at(-1).keys;
  }

  // The checkpoint of a note that has the log's Ed25519 signature of its size, and no other.
  async open(text, name) {
    const note = parseNote(encoder.encode(text), name);
    const checkpoint = parseCheckpoint(note.text);
    await verifySigners(note, this.of(checkpoint.size).slice(0, 1), name);
    return checkpoint;
  }
}
