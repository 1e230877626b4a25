// A bundle checked in the browser, with no trust in anything in it (docs/FORMAT.md, "What a verifier checks"). Nothing
// here looks at the page; the page shows what comes of it.
"use strict";

const statuses = { holds: 0, notRead: 1, changed: 3, notAnchored: 5, wrongKey: 6, newer: 8 };
const verdictWords = { 0: "holds", 1: "not-read", 3: "changed", 5: "not-anchored", 6: "wrong-key", 8: "newer" };

// Who made the bundle (docs/FORMAT.md, "Who made it").
const noteForm = { "v": isNumber, "statement": isOneOf("bundle"), "origin": isOrigin, "fingerprint": isHash, "size": isNumber,
  "export": isNumber, "made_by": isActor, "time": isTime, "tagmanifest": isHash, "tagmanifest_sha512?": isHex(hexDigits.sha512) };

class BundleCheck {
  // `files`: a Map from relative path to File. `identities`: those of readIdentities. `embedded`: the page's own copy, a Model.
  constructor(files, { fingerprint = null, identities = [], embedded = null, progress = () => {} } = {}) {
    Object.assign(this, { given: files, wanted: fingerprint, identities, embedded, progress });
    this.done = 0;
    this.total = 1;
    this.findings = [];   // { entry: number or null, name, text, isCompanion }
    this.undecided = [];  // what could not be read
    this.unchecked = [];  // what nobody may take for checked
    this.notes = [];      // what is no fault, and to be known
    this.misshown = [];   // positions and files of which the page shows something else than the bundle holds
    this.doubtful = new Map();  // position to since when others had the key of it
    this.files = new Map();     // position to its file below data/
    this.layouts = new Map();
    this.headers = new Map();
    this.items = new Map();     // position to whether it holds
    this.opened = new Map();    // position to the Fields that a key showed
    this.unopened = [];
    this.maker = null;
    this.stanzaCount = null;
    this.times = [];
    this.history = new History((entry, check, prefix) => this.attempt(entry, check, prefix), fingerprint);
  }

  // One check; whether it held. A failed one stops what is built on it and nothing else.
  async attempt(entry, check, prefix = "") {
    try {
      await check();
      return true;
    } catch (error) {
      if (error instanceof CannotRun) throw error;
      if (error instanceof Finding) this.find(error, entry, prefix);
      // A file that cannot be read, or a sum that this browser refuses, says nothing of the bundle.
      else if (!(error instanceof Newer)) this.undecided.push(`${entry === null ? "" : `entry ${entry}: `}${error.message}`);
      return false;
    }
  }

  find({ name, message, file = null }, entry = null, prefix = "") {
    const own = [...this.files].find(([, path]) => `data/${path}` === file)?.[0] ?? null;
    this.findings.push({ entry: entry ?? own, name, text: prefix + message, isCompanion: file !== null && isCompanion(file) });
  }

  // So many bytes more were read.
  advance(bytes, what) {
    this.done += bytes;
    this.progress(Math.min(1, this.done / this.total), what);
  }

  async run() {
    await signatures.begin();
    for (const [path, { size }] of this.given) this.total += path.endsWith(".age") ? (this.identities.length ? 4 : 2) * size : size;
    this.bag = await Bag.open(this.given, (bytes, what) => this.advance(bytes, what));
    for (const [name, other] of this.bag.renamed) {
      this.undecided.push(`${name} is here under another name, ${excerpt(other)}: give it back its own`);
    }
    await this.checkBag();
    await this.checkLog();
    if (this.history.custody) {
      await this.attempt(null, () => this.checkNote());
      await this.checkFiles();
      this.tellOfLaw();
    }
    if (this.embedded) await this.compareWithPage();
    this.sayWhatWasNotChecked();
    return this;
  }

  async checkBag() {
    this.isSealed = this.bag.files.has("log/layouts");
    this.checkPlaces();
    await this.attempt(null, () => this.bag.checkDeclaration());
    await this.attempt(null, async () => { this.files = parseFiles(await this.bag.bytes("log/files", logFileLimit)); });
    for (const one of this.bag.manifests()) {
      await this.attempt(null, () => this.bag.checkManifest(one, (finding) => this.find(finding), (entry, check) => this.attempt(entry, check)));
    }
    // Of what is missing or changed the sum is, too.
    if (!this.findings.length) await this.attempt(null, () => this.bag.checkOxum());
  }

