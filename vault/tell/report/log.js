// The log, as far as a bundle tells it: the entries' forms, chain, law and rules; then the tree and the checkpoint.
"use strict";

const zeroHash = "0".repeat(64);

class History {
  // `attempt(entry, check)` makes a check and keeps what it finds; `wanted`: the fingerprint that somebody brought, or null.
  constructor(attempt, wanted) {
    Object.assign(this, { attempt, wanted });
    this.entries = new Map();  // by position: what was read of it
    this.leaves = new Map();
    this.fields = new Map();   // by position: the Fields that are right
    this.blocks = new Map();   // by position: the lines of its block
    this.custody = null;
    this.fingerprint = null;
    this.newer = null;         // from where on a newer version is needed
    this.isWhole = true;       // whether every entry could be read
    this.checkpoint = null;
    this.note = null;          // the checkpoint's
    this.unchecked = [];       // keys whose signatures this page cannot check
    this.isProven = false;
    this.last = null;
    this.lastLaw = 0;
    this.unread = new Set();   // positions of entries that nobody can read, as far as they say them
  }

  async read(entries, blocks) {
    this.blocks = blocks;
    for (const bytes of splitEntries(entries)) {
      if (await this.attempt(null, () => this.take(bytes), this.last === null ? "" : `after entry ${this.last}: `)) continue;
      this.isWhole = false;
      if (this.custody === null) return;
    }
    require(this.custody, "genesis-missing", "no entry is told");
    for (const number of blocks.keys()) {
      if (this.entries.has(number) || this.isNewer(number)) continue;
      await this.attempt(number, () => require(false, "fields-entry", "has fields, and is not told"));
    }
  }

  isNewer(number) {
    return this.newer !== null && number >= this.newer.position;
  }

  async take(bytes) {
    if (this.newer) {
      this.takeNewer(bytes);
      return;
    }
    const entry = await this.parse(bytes);
    if (entry === null) return;
    const { number } = entry;
    require(this.last === null || number > this.last, "entry-position", `says that it is entry ${number}`);
    if (this.custody === null) await this.takeGenesis(entry);
    const before = this.leaves.get(number - 1);
    this.last = number;
    this.leaves.set(number, entry.leaf);
    this.entries.set(number, entry);
    await this.attempt(number, () => this.checkPlace(entry, before));
    // Of an upgrade nobody knows here what its fields are.
    if (this.blocks.has(number) && entry.form !== "upgrade") await this.attempt(number, () => this.takeFields(entry));
    await this.attempt(number, () => this.custody.follow(entry));
    if (isLaw(entry.value)) this.lastLaw = number;
    if (entry.form === "upgrade") this.newer = new Newer(number, `entry ${number} asks for version ${entry.value.version}`);
  }

  // Null for an entry that cannot be read.
  async parse(bytes) {
    try {
      return parseEntry(bytes);
    } catch (error) {
      if (error instanceof Newer) this.newer = error;
      if (!(error instanceof Finding) || this.custody === null) throw error;
      await this.passOver(bytes, error);
      return null;
    }
  }

  // Nobody can tell its type, so a later entry may name it as its law. Its position is known only if it says one.
  async passOver(bytes, finding) {
    let number = null;
    try {
      number = parseLine(parseNote(bytes, "").text, "").seq;
    } catch (error) {
      if (!(error instanceof Finding)) throw error;
    }
    const isLater = isNumber(number) && number > this.last;
    this.isWhole = false;
    this.unread.add(isLater ? number : this.last + 1);
    await this.attempt(isLater ? number : null, () => { throw finding; }, isLater ? "" : `after entry ${this.last}: `);
  }

  async takeGenesis(entry) {
    require(entry.number === 0 && entry.form === "genesis", "genesis-missing", `begins with entry ${entry.number} of type ${entry.form}`);
    require(entry.value.prev === zeroHash, "genesis-malformed", "does not begin a log");
    this.fingerprint = hex(entry.leaf);
    this.custody = new Custody(entry, this.fields);
    await this.attempt(0, () => require([null, this.fingerprint].includes(this.wanted), "fingerprint-mismatch",
      `this is another vault: its fingerprint is ${this.fingerprint}`));
  }

  // Its bytes count in the tree, and nothing else of it is read.
  takeNewer(bytes) {
    const { seq } = parseLine(parseNote(bytes, "entry-malformed").text, "entry-malformed");
    require(isNumber(seq) && seq > this.last, "entry-position", "has no position, or one that is not after the entry before");
    this.last = seq;
    this.leaves.set(seq, leafHash(bytes));
  }

