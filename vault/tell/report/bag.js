// The files of a bundle's folder, and its manifests (BagIt 1.0, RFC 8493; docs/FORMAT.md, "Bundle").
"use strict";

const manifestLimit = 2 ** 28, bagInfoLimit = 2 ** 20, smallFileLimit = 65535;
const logFileLimit = 2 ** 31, textLimit = 2 ** 29 - 2 ** 25;  // the second is what a browser keeps as one text
const filesLimit = 1000000, pathLimit = 1024, pathParts = 66;

// What a bundle may have; whatever else lies in it is a finding.
const places = {
  bag: ["bagit.txt", "bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt"],
  sha512: ["manifest-sha512.txt", "tagmanifest-sha512.txt"],
  log: ["log/entries", "log/hashes", "log/fields", "log/files", "log/checkpoint"],
  sealed: ["log/layouts", "log/headers"],
  people: ["VERIFY.txt", "report.html", "items.csv", "custody.jsonld", "certificate.txt", "omissions.json", "policy.txt"],
  other: ["log/timestamps", "bundle.note"],
};
const allPlaces = new Set(Object.values(places).flat());
const listedNowhere = ["tagmanifest-sha256.txt", "tagmanifest-sha512.txt", "bundle.note"];
const isCompanion = (name) => places.people.includes(name) || name === "bag-info.txt";

