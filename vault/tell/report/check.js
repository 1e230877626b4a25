// A bundle checked in the browser: every file against the manifests, every entry against the log, every
// sealed file against its entry. Nothing here looks at the page; the page shows what comes of it.
"use strict";

// Every file that a bundle may have; whatever else lies in it is a finding.
const decimal = "(0|[1-9][0-9]{0,15})";
const places = {
  tag: /^(bagit\.txt|bag-info\.txt|(tag)?manifest-sha(256|512)\.txt|bundle\.note|proof\/log\.vkey|proof\/identity\.txt)$/,
  // Made from the rest; proves nothing.
  people: /^(report\.html|VERIFY\.txt|items\.csv|omissions\.json|certificate\.txt|custody\.jsonld|policy\.txt)$/,
  entry: new RegExp(`^proof/${decimal}\\.entry$`),
  proof: new RegExp(`^proof/${decimal}\\.tlog-proof$`),
  header: new RegExp(`^proof/${decimal}\\.header$`),
  metadata: new RegExp(`^proof/${decimal}\\.metadata\\.json$`),
  sealed: new RegExp(`^data/${decimal}\\.age$`),
  original: new RegExp(`^data/${decimal}-[A-Za-z0-9._-]{1,100}$`),
};
// What an operating system leaves (docs/FORMAT.md). Windows and macOS treat their names in any case, Linux in one.
const foreignFiles = [/^(\.DS_Store|\._.+|\.localized|\.apdisk|\.VolumeIcon\.icns|Icon\r|Thumbs\.db|ehthumbs(_vista)?\.db|desktop\.ini)$/is,
  /^(\.directory|\.nfs.+|\.fuse_hidden.+)$/s];
