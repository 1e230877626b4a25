// Bytes, text and numbers, each in its one spelling (docs/FORMAT.md, "Conventions").
"use strict";

// Something that does not hold. What is built on it is not looked at; everything else is. The name stays the same across
// versions and programs; `file` is the file of the bundle that it is about.
class Finding extends Error {
  constructor(name, text, file = null) {
    super(text);
    Object.assign(this, { name, file });
  }
}

// The check itself cannot be made, which says nothing about the bundle.
class CannotRun extends Error {}

// From this position on a newer version is needed.
class Newer extends Error {
  constructor(position, why) {
    super(why);
    this.position = position;
  }
}

function require(condition, name, text) {
  if (!condition) throw new Finding(name, text);
}

const most = Number.MAX_SAFE_INTEGER;  // 2^53 - 1
const encoder = new TextEncoder();

function utf8(bytes, name, text = "is not UTF-8") {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Finding(name, text);
  }
}

const latin1 = (bytes) => Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");

function concat(...parts) {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

// Of bytes, and of lists of words or numbers.
function equal(a, b) {
  return a.length === b.length && a.every((one, at) => one === b[at]);
}

// Below, at, or above 0, as the bytes of the one are before, like, or after the other's.
function compareBytes(a, b) {
  for (let at = 0; at < Math.min(a.length, b.length); at += 1) {
    if (a[at] !== b[at]) return a[at] - b[at];
  }
  return a.length - b.length;
}

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const fromHex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));

// The number whose bytes these are, the lowest first.
const little = (bytes) => bytes.reduceRight((number, byte) => number << 8n | BigInt(byte), 0n);
const littleNumber = (bytes) => bytes.reduceRight((number, byte) => number * 256 + byte, 0);

const base64 = (bytes) => btoa(latin1(bytes));

// The bytes of canonical base64, or null.
function fromBase64(text, length = null, padded = true) {
  let bytes;
  try {
    bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
  const again = base64(bytes);
  if ((padded ? again : again.replace(/=+$/, "")) !== text) return null;
  return length === null || bytes.length === length ? bytes : null;
}

// So many bytes of an age recipient or identity in Bech32 (BIP 173), all in lower case, or null.
function fromBech32(text, prefix, length) {
  const alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
  const values = Array.from(text.slice(prefix.length + 1), (character) => alphabet.indexOf(character));
  const codes = Array.from(prefix, (character) => character.charCodeAt(0));
  const count = Math.ceil(length * 8 / 5);
  if (!text.startsWith(`${prefix}1`) || values.length !== count + 6 || values.includes(-1)) return null;
  let check = 1;
  for (const value of [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31), ...values]) {
    const top = check >>> 25;
    check = (check & 0x1ffffff) << 5 ^ value;
    [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3].forEach((constant, bit) => {
      check ^= top >> bit & 1 ? constant : 0;
    });
  }
  if (check !== 1) return null;
  const bytes = [];
  let held = 0, bits = 0;
  for (const value of values.slice(0, count)) {
    held = (held & 0x7f) << 5 | value;
    bits += 5;
    if (bits >= 8) bytes.push(held >> (bits -= 8) & 255);
  }
  return held & (1 << bits) - 1 ? null : Uint8Array.from(bytes);
}

// A number without sign or leading zeros, or null.
function fromDecimal(text) {
  const number = /^(0|[1-9][0-9]{0,15})$/.test(text) ? Number(text) : NaN;
  return Number.isSafeInteger(number) ? number : null;
}

// The lines of a file, each with its line feed, as views of its bytes. The last one may have none.
function linesOf(bytes) {
  const lines = [];
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(10, at);
    const next = end < 0 ? bytes.length : end + 1;
    lines.push(bytes.subarray(at, next));
    at = next;
  }
  return lines;
}

// Lines of text without their line feeds, of which the last has one.
function textLines(bytes, name, text) {
  require(!bytes.length || bytes.at(-1) === 10, name, `${text} ends within a line`);
  return utf8(bytes, name, `${text} is not UTF-8`).split("\n").slice(0, -1);
}

// Text of the evidence, cut to a length that a message can have.
const excerpt = (text) => text.length > 160 ? `${text.slice(0, 160)}…` : text;

// Sets of positions: lists of ranges, each the first and the last, ascending.

const itemsLimit = 65536;

// Null if the text is not in its one spelling.
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
  return count <= itemsLimit ? ranges : null;
}

const countOf = (ranges) => ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);
const positionsOf = (ranges) => ranges.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, at) => first + at));

function rangesOf(numbers) {
  const ranges = [];
  for (const number of numbers) {
    if (ranges.length && ranges.at(-1)[1] === number - 1) ranges.at(-1)[1] = number;
    else ranges.push([number, number]);
  }
  return ranges;
}

// Whether two sets have a position in common.
function overlap(ranges, others) {
  let one = 0, other = 0;
  while (one < ranges.length && other < others.length) {
    if (ranges[one][1] < others[other][0]) one += 1;
    else if (others[other][1] < ranges[one][0]) other += 1;
    else return true;
  }
  return false;
}

// What is left of a set without the others.
function subtract(ranges, others) {
  const left = [];
  for (const [begin, last] of ranges) {
    let first = begin;
    for (const [low, high] of others) {
      if (high < first || low > last) continue;
      if (low > first) left.push([first, low - 1]);
      first = high + 1;
    }
    if (first <= last) left.push([first, last]);
  }
  return left;
}

// Where the first of ascending numbers is that is not below one; the end, if all are.
function firstAtLeast(numbers, wanted) {
  let from = 0, to = numbers.length;
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if (numbers[middle] < wanted) from = middle + 1;
    else to = middle;
  }
  return from;
}
