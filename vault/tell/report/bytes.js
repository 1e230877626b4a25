// Bytes, their spellings, and SHA-2. Each spelling is taken in its one form only.
"use strict";

// Something that does not hold. What is built on it is not looked at; everything else is.
class Finding extends Error {}

function require(condition, message) {
  if (!condition) throw new Finding(message);
}

const encoder = new TextEncoder();

function utf8(bytes, what) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Finding(`${what} is not UTF-8`);
  }
}

function utf8OrEmpty(bytes) {
  try {
    return utf8(bytes, "");
  } catch {
    return "";
  }
}

function concat(...parts) {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function equal(a, b) {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function fromHex(text) {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

// The number whose bytes these are, the lowest first.
const little = (bytes) => bytes.reduceRight((number, byte) => number << 8n | BigInt(byte), 0n);

function base64(bytes) {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

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

// A whole number without sign or leading zeros, or null. Those above 2^53 are not exact here.
function fromDecimal(text) {
  const number = /^(0|[1-9][0-9]{0,15})$/.test(text) ? Number(text) : NaN;
  return Number.isSafeInteger(number) ? number : null;
}

async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

// SHA-2 (FIPS 180-4) piece by piece: WebCrypto wants the whole of a file at once, and a disk image is
// larger than what a page may hold.
class HashStream {
  // Of the first primes the root's fraction, in so many bits.
  static fractions(count, bits, power) {
    const primes = [];
    for (let number = 2; primes.length < count; number += 1) {
      if (primes.every((prime) => number % prime)) primes.push(number);
    }
    return primes.map((prime) => {
      const wanted = BigInt(prime) << BigInt(bits) * power;
      let root = 0n;
      for (let bit = 1n << BigInt(bits + 5); bit; bit >>= 1n) root += (root + bit) ** power <= wanted ? bit : 0n;
      return BigInt.asUintN(bits, root);
    });
  }

  constructor(blockBytes) {
    this.blockBytes = blockBytes;
    this.rest = new Uint8Array(0);
    this.size = 0;
  }

  update(bytes) {
    this.size += bytes.length;
    const data = this.rest.length ? concat(this.rest, bytes) : bytes;
    const whole = data.length - data.length % this.blockBytes;
    for (let at = 0; at < whole; at += this.blockBytes) this.block(data, at);
    this.rest = data.slice(whole);
  }

  // One bit, zeros, and the length in bits at the end of a block.
  pad() {
    const bits = new DataView(new ArrayBuffer(8));
    bits.setBigUint64(0, BigInt(this.size) * 8n);
    const lengthBytes = this.blockBytes / 8;
    const zeros = (2 * this.blockBytes - 1 - lengthBytes - this.size % this.blockBytes) % this.blockBytes + lengthBytes - 8;
    this.update(concat(Uint8Array.of(0x80), new Uint8Array(zeros), new Uint8Array(bits.buffer)));
  }
}

class Sha256Stream extends HashStream {
  static round = Int32Array.from(HashStream.fractions(64, 32, 3n), Number);
  static start = Int32Array.from(HashStream.fractions(8, 32, 2n), Number);

  constructor() {
    super(64);
    this.state = Int32Array.from(Sha256Stream.start);
    this.words = new Int32Array(64);
  }

  block(data, at) {
    const words = this.words;
    const rounds = Sha256Stream.round;
    for (let i = 0; i < 16; i += 1, at += 4) {
      words[i] = data[at] << 24 | data[at + 1] << 16 | data[at + 2] << 8 | data[at + 3];
    }
    for (let i = 16; i < 64; i += 1) {
      const x = words[i - 15], y = words[i - 2];
      const s0 = (x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3;
      const s1 = (y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10;
      words[i] = words[i - 16] + s0 + words[i - 7] + s1 | 0;
    }
    const state = this.state;
    let a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
    for (let i = 0; i < 64; i += 1) {
      const s1 = (e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7);
      const one = h + s1 + (e & f ^ ~e & g) + rounds[i] + words[i] | 0;
      const s0 = (a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10);
      const two = s0 + (a & b ^ a & c ^ b & c) | 0;
      h = g; g = f; f = e; e = d + one | 0;
      d = c; c = b; b = a; a = one + two | 0;
    }
    state[0] += a; state[1] += b; state[2] += c; state[3] += d;
    state[4] += e; state[5] += f; state[6] += g; state[7] += h;
  }

  finish() {
    this.pad();
    const digest = new DataView(new ArrayBuffer(32));
    this.state.forEach((word, at) => digest.setInt32(4 * at, word));
    return new Uint8Array(digest.buffer);
  }
}

// Numbers of 64 bits as two halves each, the higher first: those of BigInt are too slow by far.
class Sha512Stream extends HashStream {
  static halves = (numbers) => Int32Array.from(numbers.flatMap((number) => [Number(number >> 32n), Number(number & 0xffffffffn)]));
  static round = Sha512Stream.halves(HashStream.fractions(80, 64, 3n));
  static start = Sha512Stream.halves(HashStream.fractions(8, 64, 2n));

  constructor() {
    super(128);
    this.state = Int32Array.from(Sha512Stream.start);
    this.words = new Int32Array(160);
  }

  schedule(data, at) {
    const words = this.words;
    for (let i = 0; i < 32; i += 1, at += 4) {
      words[i] = data[at] << 24 | data[at + 1] << 16 | data[at + 2] << 8 | data[at + 3];
    }
    for (let i = 32; i < 160; i += 2) {
      const xh = words[i - 30], xl = words[i - 29], yh = words[i - 4], yl = words[i - 3];
      const s0h = (xh >>> 1 | xl << 31) ^ (xh >>> 8 | xl << 24) ^ xh >>> 7;
      const s0l = (xl >>> 1 | xh << 31) ^ (xl >>> 8 | xh << 24) ^ (xl >>> 7 | xh << 25);
      const s1h = (yh >>> 19 | yl << 13) ^ (yl >>> 29 | yh << 3) ^ yh >>> 6;
      const s1l = (yl >>> 19 | yh << 13) ^ (yh >>> 29 | yl << 3) ^ (yl >>> 6 | yh << 26);
      const low = (words[i - 31] >>> 0) + (s0l >>> 0) + (words[i - 13] >>> 0) + (s1l >>> 0);
      words[i] = words[i - 32] + s0h + words[i - 14] + s1h + (low / 0x100000000 | 0);
      words[i + 1] = low | 0;
    }
  }

  block(data, at) {
    this.schedule(data, at);
    const words = this.words, rounds = Sha512Stream.round, state = this.state;
    let [ah, al, bh, bl, ch, cl, dh, dl, eh, el, fh, fl, gh, gl, hh, hl] = state;
    for (let i = 0; i < 160; i += 2) {
      const s1h = (eh >>> 14 | el << 18) ^ (eh >>> 18 | el << 14) ^ (el >>> 9 | eh << 23);
      const s1l = (el >>> 14 | eh << 18) ^ (el >>> 18 | eh << 14) ^ (eh >>> 9 | el << 23);
      const oneLow = (hl >>> 0) + (s1l >>> 0) + ((el & fl ^ ~el & gl) >>> 0) + (rounds[i + 1] >>> 0) + (words[i + 1] >>> 0);
      const oneHigh = hh + s1h + (eh & fh ^ ~eh & gh) + rounds[i] + words[i] + (oneLow / 0x100000000 | 0) | 0;
      const s0h = (ah >>> 28 | al << 4) ^ (al >>> 2 | ah << 30) ^ (al >>> 7 | ah << 25);
      const s0l = (al >>> 28 | ah << 4) ^ (ah >>> 2 | al << 30) ^ (ah >>> 7 | al << 25);
      const one = oneLow >>> 0;
      const twoLow = one + (s0l >>> 0) + ((al & bl ^ al & cl ^ bl & cl) >>> 0);
      const twoHigh = oneHigh + s0h + (ah & bh ^ ah & ch ^ bh & ch) + (twoLow / 0x100000000 | 0) | 0;
      const next = (dl >>> 0) + one;
      hh = gh; hl = gl; gh = fh; gl = fl; fh = eh; fl = el;
      eh = dh + oneHigh + (next / 0x100000000 | 0) | 0;
      el = next | 0;
      dh = ch; dl = cl; ch = bh; cl = bl; bh = ah; bl = al;
      ah = twoHigh;
      al = twoLow | 0;
    }
    const sums = [ah, al, bh, bl, ch, cl, dh, dl, eh, el, fh, fl, gh, gl, hh, hl];
    for (let i = 0; i < 16; i += 2) {
      const low = (state[i + 1] >>> 0) + (sums[i + 1] >>> 0);
      state[i] += sums[i] + (low / 0x100000000 | 0);
      state[i + 1] = low | 0;
    }
  }

  finish() {
    this.pad();
    const digest = new DataView(new ArrayBuffer(64));
    this.state.forEach((word, at) => digest.setInt32(4 * at, word));
    return new Uint8Array(digest.buffer);
  }
}

async function bytesOf(blob) {
  return new Uint8Array(await blob.arrayBuffer());
}

const wholeFileLimit = 32 * 1024 * 1024;
const pieceBytes = 8 * 1024 * 1024;

// Those of the manifests, in hex. `read` is told of bytes as they are read.
async function digestsOfFile(file, read) {
  if (file.size <= wholeFileLimit) {
    const bytes = await bytesOf(file);
    const digests = [await sha256(bytes), new Uint8Array(await crypto.subtle.digest("SHA-512", bytes))];
    read(file.size);
    return { sha256: hex(digests[0]), sha512: hex(digests[1]) };
  }
  const hashes = { sha256: new Sha256Stream(), sha512: new Sha512Stream() };
  for (let at = 0; at < file.size; at += pieceBytes) {
    const piece = await bytesOf(file.slice(at, at + pieceBytes));
    hashes.sha256.update(piece);
    hashes.sha512.update(piece);
    read(piece.length);
  }
  return { sha256: hex(hashes.sha256.finish()), sha512: hex(hashes.sha512.finish()) };
}

// Text of the evidence, cut to a length that a message can have.
function excerpt(text) {
  return text.length > 160 ? `${text.slice(0, 160)}…` : text;
}