const foreignFolders = [/^(lost\+found|\.Trash|\.Trash-.+|@eaDir|#recycle)$/s,
  /^(\.Trashes|\.fseventsd|\.Spotlight-V100|\.DocumentRevisions-V100|\.TemporaryItems|\.AppleDouble|__MACOSX|System Volume Information|\$RECYCLE\.BIN|RECYCLER)$/i];
function isForeign(path) {
  const folders = path.split("/"), name = folders.pop();
  return foreignFiles.some((one) => one.test(name)) || folders.some((folder) => foreignFolders.some((one) => one.test(folder)));
}
const manifestLimit = 256 * 1024 * 1024;
// As RFC 8493 allows it, whoever wrote it.
const manifestLine = /^([0-9a-fA-F]+)[ \t]+\*?([^\x00-\x1f\x7f ][^\x00-\x1f\x7f]*)\r?$/;
const hashDigits = { sha256: 64, sha512: 128 };  // of the manifests

// Who made the bundle (docs/FORMAT.md, "Who made it").
const noteLimit = 8192;
const noteForm = { v: isCount, statement: (word) => word === "bundle", origin: isText, size: isCount, range: isRange,
  sealed_files: isCount, made_by: isLine, time: isTime, sha256: isHash,
  sha512: (text) => isText(text) && /^[0-9a-f]{128}$/.test(text) };

// A number, from 1, or two that ascend.
function isRange(text) {
  const [first, last, ...more] = isText(text) ? text.split("-").map(fromDecimal) : [];
  return first > 0 && (last === undefined || last > first) && !more.length;
}

class BundleCheck {
  // `files`: a Map from relative path to File. `embedded`: the page's own entries, by position.
  constructor(files, { fingerprint, embedded, progress }) {
    Object.assign(this, { files, wanted: fingerprint, embedded, progress });
    this.done = 0;
    this.total = 1;
    this.findings = [];   // { entry: number or null, text }
    this.unchecked = [];  // what nobody may take for checked
    this.notes = [];      // what is no fault, and to be known
    this.doubtful = new Map();  // position to since when others had the key of it
    this.maker = null;
    this.misshown = [];   // positions of which the page shows something else than the bundle holds
    this.digests = new Map();
    this.numbers = new Map();  // position to { part: path }
    this.known = new Map();    // position to what was read of it
    this.fingerprint = null;
    this.checkpoint = null;
    this.opened = 0;
    this.items = 0;
    this.receivers = new Map();  // position to for how many its sealed file is
    this.exports = [];           // of those who might: { ranges, receivers }
  }

  find(text, entry = null) {
    this.findings.push({ entry, text });
  }

  // One check; whether it held. A failed one stops what is built on it and nothing else.
  async attempt(entry, check) {
    try {
      await check();
      return true;
    } catch (error) {
      // A file that cannot be read, or a sum that this browser refuses, is not one that holds.
      this.find(error instanceof Finding ? error.message : `could not be checked: ${error.message}`, entry);
      return false;
    }
  }

  // So many bytes more were read.
  advance(bytes, what) {
    this.done += bytes;
    this.progress(Math.min(1, this.done / this.total), what);
  }

  async run() {
    await signatures.begin();
    await this.setForeignAside();
    this.sortFiles();
    for (const [path, { size }] of this.files) this.total += places.sealed.test(path) ? 2 * size : size;
    await this.attempt(null, () => this.checkDeclaration());
    await this.hashFiles();
    for (const algorithm of Object.keys(hashDigits)) await this.checkManifests(algorithm);
    this.plain = [...this.numbers.values()].some((parts) => parts.original || parts.metadata) || this.files.has("proof/identity.txt");
    await this.attempt(null, () => this.readIdentity());
    if (await this.attempt(0, () => this.checkGenesis())) {
      const numbers = [...this.numbers.keys()].filter((number) => number > 0).sort((a, b) => a - b);
      for (const number of numbers) {
        this.advance(0, `entry ${number}`);
        await this.checkNumber(number);
      }
      const size = this.checkpoint?.size;
      if (size !== undefined && this.logKeys.of(size).actor !== this.custody.logKeys.of(size).actor) {
        this.find("the checkpoint is signed by a key that no entry may have made the log's");
      }
      if (!this.items) this.find("the bundle holds no sealed file");
      this.checkReceivers();
      await this.attempt(null, () => this.checkNote());
      this.sayWhatIsDoubtful();
    }
    this.compareWithPage();
    this.sayWhatWasNotChecked();
    return this;
  }

  // What a system left in the folder, unless a manifest lists it: what is signed for is checked.
  async setForeignAside() {
    const foreign = [...this.files.keys()].filter(isForeign);
    if (!foreign.length) return;
    const listed = new Set();
    for (const algorithm of Object.keys(hashDigits)) {
      for (const name of [`manifest-${algorithm}.txt`, `tagmanifest-${algorithm}.txt`]) {
        const text = this.files.has(name) ? new TextDecoder().decode(await this.read(name, manifestLimit).catch(() => new Uint8Array())) : "";
        for (const line of text.split("\n")) listed.add(manifestLine.exec(line)?.[2]);
      }
    }
    for (const path of foreign.filter((one) => !listed.has(one))) {
      this.files.delete(path);
      this.notes.push(`${excerpt(path)} is left by an operating system; it is not counted as part of the bundle.`);
    }
  }

  sortFiles() {
    for (const path of this.files.keys()) {
      const place = Object.keys(places).find((name) => places[name].test(path));
      if (!place) this.find(`${excerpt(path)} has no place in a bundle`);
      if (!place || place === "tag" || place === "people") continue;
      const number = Number(places[place].exec(path)[1]);
      const parts = this.numbers.get(number) ?? {};
      if (parts[place]) this.find(`${excerpt(path)} is a second original`, number);
      this.numbers.set(number, { ...parts, [place]: path });
    }
  }

  async read(path, limit = smallFileLimit) {
    const file = this.files.get(path);
    require(file, `${path} is missing`);
    require(file.size <= limit, `${path} is too large`);
    return bytesOf(file);
  }

  async checkDeclaration() {
    const text = utf8(await this.read("bagit.txt"), "bagit.txt");
    require(text === "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n", "bagit.txt is not that of BagIt 1.0");
    const info = utf8(await this.read("bag-info.txt", 1 << 20), "bag-info.txt");
    const data = [...this.files].filter(([path]) => path.startsWith("data/"));
    const oxum = `${data.reduce((sum, [, file]) => sum + file.size, 0)}.${data.length}`;
    for (const match of info.matchAll(/^payload-oxum:[ \t]*(.*)$/gim)) {
      require(match[1] === oxum, `bag-info.txt states a payload of ${excerpt(match[1])}, and it has ${oxum}`);
    }
  }

  async hashFiles() {
    let done = 0;
    for (const [path, file] of this.files) {
      done += 1;
      const read = (bytes) => this.advance(bytes, `file ${done} of ${this.files.size}`);
      await this.attempt(null, async () => this.digests.set(path, await digestsOfFile(file, read)));
    }
  }

  async checkManifests(algorithm) {
    const names = [`manifest-${algorithm}.txt`, `tagmanifest-${algorithm}.txt`];
    for (const name of names) {
      await this.attempt(null, async () => {
        const listed = await this.readManifest(name, hashDigits[algorithm]);
        const belongs = (path) => path.startsWith("data/") ? name === names[0]
          : name === names[1] && !path.startsWith("tagmanifest-") && path !== "bundle.note";
        for (const [path, digest] of listed) {
          if (!belongs(path)) this.find(`${name} lists ${excerpt(path)}, which has no place there`);
          else if (!this.files.has(path)) this.find(`${excerpt(path)} is missing`, this.numberOf(path));
          else if (this.digests.get(path)?.[algorithm] !== digest) {
            this.find(`${excerpt(path)} was changed: its ${algorithm.replace("sha", "SHA-")} is not that of ${name}`, this.numberOf(path));
          }
        }
        for (const path of this.files.keys()) {
          if (belongs(path) && !listed.has(path)) this.find(`${excerpt(path)} is not listed in ${name}`, this.numberOf(path));
        }
      });
    }
  }

  async readManifest(name, digits) {
    const listed = new Map();
    const text = utf8(await this.read(name, manifestLimit), name);
    require(text === "" || text.endsWith("\n"), `${name} ends within a line: it was cut`);
    for (const line of text.split("\n").slice(0, -1)) {
      const match = manifestLine.exec(line);
      require(match && match[1].length === digits && !listed.has(match[2]), `${name} has a line that is not a hash and a name, once: ${excerpt(line)}`);
      listed.set(match[2], match[1].toLowerCase());
    }
    return listed;
  }

  numberOf(path) {
    return fromDecimal(/^(?:data|proof)\/([0-9]+)[.-]/.exec(path)?.[1] ?? "");
  }

  async readIdentity() {
    this.identities = null;
    if (!this.plain) return;
    const bytes = await this.read("proof/identity.txt", 4096);
    this.canOpen = await x25519.isAvailable();
    if (this.canOpen) this.identities = await readIdentities(bytes);
  }

  async checkGenesis() {
    const bytes = await this.read("proof/0.entry", entryLimit);
    const { said, note } = parseEntry(bytes);
    require(said.type === "genesis" && said.seq === 0 && /^0{64}$/.test(said.prev), "entry 0 does not begin a log");
    const custodian = await parseKey(said.custodian.key);
    this.log = await parseKey(said.log);
    this.origin = said.origin;
    require(this.log.name === said.origin, "the log's key has another name than the vault");
    require(said.actor === custodian.actor && said.cosigner === undefined, "entry 0 is not of the custodian that it names");
    require(said.custodian.roles.some((role) => role !== "witness"), "entry 0 is of a witness");
    await verifySigners(note, [custodian], "entry 0");
    const leaf = await leafHash(bytes);
    this.fingerprint = hex(leaf);
    if (this.wanted) {
      require(this.wanted === this.fingerprint, `this is another vault: its fingerprint is ${this.fingerprint}`);
    }
    this.known.set(0, { bytes, said, leaf });
    this.custody = new Custody(said, this.log);
    this.logKeys = new LogKeys(this.log);
    await this.logKeys.learn(await this.logKeyEntries());
    this.custody.admit(custodian, said.custodian.roles);
    this.custody.noteSigners("genesis", said);
    this.custody.take(0, said, leaf);
    const parts = this.numbers.get(0) ?? {};
    for (const part of ["sealed", "original", "header", "metadata"]) {
      if (parts[part]) this.find(`${excerpt(parts[part])} has no place: entry 0 has no sealed file`, 0);
    }
    await this.attempt(0, () => this.checkProof(0));
    await this.attempt(null, async () => {
      require(utf8(await this.read("proof/log.vkey"), "proof/log.vkey") === `${said.log}\n`, "proof/log.vkey is not the key that entry 0 names");
    });
  }

  // Read ahead of the others; what cannot be read is said in its turn.
  async logKeyEntries() {
    const found = [];
    for (const number of [...this.numbers.keys()].filter((one) => one > 0).sort((a, b) => a - b)) {
      const file = this.files.get(`proof/${number}.entry`);
      const bytes = file && file.size <= entryLimit ? await bytesOf(file) : null;
      if (!bytes || !utf8OrEmpty(bytes).startsWith('{"v":1,"type":"log-key",')) continue;
      try {
        found.push(parseEntry(bytes));
      } catch {
        continue;
      }
    }
    return found;
  }

  async checkNumber(number) {
    const parts = this.numbers.get(number);
    if (!await this.attempt(number, () => this.readEntry(number))) return;
    const { said } = this.known.get(number);
    if (await this.attempt(number, () => this.custody.follow(this.known.get(number)))) this.noteExport(said);
    await this.attempt(number, () => this.checkProof(number));
    if (sealedTypes.includes(said.type)) {
      this.items += 1;
      await this.attempt(number, () => this.checkSealed(number, said, parts));
      return;
    }
    for (const part of ["sealed", "original", "header", "metadata"]) {
      if (parts[part]) this.find(`${excerpt(parts[part])} has no place: the entry has no sealed file`, number);
    }
  }

  async readEntry(number) {
    const bytes = await this.read(`proof/${number}.entry`, entryLimit);
    const entry = parseEntry(bytes);
    const { said } = entry;
    require(said.type !== "genesis", "a second beginning of the log");
    require(said.origin === this.origin, `the entry is of another vault, ${excerpt(said.origin)}`);
    require(said.seq === number, `the entry says that it is entry ${said.seq}`);
    const before = this.known.get(number - 1);
    require(!before || said.prev === hex(before.leaf), `the entry does not follow entry ${number - 1}`);
    const leaf = await leafHash(bytes);
    this.known.set(number, { bytes, leaf, ...entry });
    this.custody.take(number, said, leaf);
  }

  async checkProof(number) {
    const proof = parseProof(await this.read(`proof/${number}.tlog-proof`));
    require(proof.index === number, `its proof is of entry ${proof.index}`);
    if (proof.checkpoint !== this.checkpoint?.text) {
      const note = parseNote(encoder.encode(proof.checkpoint), "its checkpoint");
      const checkpoint = await this.logKeys.open(note, "its checkpoint");
      require(checkpoint.origin === this.origin, "its checkpoint is of another log");
      require(!this.checkpoint || (this.checkpoint.size === checkpoint.size && equal(this.checkpoint.root, checkpoint.root)),
        "its proof has another checkpoint than the others");
      this.checkpoint = { ...checkpoint, text: proof.checkpoint };
    }
    require(number < this.checkpoint.size, `it stands beyond the log's ${this.checkpoint.size} entries`);
    const root = await rootOfPath(this.known.get(number).leaf, number, this.checkpoint.size, proof.path);
    require(root && equal(root, this.checkpoint.root), "its proof does not lead to the checkpoint's root");
  }

  async checkSealed(number, said, parts) {
    const path = `data/${number}.age`;
    require(this.files.has(path), `${path} is missing`);
    const original = await checkHeader(await this.read(`proof/${number}.header`), said);
    const header = await checkPayload(this.files.get(path), said.payload, (bytes) => this.advance(bytes, `entry ${number}`));
    this.receivers.set(number, header.stanzas.length);
    if (!this.plain) return;
    require(parts.original, "the original is missing");
    require(parts.metadata, "the metadata are missing");
    const beside = await this.read(parts.metadata, tailLimit);
    const { metadata, text } = parseMetadata(beside);
    require(parts.original === originalName(number, metadata), `${excerpt(parts.original)} is not how the original is called`);
    require(this.files.get(parts.original).size === metadata.size && this.digests.get(parts.original)?.sha256 === metadata.digests.sha256,
      `${excerpt(parts.original)} has not the size and digest of its metadata`);
    this.known.get(number).metadata = text;
    if (!this.identities) return;
    const sealed = await openMetadata(this.files.get(path), header, original, said.payload, this.identities);
    require(equal(sealed, beside), "the metadata beside it are not those that were sealed");
    this.opened += 1;
  }

  noteExport(said) {
    if (said.type !== "access" || said.act !== "export") return;
    // A plain bundle's sealed files are for the identity that lies in it.
    this.exports.push({ ranges: parseItems(said.items), receivers: said.recipients ? new Set(said.recipients).size : 1 });
  }

  // A sealed file is for as many as one of the exports that name it: one more is somebody of whom nobody speaks.
  checkReceivers() {
    const turns = this.exports.flatMap(({ ranges, receivers }) => ranges.flatMap(([first, last]) => [
      { at: first, receivers, more: 1 }, { at: last + 1, receivers, more: -1 }])).sort((a, b) => a.at - b.at);
    const named = new Map();  // for how many receivers, by how many of the exports that name the position
    let next = 0, all = 0;
    for (const [number, count] of [...this.receivers].sort(([a], [b]) => a - b)) {
      for (; next < turns.length && turns[next].at <= number; next += 1) {
        const { receivers, more } = turns[next];
        named.set(receivers, (named.get(receivers) ?? 0) + more);
        all += more;
      }
      if (all && !named.get(count)) {
        this.find(`the sealed file is for ${count} ${count === 1 ? "receiver" : "receivers"}, and no entry in the bundle that exports it names as many`, number);
      }
    }
  }

  // Who made the bundle: a custodian, as its entries leave it, over both tag manifests.
  async checkNote() {
    const what = "bundle.note";
    const note = parseNote(await this.read(what, noteLimit), what);
    const said = parseLine(note.text, what);
    require(hasForm(said, noteForm), `${what} does not have the keys of a bundle's statement`);
    const maker = this.custody.member(said.made_by, "custodian");
    await verifySigners(note, [maker.key], what);
    for (const algorithm of Object.keys(hashDigits)) {
      const manifest = `tagmanifest-${algorithm}.txt`;
      require(said[algorithm] === this.digests.get(manifest)?.[algorithm], `${what} is of another ${manifest}`);
    }
    require(said.origin === this.origin, `${what} is of another vault, ${excerpt(said.origin)}`);
    require(!this.checkpoint || said.size === this.checkpoint.size, `${what} is of a log of ${said.size} entries`);
    const sealed = [...this.numbers].filter(([number, parts]) => number > 0 && parts.sealed).length;
    require(said.sealed_files === sealed, `${what} says that there are ${said.sealed_files} sealed files, and there are ${sealed}`);
    const [first, last = first] = said.range.split("-").map(Number);
    require(last < said.size, `${what} has a range beyond the log's end`);
    this.maker = said;
    const missing = said.size - this.known.size;
    if (missing) this.notes.push(`Of the ${said.size} positions of the log, the bundle has nothing of ${missing}.`);
  }

  sayWhatIsDoubtful() {
    this.doubtful = this.custody.validOnlyIfBefore();
    for (const { key, since, entry } of this.custody.compromised) {
      const numbers = this.custody.signedBy.get(key) ?? [];
      if (!numbers.length) continue;
      const named = numbers.length > 20 ? `${numbers.slice(0, 20).join(", ")} and ${numbers.length - 20} more` : numbers.join(", ");
      this.notes.push(`Entry ${entry} says that others may have had the key ${excerpt(key)} since ${when(since)}. `
        + `What it signed is valid only if it was made before, which nothing in a bundle shows: entries ${named}.`);
    }
  }

  // What is read on the page stands in its own copy of the entries. It must be the bundle's.
  compareWithPage() {
    for (const number of new Set([...this.embedded.keys(), ...this.known.keys()])) {
      const shown = this.embedded.get(number), known = this.known.get(number);
      const same = shown && known && equal(known.bytes, encoder.encode(shown.entry)) && (shown.metadata ?? null) === (known.metadata ?? null);
      if (!same) this.misshown.push(number);
    }
  }

  sayWhatWasNotChecked() {
    if (!signatures.available) this.unchecked.push("Signatures: this browser cannot check Ed25519. Nothing here shows who signed.");
    if (!this.wanted) this.unchecked.push("The vault: no fingerprint was typed in, so nothing says that this is the vault you mean.");
    if (!this.plain) this.unchecked.push("Contents: the bundle is sealed. Names and contents need the receiver's key, and other tools.");
    else if (!this.identities) this.unchecked.push("Contents: this browser lacks X25519, so that the originals are the sealed ones was not checked.");
    else this.unchecked.push("Contents: the originals have the digests that were sealed with them when they were taken in. "
      + "That the sealed files decompress to the same bytes is left to exhibit-verify and tools/verify_bundle.py.");
  }
}