  checkPlaces() {
    const { files } = this.bag, isAny = (names) => names.some((name) => files.has(name));
    for (const name of files.keys()) {
      if (allPlaces.has(name) || name.startsWith("data/")) continue;
      this.find(new Finding("unknown-file", `${excerpt(name)} has no place in a bundle`, name));
    }
    // What reads tagmanifest-sha256.txt and bundle.note says that they are missing.
    const needed = [...places.bag, ...places.log, ...[places.sha512, places.sealed].filter(isAny).flat()];
    for (const name of needed) {
      if (files.has(name) || name === "tagmanifest-sha256.txt") continue;
      this.find(new Finding("file-missing", `${name} is missing`, name));
    }
  }

  // The bytes of a file of log/, empty where it cannot be had.
  async part(name) {
    let bytes = new Uint8Array(0);
    await this.attempt(null, async () => { bytes = await this.bag.bytes(`log/${name}`, logFileLimit); });
    return bytes;
  }

  async checkLog() {
    let blocks = new Map();
    const fields = await this.part("fields"), entries = await this.part("entries");
    const checkpoint = await this.part("checkpoint"), hashes = await this.part("hashes");
    await this.attempt(null, () => { blocks = parseFieldBlocks(fields); }, "log/fields ");
    await this.attempt(null, () => this.history.read(entries, blocks));
    if (!this.history.custody) return;
    if (!await this.attempt(null, () => this.history.checkTree(checkpoint, hashes))) return;
    if (!this.bag.files.has("log/timestamps") || this.history.newer) return;
    const timestamps = await this.part("timestamps");
    await this.attempt(null, () => { this.times = this.history.checkTimestamps(timestamps); });
  }

  // Who made it.

  async checkNote() {
    const bytes = await this.bag.bytes("bundle.note", noteLimit), note = parseNote(bytes, "note-malformed", statementLimit);
    const said = parseLine(note.text, "note-malformed"), { history } = this;
    checkVersion(said, "note-malformed");
    require(hasForm(said, noteForm), "note-malformed",
      "bundle.note does not have the members of a bundle's statement in their order, or a value that is not of its member's form");
    await this.checkTagManifests(said);
    require(said.origin === history.custody.origin && said.fingerprint === history.fingerprint, "note-log", "bundle.note is of another vault");
    require(!history.checkpoint || said.size === history.checkpoint.size, "note-log", `bundle.note is of a log of ${said.size} entries`);
    this.maker = said;
    if (history.newer) return;
    await verifySigners(note, [history.custody.member(said.made_by, "custodian").key], "note-signature");
    await this.checkExported(said);
  }

  async checkTagManifests(said) {
    require(said.tagmanifest === await this.bag.digest("tagmanifest-sha256.txt", "sha256"), "note-manifest",
      "bundle.note is of another tagmanifest-sha256.txt");
    const has512 = this.bag.files.has("tagmanifest-sha512.txt");
    require(has512 === (said.tagmanifest_sha512 !== undefined), "note-manifest",
      "bundle.note names tagmanifest-sha512.txt where it is not, or does not where it is");
    require(!has512 || said.tagmanifest_sha512 === await this.bag.digest("tagmanifest-sha512.txt", "sha512"), "note-manifest",
      "bundle.note is of another tagmanifest-sha512.txt");
  }

  isAccess(number) {
    return this.history.entries.get(number)?.form === "access";
  }

  // The act to which the note is bound, and the one that this act names.
  async checkExported({ export: exported, made_by: maker }) {
    const { history } = this, bad = (condition, text) => require(condition, "note-export", text);
    bad(this.isAccess(exported), `bundle.note names entry ${exported}, which is no access that is told`);
    bad(history.entries.get(exported).value.actor === maker, "bundle.note is by another than the act that it names");
    const told = history.mustTell(exported, ["act", "export", "manifest", "checked"]), begun = told.get("export");
    bad(told.get("act") === "exported", `bundle.note names a ${told.get("act")}`);
    bad(told.get("manifest") === await this.bag.digest("manifest-sha256.txt", "sha256"),
      "bundle.note names an act that exported another manifest");
    bad(this.isSealed || told.get("checked") === true, "bundle.note is of a plain bundle whose originals were not checked");
    bad(begun < exported && this.isAccess(begun), `bundle.note names an act that ends entry ${begun}, which is no earlier access that is told`);
    bad(nameOf(history.entries.get(begun).value.actor) === nameOf(maker), "bundle.note names an act that ends one of somebody else");
    const first = history.mustTell(begun, this.isSealed ? ["act", "recipients"] : ["act"]);
    bad(first.get("act") === "export", `bundle.note names an act that ends a ${first.get("act")}`);
    this.stanzaCount = this.isSealed ? first.get("recipients").length : null;
    const items = history.fields.get(exported).items();
    if (items === null) return;
    const elsewhere = [...history.fields.keys()].filter((number) => this.isElsewhere(number));
    const here = [...new Set([...this.files.keys(), ...elsewhere])].sort((one, other) => one - other);
    require(equal(positionsOf(items), here), "note-items", "bundle.note is of other items than are here");
  }

