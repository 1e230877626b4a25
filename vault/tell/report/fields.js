// What is told to people: lines, each with a salt and a hash (docs/FORMAT.md, "Fields").
"use strict";

const fieldLineLimit = 65535, fieldCountLimit = 256, fieldsLimit = 1 << 20, fieldDepth = 3;
const originalLimit = 2 ** 43;
const receiversLimit = 64;

function isFieldValue(value, depth = fieldDepth) {
  if (value === null || typeof value !== "object") return true;  // whose bounds parseJson asks
  if (depth === 0) return false;
  if (Array.isArray(value)) return value.every((one) => isFieldValue(one, depth - 1));
  return Object.entries(value).every(([key, one]) => /^[a-z][a-z0-9_-]{0,63}$/.test(key) && isFieldValue(one, depth - 1));
}

// The bytes of a name: text, or the base64 of bytes that are no UTF-8.
const nameBytes = (value) => isText(value) ? encoder.encode(value) : fromBase64(value.base64);

function isNameValue(value) {
  if (isText(value)) return true;
  const bytes = hasForm(value, { base64: isText }) ? fromBase64(value.base64) : null;
  if (!bytes) return false;
  try {
    utf8(bytes, "");
    return false;
  } catch {
    return true;
  }
}

const isBytesBefore = (one, other) => compareBytes(encoder.encode(one), encoder.encode(other)) < 0;
const isCaseValue = (value) => isText(value) || (Array.isArray(value) && value.length >= 2 && value.length <= 64 && value.every(isText)
  && value.slice(1).every((one, at) => isBytesBefore(value[at], one)));

const stateForm = { whole: isBool, changed: isBool, claims: isOneOf("none", "matched", "differ"), derived: isBool,
  content: isOneOf("here", "elsewhere") };
const partsForm = { by: isOneOf("lines", "4096"), count: isPositive, root: isHash };
const itemFields = {
  "sha256": isHash, "sha512": isHex(hexDigits.sha512), "sha1": isHex(hexDigits.sha1), "md5": isHex(hexDigits.md5),
  "state": (value) => hasForm(value, stateForm), "size": (value) => isNumber(value) && value <= originalLimit,
  "name": isNameValue, "path": isNameValue, "source": isNameValue, "case": isCaseValue,
  "parts": (value) => hasForm(value, partsForm), "parts-seed": isHash };
const itemsKeys = ["items", ...Array.from({ length: 8 }, (_, at) => `items-${at + 2}`)];
const namingFields = Object.fromEntries(itemsKeys.map((key) => [key, isItems]));
const isRecipients = (value) => Array.isArray(value) && value.length > 0 && value.length <= receiversLimit
  && value.every((one) => isWordLine(one, 256));

// Those that a verifier reads, by the type of the entry.
const fieldForms = {
  "item": itemFields, "omission": itemFields, "note": { ...itemFields, ...namingFields },
  "access": { ...namingFields, "act": isOneOf("read", "prove", "export", "exported", "export-failed"), "export": isNumber,
    "manifest": isHash, "checked": isBool, "recipients": isRecipients },
  "transfer": namingFields, "receipt": namingFields, "statement": { "act": isWord } };

// A field's line with its line feed.
function parseFieldLine(line) {
  require(line.length <= fieldLineLimit && line.at(-1) === 10, "fields-malformed", "has a line that is too long or has no end");
  const value = parseJson(utf8(line.subarray(0, -1), "fields-malformed", "has a line that is not UTF-8"), "fields-malformed");
  require(Array.isArray(value) && value.length === 3 && isHex(32)(value[0]) && isWord(value[1]) && isFieldValue(value[2]),
    "fields-malformed", `has a line that is no field: ${excerpt(JSON.stringify(value))}`);
  return { salt: value[0], key: value[1], value: value[2] };
}

// The places of an entry's list: what is told, and which keys are hidden.
class Fields {
  constructor(lines) {
    require(lines.length && lines.length <= fieldCountLimit && lines.reduce((sum, line) => sum + line.length, 0) <= fieldsLimit,
      "fields-malformed", "has no fields, too many, or too long ones");
    this.told = new Map();
    this.hidden = new Set();
    this.listed = [];  // key and hash of each place
    const salts = new Set();
    for (const line of lines) this.take(line, salts);
    require(this.listed.every(([key], at) => at === 0 || this.listed[at - 1][0] < key), "fields-order", "has a key twice or out of order");
  }

  take(line, salts) {
    if (line[0] === 0x5b) {  // [
      const { salt, key, value } = parseFieldLine(line);
      require(!salts.has(salt), "fields-salt", `has the salt ${salt} twice`);
      salts.add(salt);
      this.listed.push([key, sha256Hex(line)]);
      this.told.set(key, value);
      return;
    }
    const text = latin1(line), match = /^([0-9a-f]{64}) {2}([a-z0-9-]{1,32})\n$/.exec(text);
    require(match, "fields-malformed", `has the line ${excerpt(text)}`);
    this.listed.push([match[2], match[1]]);
    this.hidden.add(match[2]);
  }

  digest() {
    return sha256Hex(encoder.encode(this.listed.map(([key, hash]) => `${hash}  ${key}\n`).join("")));
  }

  checkForms(type) {
    for (const [key, isRight] of Object.entries(fieldForms[type] ?? {})) {
      require(!this.told.has(key) || isRight(this.told.get(key)), "fields-malformed", `has a ${key} of another form`);
    }
  }

  // All that `items`, `items-2` … name, or null where not all of it is told.
  items() {
    const ranges = [];
    for (const key of itemsKeys) {
      if (this.hidden.has(key)) return null;
      if (!this.told.has(key)) continue;
      const more = parseItems(this.told.get(key));
      require(!ranges.length || more[0][0] > ranges.at(-1)[1], "fields-malformed", `has ${key} that is not after the items before`);
      ranges.push(...more);
    }
    return ranges.length ? ranges : null;
  }
}

// Blocks under lines that fit the pattern, which begins with the position: their matches, and the lines below.
function splitBlocks(bytes, pattern, name) {
  require(!bytes.length || bytes.at(-1) === 10, name, "ends within a line");
  const blocks = [];
  for (const line of linesOf(bytes)) {
    if (line[0] !== 0x3d || line[1] !== 0x20) {  // "= "
      require(blocks.length, name, `begins with ${excerpt(latin1(line.subarray(0, 200)))}`);
      blocks.at(-1).lines.push(line);
      continue;
    }
    const match = pattern.exec(latin1(line)), number = match ? fromDecimal(match[1]) : null;
    require(number !== null && number > (blocks.at(-1)?.number ?? -1), name,
      `has the line ${excerpt(latin1(line.subarray(0, 200)))}, which is malformed or not in order`);
    blocks.push({ number, match, lines: [] });
  }
  return blocks;
}

// log/fields: by position, the lines of its block.
function parseFieldBlocks(bytes) {
  const fields = new Map();
  for (const { number, match, lines } of splitBlocks(bytes, /^= ([0-9]+) ([0-9]+)\n$/, "fields-malformed")) {
    require(fromDecimal(match[2]) === lines.length, "fields-malformed", `has ${lines.length} lines of entry ${number} instead of ${match[2]}`);
    fields.set(number, lines);
  }
  return fields;
}