  checkPlace({ value, form, number }, before) {
    require((form === "genesis") === (number === 0), "entry-type", "is a genesis that is not entry 0");
    require(value.origin === this.custody.origin, "entry-origin", `is of ${excerpt(value.origin)}`);
    require(before === undefined || value.prev === hex(before), "entry-chain", `does not follow entry ${number - 1}`);
    if (this.unread.has(value.law)) this.lastLaw = Math.max(this.lastLaw, value.law);
    require(value.law === this.lastLaw, "entry-law", `has the law ${value.law}, and the last law entry told before it is ${this.lastLaw}`);
  }

  takeFields({ value, number }) {
    const fields = new Fields(this.blocks.get(number));
    require(value.fields !== undefined && fields.digest() === value.fields, "fields-mismatch", "has other fields than its entry says");
    fields.checkForms(value.type);
    require(!fields.told.has("parts-seed"), "field-told", "tells parts-seed, which gives hidden parts away");
    fields.items();
    this.fields.set(number, fields);
  }

  // What the fields of an entry tell, with these among them.
  mustTell(number, keys) {
    const fields = this.fields.get(number);
    require(fields, "field-hidden", `entry ${number} does not tell ${keys.join(", ")}`);
    for (const key of keys) require(fields.told.has(key), "field-hidden", `entry ${number} does not tell ${key}`);
    return fields.told;
  }

  // The entries told and the hashes of the rest give the root that the log signed.
  async checkTree(checkpoint, hashes) {
    this.note = parseNote(checkpoint, "checkpoint-malformed");
    this.checkpoint = parseCheckpoint(this.note.text);
    const { origin, size, root } = this.checkpoint;
    require(origin === this.custody.origin, "checkpoint-origin", `the checkpoint is of ${excerpt(origin)}`);
    if (!this.newer) this.unchecked = await verifyCheckpoint(this.note, this.custody.logKeys.of(size), "checkpoint-signature");
    if (!this.isWhole) return;  // what is missing in the tree was said
    require(this.last === size - 1, "entry-last", `the last entry told is ${this.last}, and the checkpoint has ${size} entries`);
    const found = rootWithHashes(this.leaves, size, textLines(hashes, "hashes-malformed", "log/hashes"), "hashes-malformed");
    require(equal(found, root), "tree-root", "the entries and hashes do not give the checkpoint's root");
    this.isProven = true;
  }

  // What a timestamp is over: the checkpoint with the log's own Ed25519 line.
  stamped() {
    const [key] = this.custody.logKeys.of(this.checkpoint.size), own = this.note.lines.find(isBy(key));
    return encoder.encode(this.note.text + (own ? `\n${own.line}\n` : ""));
  }

  // The times that the tokens of log/timestamps say.
  checkTimestamps(bytes) {
    const lines = textLines(bytes, "timestamp", "log/timestamps"), stamped = sha256(this.stamped());
    require(lines.length >= 1 && lines.length <= timestampsLimit, "timestamp", `log/timestamps has ${lines.length} timestamps`);
    return lines.map((line) => {
      const token = fromBase64(line);
      require(token && token.length && token.length <= tokenLimit, "timestamp", "log/timestamps has a line that is no token");
      const said = readToken(token);
      require(said && equal(said.imprint, stamped), "timestamp", "log/timestamps has a token that is malformed or over something else");
      return said.time;
    });
  }

  // The positions of the log of which nothing is told, as ranges.
  notHere() {
    const ranges = [], size = this.checkpoint?.size ?? 0;
    let begin = 0;
    for (const number of [...[...this.leaves.keys()].filter((one) => one < size), size]) {
      if (number > begin) ranges.push([begin, number - 1]);
      begin = number + 1;
    }
    return ranges;
  }
}

// log/files: by position, which file below data/ is whose.
function parseFiles(bytes) {
  const files = new Map(), names = new Set();
  let before = -1;
  for (const line of textLines(bytes, "files-malformed", "log/files")) {
    const match = /^([0-9]+) {2}([ -~]+)$/.exec(line), number = match ? fromDecimal(match[1]) : null;
    require(number !== null && number > before, "files-malformed",
      `log/files has the line ${excerpt(line)}, which is malformed or not in order`);
    require(!names.has(match[2]), "files-malformed", `log/files names ${excerpt(match[2])} twice`);
    before = number;
    names.add(match[2]);
    files.set(number, match[2]);
  }
  return files;
}