  isContent(number) {
    return withContent.includes(this.history.entries.get(number)?.value.type);
  }

  isElsewhere(number) {
    return this.isContent(number) && this.history.fields.get(number).told.get("state")?.content === "elsewhere";
  }

  // The evidence.

  async checkFiles() {
    const { history } = this, named = new Set([...this.files.values()].map((name) => `data/${name}`));
    for (const name of this.bag.files.keys()) {
      if (name.startsWith("data/") && !named.has(name)) this.find(new Finding("file-unknown", `log/files does not name ${excerpt(name)}`, name));
    }
    if (this.isSealed) {
      await this.attempt(null, () => this.readLayouts());
      await this.attempt(null, () => this.readHeaders());
    }
    for (const [number, name] of this.files) {
      if (history.isNewer(number)) continue;
      this.advance(0, `entry ${number}`);
      this.items.set(number, await this.attempt(number, () => this.checkFile(number, name)));
    }
    if (!this.isSealed) this.checkBlocksHaveFiles();
  }

  checkBlocksHaveFiles() {
    for (const number of this.history.fields.keys()) {
      if (!this.isContent(number) || this.files.has(number) || this.isElsewhere(number)) continue;
      this.find(new Finding("original-missing", "is told, and its original is not here"), number);
    }
  }

  async checkFile(number, name) {
    const entry = this.history.entries.get(number);
    require(entry, "file-entry", `has a file, ${excerpt(name)}, and is not told`);
    require(this.isContent(number), "file-entry", `has a file, ${excerpt(name)}, and is a ${entry.form}`);
    require(this.bag.files.has(`data/${name}`), "file-missing", `${excerpt(name)} is missing`);
    if (this.isSealed) await this.checkSealed(entry, name);
    else await this.checkOriginal(number, name);
  }

  async checkOriginal(number, name) {
    const told = this.history.mustTell(number, ["sha256", "size", "state"]);
    require(told.get("state").content === "here", "original-mismatch", "is elsewhere, and has a file");
    const allowed = [String(number)];
    if (told.has("source") && told.has("path")) allowed.push(safeName(told.get("source"), told.get("path"), number));
    require(allowed.includes(name), "file-name", `${excerpt(name)} is not how the original is called`);
    require(this.bag.file(`data/${name}`).size === told.get("size"), "original-mismatch", `${excerpt(name)} has another size than was sealed`);
    const algorithms = Object.keys(hexDigits).filter((algorithm) => told.has(algorithm));
    const digests = await this.bag.digests(`data/${name}`, algorithms);
    for (const algorithm of algorithms) {
      require(digests[algorithm] === told.get(algorithm), "original-mismatch", `${excerpt(name)} has another ${algorithm} than was sealed`);
    }
  }

  async readLayouts() {
    const blocks = splitBlocks(await this.bag.bytes("log/layouts", logFileLimit), /^= ([0-9]+)\n$/, "layout-malformed");
    require(equal(blocks.map(({ number }) => number), [...this.files.keys()]), "layout-malformed",
      "log/layouts is not of the items of log/files");
    for (const { number, lines } of blocks) {
      require(lines.length === 1, "layout-malformed", `log/layouts has ${lines.length} lines of entry ${number}`);
      this.layouts.set(number, lines[0]);
    }
  }

  async readHeaders() {
    for (const { number, lines } of splitBlocks(await this.bag.bytes("log/headers", logFileLimit), /^= ([0-9]+)\n$/, "header-malformed")) {
      require(this.files.has(number), "header-malformed", `log/headers has a header of entry ${number}, which has no file`);
      this.headers.set(number, concat(...lines));
    }
  }

  async checkSealed({ number, value }, name) {
    require(name === `${number}.age`, "file-name", `${excerpt(name)} is not how the sealed file is called`);
    const line = this.layouts.get(number), own = this.headers.get(number);
    require(line, "layout-malformed", "has no layout");
    const layout = parseLayout(line);
    require(sha256Hex(line) === value.payload, "layout-mismatch", "has another layout than its entry says");
    if (own) {
      require(sha256Hex(own) === value.header, "header-mismatch", "has another header than its entry says");
      checkOwnHeader(own);
    }
    const sealed = await SealedFile.open(this.bag.file(`data/${name}`), layout, (bytes) => this.advance(bytes, `entry ${number}`));
    const { length } = sealed.header.stanzas;
    require([null, length].includes(this.stanzaCount), "sealed-recipients",
      `is for ${length} receivers, and the export names ${this.stanzaCount}`);
    await sealed.checkPayload();
    if (this.identities.length) await this.lookInside(number, value, sealed);
  }