// What an operating system leaves (docs/FORMAT.md). Windows and macOS treat their names in any case, Linux in one.
// A `*` is at least one character.
const named = (names, flags) => {
  const patterns = names.map((name) => name.replace(/[.+$#]/g, "\\$&").replace("*", ".+"));
  return new RegExp(`^(${patterns.join("|")})$`, flags);
};
const foreignFiles = [
  named([".DS_Store", "._*", ".localized", ".apdisk", ".VolumeIcon.icns", "Icon\r", "Thumbs.db", "Thumbs.db:encryptable", "ehthumbs.db",
    "ehthumbs_vista.db", "desktop.ini", ".LSOverride", ".metadata_never_index", ".com.apple.timemachine.donotpresent"], "is"),
  named([".directory", ".nfs*", ".fuse_hidden*", ".hidden", ".~lock.*#", "~$*", "*~", ".*.swp"], "s")];
const foreignFolders = [
  named([".Trashes", ".fseventsd", ".Spotlight-V100", ".DocumentRevisions-V100", ".TemporaryItems", ".AppleDouble", "__MACOSX",
    "System Volume Information", "$RECYCLE.BIN", "RECYCLER", ".AppleDB", ".AppleDesktop", "Network Trash Folder", "Temporary Items"], "i"),
  named(["lost+found", ".Trash", ".Trash-*", "@eaDir", "#recycle"], "s"), /^found\.[0-9]{3}$/i];

function isForeign(path) {
  const folders = path.split("/"), name = folders.pop();
  return foreignFiles.some((one) => one.test(name)) || folders.some((folder) => foreignFolders.some((one) => one.test(folder)));
}

// How two names are alike that a medium made of one: letters and digits, without case or a version (";1").
const lettersOf = (name) => name.split(";")[0].replace(/[^A-Za-z0-9]/g, "").toLowerCase();
const ascending = (one, other) => compareBytes(encoder.encode(one), encoder.encode(other));

// A path that stays below its folder, and not a long one.
function isPath(name) {
  const parts = name.split("/");
  return name.length <= pathLimit && parts.length <= pathParts && parts.every((part) => !["", ".", ".."].includes(part));
}

// Hash and name of each line as RFC 8493, section 2.1.3, allows them; null for what is no such line.
function manifestLines(text, algorithm) {
  const pattern = new RegExp(`^([0-9a-fA-F]{${hexDigits[algorithm]}})[ \\t]+\\*?([^ \\t].*?)\\r?$`, "s");
  return text.split("\n").slice(0, -1).map((line) => {
    const match = pattern.exec(line);
    return { line, hash: match && match[1].toLowerCase(), name: match && match[2] };
  });
}

// Text that need not be UTF-8: what is none becomes U+FFFD. A byte order mark stays, as in every file here.
const anyText = (bytes) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);

class Bag {
  // `files`: a Map from relative path to File. `read` is told of bytes as they are read.
  constructor(files, read) {
    Object.assign(this, { files: new Map(files), read });
    this.foreign = [];
    this.renamed = new Map();  // name in the bundle to the one that is here
    this.known = new Map();    // digests, by name and then by algorithm
  }

  static async open(files, read) {
    const bag = new Bag(files, read);
    bag.checkItIsABundle();
    for (const name of [...places.log, ...places.sealed, "log/timestamps"]) bag.checkItFits(name);
    await bag.setForeignAside();
    await bag.findRenamed();
    return bag;
  }

  // What a bundle has and no other bag; then whatever else is missing is a finding.
  checkItIsABundle() {
    if (this.files.size > filesLimit) throw new CannotRun(`There are more than ${filesLimit} files.`);
    const top = [...this.files.keys()].filter((name) => !name.includes("/")).sort(ascending);
    for (const own of listedNowhere) {  // which no hash finds
      const other = top.find((name) => lettersOf(name) === lettersOf(own));
      if (top.includes(own) || other === undefined) continue;
      throw new CannotRun(`${own} is here under another name, ${excerpt(other)}: a medium or a tool changed names. `
        + "Give the files back their own, or carry the bundle as one .tar or .zip.");
    }
    if (["bundle.note", "log/entries", "log/checkpoint"].some((name) => this.files.has(name))) return;
    throw new CannotRun(this.files.has("bagit.txt") ? "This is a BagIt bag, but not a bundle of Exhibit."
      : "This folder is no bundle: it is not a bag of BagIt 1.0.");
  }

  // What docs/FORMAT.md allows, and a browser does not read.
  checkItFits(name) {
    const size = this.files.get(name)?.size ?? 0;
    if (size <= textLimit) return;
    throw new CannotRun(`Not decided here: ${name} has ${size} bytes, and a page reads at most ${textLimit} of such a file. `
      + "This page did not check the bundle. exhibit-verify does: it reads all of it.");
  }

  // What a system left, unless a manifest lists it: what is signed for is checked.
  async setForeignAside() {
    const foreign = [...this.files.keys()].filter(isForeign);
    if (!foreign.length) return;
    const listed = await this.listedAnywhere();
    this.foreign = foreign.filter((name) => !listed.has(name)).sort(ascending);
    for (const name of this.foreign) this.files.delete(name);
  }

  // What is listed and not here is looked for, by its hashes, among what is here and listed nowhere: a medium may have
  // changed its name. A manifest that is found so tells of more.
  async findRenamed() {
    for (let found = true; found;) {
      const listed = await this.listedAnywhere(), missing = [...listed.keys()].filter((name) => !this.files.has(name)).sort(ascending);
      found = false;
      if (!missing.length) return;
      const others = [...this.files.keys()].filter((name) => !listed.has(name) && !listedNowhere.includes(name));
      const unlisted = await this.byHash(others.sort(ascending));
      for (const name of missing) {
        const hashes = [...listed.get(name)], candidates = unlisted.get(hashes[0].join(" ")) ?? [];
        const other = candidates.find((one) => this.files.has(one));
        if (other === undefined || !hashes.every(([algorithm, hash]) => this.known.get(other)[algorithm] === hash)) continue;
        this.rename(name, other);
        found = true;
      }
    }
  }

  // Names by "algorithm hash" of their files.
  async byHash(names) {
    const found = new Map();
    for (const name of names) {
      try {
        for (const [algorithm, hash] of Object.entries(await this.digests(name, this.algorithms()))) {
          const key = `${algorithm} ${hash}`;
          if (!found.has(key)) found.set(key, []);
          found.get(key).push(name);
        }
      } catch {
        continue;  // what cannot be read is said where it is missed
      }
    }
    return found;
  }

  rename(name, other) {
    this.renamed.set(name, other);
    this.files.set(name, this.files.get(other));
    this.files.delete(other);
    this.known.set(name, this.known.get(other));
    this.known.delete(other);
  }

  // Every name that a manifest speaks of, whatever else is wrong with that, with its hashes by algorithm.
  async listedAnywhere() {
    const names = new Map();
    for (const { manifest, algorithm } of this.manifests()) {
      let text = "";
      try {
        text = anyText(await this.bytes(manifest, manifestLimit));
      } catch {
        continue;
      }
      for (const { hash, name } of manifestLines(text, algorithm)) {
        if (name === null) continue;
        if (!names.has(name)) names.set(name, new Map());
        names.get(name).set(algorithm, hash);
      }
    }
    return names;
  }

  algorithms() {
    return places.sha512.some((name) => this.files.has(name)) ? ["sha256", "sha512"] : ["sha256"];
  }

  // Each manifest that must be here, its algorithm, and which files it lists.
  manifests() {
    const isPayload = (name) => name.startsWith("data/");
    const isTag = (name) => !isPayload(name) && !name.startsWith("tagmanifest-") && name !== "bundle.note";
    return this.algorithms().flatMap((algorithm) => [
      { manifest: `manifest-${algorithm}.txt`, algorithm, belongs: isPayload },
      { manifest: `tagmanifest-${algorithm}.txt`, algorithm, belongs: isTag }]);
  }

  file(name) {
    if (!this.files.has(name)) throw new Finding("file-missing", `${excerpt(name)} is missing`, name);
    return this.files.get(name);
  }

  async bytes(name, limit) {
    const file = this.file(name);
    require(file.size <= limit, "file-too-large", `${excerpt(name)} has more than ${limit} bytes`);
    this.checkItFits(name);
    return bytesOf(file);
  }

  // The bytes of the files of log/ that are here, by name.
  async log() {
    const parts = new Map();
    for (const name of [...places.log, ...places.sealed, "log/timestamps"]) {
      if (this.files.has(name)) parts.set(name, await this.bytes(name, logFileLimit));
    }
    return parts;
  }

  // In hex, by algorithm. Read once for each algorithm, however many ask.
  async digests(name, algorithms) {
    const known = this.known.get(name) ?? {}, missing = algorithms.filter((algorithm) => known[algorithm] === undefined);
    if (missing.length) Object.assign(known, await digestsOfFile(this.file(name), missing, (bytes) => this.read(bytes, name)));
    this.known.set(name, known);
    return known;
  }

  async digest(name, algorithm) {
    return (await this.digests(name, [algorithm]))[algorithm];
  }

  // It has one form (RFC 8493, section 2.1.1).
  async checkDeclaration() {
    const text = latin1(await this.bytes("bagit.txt", smallFileLimit));
    const why = text.includes("\r\n") ? ": its line ends were converted on the way" : "";
    require(text === "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n", "bagit-malformed",
      `bagit.txt is not that of BagIt 1.0 in UTF-8${why}`);
  }

  // The rest of bag-info.txt is for people.
  async checkOxum() {
    const data = [...this.files].filter(([name]) => name.startsWith("data/"));
    const wanted = `${data.reduce((sum, [, { size }]) => sum + size, 0)}.${data.length}`;
    const text = anyText(await this.bytes("bag-info.txt", bagInfoLimit));
    for (const line of text.split("\n").filter((one) => /^payload-oxum:/i.test(one))) {
      if (line.slice("payload-oxum:".length).replace(/^[ \t\r]+|[ \t\r]+$/g, "") === wanted) continue;
      throw new Finding("oxum-mismatch", `data/ does not hold ${excerpt(line)}, but ${wanted}`, "bag-info.txt");
    }
  }

  // What a manifest lists, each once and with its hash.
  async listedIn({ manifest, algorithm, belongs }) {
    const listed = new Map(), bytes = await this.bytes(manifest, manifestLimit);
    const bad = (condition, text) => {
      if (!condition) throw new Finding("manifest-malformed", `${manifest} ${text}`, manifest);
    };
    bad(!bytes.length || bytes.at(-1) === 10, "ends within a line: it was cut");
    for (const { line, hash, name } of manifestLines(anyText(bytes), algorithm)) {
      bad(name !== null, `has the line ${excerpt(line)}`);
      bad(!listed.has(name), `lists ${excerpt(name)} twice`);
      bad(/^[ -~]+$/.test(name) && !/[%\\:]/.test(name) && belongs(name) && isPath(name), `lists ${excerpt(name)}, which it must not`);
      listed.set(name, hash);
    }
    return listed;
  }

  // Every file is listed once, none else, and every hash is equal (RFC 8493, sections 2.1.3 and 2.2.1). `find` is told of
  // what is not so.
  async checkManifest(which, find, attempt) {
    const listed = await this.listedIn(which), { manifest, algorithm, belongs } = which;
    for (const name of [...this.files.keys()].sort(ascending)) {
      if (belongs(name) && !listed.has(name)) find(new Finding("file-unlisted", `${excerpt(name)} is not listed in ${manifest}`, name));
    }
    for (const [name, wanted] of [...listed].sort(([one], [other]) => ascending(one, other))) {
      await attempt(null, async () => {
        if (!this.files.has(name)) throw new Finding("file-missing", `${excerpt(name)} is listed in ${manifest} and missing`, name);
        const found = (await this.digests(name, this.algorithms()))[algorithm];
        if (found !== wanted) throw new Finding("manifest-mismatch", `${excerpt(name)} does not have the hash of ${manifest}`, name);
      });
    }
  }
}

// Names below data/ (docs/FORMAT.md).

const deviceName = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])$/i, safePartLimit = 200;
const escaped = (byte) => `=${byte.toString(16).toUpperCase().padStart(2, "0")}`;