  async lookInside(number, value, sealed) {
    const opened = await sealed.look(this.identities, value.key);
    if (!opened) {
      this.unopened.push(number);
      return;
    }
    const { seen, fileKey } = opened;
    this.opened.set(number, null);
    const fields = new Fields(linesOf(seen.fields));
    require(!fields.hidden.size && fields.digest() === value.fields, "fields-mismatch", "holds other fields than its entry says");
    fields.checkForms(value.type);
    for (const key of ["sha256", "size", "state"]) require(fields.told.has(key), "fields-malformed", `has no field ${key}`);
    this.opened.set(number, fields);
    const { content } = fields.told.get("state"), size = content === "elsewhere" ? 0 : fields.told.get("size");
    require(seen.size === size, "content-size", `has frames of ${seen.size} bytes, and its fields say ${size}`);
    if (content === "here") await checkContent(sealed.chunks(fileKey), fields.told);
  }

  // What it comes to.

  get status() {
    if (this.findings.length) return statuses.changed;
    if (this.undecided.length || !signatures.available) return statuses.notRead;
    if (this.history.newer) return statuses.newer;
    if (this.unopened.length && !this.opened.size) return statuses.wrongKey;
    return this.wanted ? statuses.holds : statuses.notAnchored;
  }

  tellOfLaw() {
    const { custody, unchecked, entries } = this.history, { continues } = entries.get(0).value;
    if (this.history.isProven && !this.history.notHere().length && !this.history.newer) custody.remarkGaps();
    if (continues) this.notes.push(`This vault goes on from the vault with the fingerprint ${continues.fingerprint}, at size ${continues.size}.`);
    this.notes.push(...custody.remarks);
    if (custody.closedAt !== null) {
      const { successor } = entries.get(custody.closedAt).value;
      this.notes.push(`Entry ${custody.closedAt} closed this log${successor ? `; the vault that follows has the fingerprint ${successor}` : ""}.`);
    }
    for (const key of unchecked) this.notes.push(`The signature of ${excerpt(key)} was not checked: this page has no ML-DSA-44.`);
    for (const number of custody.recoveries) {
      this.notes.push(`Entry ${number} is a recovery: from there on the vault is in the hands of who had its recovery key.`);
    }
    this.doubtful = custody.validOnlyIfBefore();
    for (const { key, since, entry } of custody.compromised) {
      const numbers = custody.signedBy.get(key) ?? [];
      if (!numbers.length) continue;
      this.notes.push(`Entry ${entry} says that others may have had the key ${excerpt(key)} since ${when(since)}. `
        + `What it signed is valid only if it was made before, which nothing in a bundle shows: entries ${listing(numbers)}.`);
    }
  }

  // What is read on the page is made of its own copy of log/. It must be the bundle's.
  async compareWithPage() {
    const { history, embedded: model } = this;
    for (const number of new Set([...model.entries.keys(), ...history.leaves.keys()])) {
      const shownLeaf = model.leaves.get(number), leaf = history.leaves.get(number);
      const blocks = [model.blocks.get(number), history.blocks.get(number)].map((lines) => concat(...lines ?? []));
      if (!shownLeaf || !leaf || !equal(shownLeaf, leaf) || !equal(...blocks)) this.misshown.push(number);
    }
    for (const name of [...places.log, ...places.sealed, "log/timestamps"]) {
      const here = this.bag.files.has(name) ? await this.part(name.slice("log/".length)) : null, shownPart = model.parts.get(name) ?? null;
      if ((here === null) !== (shownPart === null) || (here && !equal(here, shownPart))) this.misshown.push(name);
    }
  }

  sayWhatWasNotChecked() {
    if (!signatures.available) this.unchecked.push("Signatures: this browser cannot check Ed25519. Nothing here shows who signed.");
    if (!this.wanted) this.unchecked.push("The vault: no fingerprint was typed in, so nothing says that this is the vault you mean.");
    if (this.times.length) this.unchecked.push("Timestamps: each is over this checkpoint. No authority was checked: this page has no roots.");
    if (this.isSealed && !this.identities.length) {
      this.unchecked.push("Contents: the bundle is sealed. Names and contents need the receiver's identity.");
    }
  }
}

// "7, 9-12"; of many the first.
function listing(numbers, separator = "-") {
  const words = rangesOf(numbers).map(([first, last]) => first === last ? String(first) : `${first}${separator}${last}`);
  return words.slice(0, 20).join(", ") + (words.length > 20 ? " and more" : "");
}