function safePart(part, number, isSource) {
  const last = part.length - 1;
  const pieces = Array.from(part, (byte, at) => {
    const character = String.fromCharCode(byte), isInside = byte === 0x20 && at > 0 && at < last;
    return (/[A-Za-z0-9._-]/.test(character) && !(byte === 0x2e && at === last)) || isInside ? character : escaped(byte);
  });
  const text = latin1(part);
  if (deviceName.test(text.split(".")[0].replace(/ +$/, "")) || (isSource && /^[0-9]+(\.age)?$/.test(text))) pieces[0] = escaped(part[0]);
  const length = () => pieces.reduce((sum, piece) => sum + piece.length, 0), end = `~${number}`;
  if (length() <= safePartLimit) return pieces.join("");
  while (length() + end.length > safePartLimit) pieces.pop();
  return pieces.join("") + end;
}

// Where an original belongs below data/, or null.
function safeName(source, path, number) {
  const host = nameBytes(source), parts = [];
  for (let rest = nameBytes(path), at = 0; at <= rest.length;) {
    const slash = rest.indexOf(0x2f, at), end = slash < 0 ? rest.length : slash;
    if (end > at) parts.push(rest.slice(at, end));
    at = end + 1;
  }
  if (!host.length || !parts.length) return null;
  const name = [safePart(host, number, true), ...parts.map((part) => safePart(part, number, false))].join("/");
  return `data/${name}`.length <= pathLimit && name.split("/").length + 1 <= pathParts ? name : null;
}
