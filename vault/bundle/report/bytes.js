// Bytes, their spellings, and SHA-256. Each spelling is taken in its one form only.
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

// SHA-256 (FIPS 180-4) piece by piece: WebCrypto wants the whole of a file at once, and a disk image is
// larger than what a page may hold.
class Sha256Stream {
  static constants = (() => {
    const primes = [];
    for (let number = 2; primes.length < 64; number += 1) {
      if (primes.every((prime) => number % prime)) primes.push(number);
    }
    const fraction = (root) => Math.floor((root - Math.floor(root)) * 2 ** 32);
    return { round: Int32Array.from(primes, (prime) => fraction(Math.cbrt(prime)) | 0),
      start: primes.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)) | 0) };
  })();

  constructor() {
    this.state = Int32Array.from(Sha256Stream.constants.start);
    this.words = new Int32Array(64);
    this.rest = new Uint8Array(0);
    this.size = 0;
  }

  update(bytes) {
    this.size += bytes.length;
    const data = this.rest.length ? concat(this.rest, bytes) : bytes;
    const whole = data.length - data.length % 64;
    for (let at = 0; at < whole; at += 64) this.block(data, at);
    this.rest = data.slice(whole);
  }

  block(data, at) {
    const words = this.words;
    const rounds = Sha256Stream.constants.round;
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
    const bits = new DataView(new ArrayBuffer(8));
    bits.setBigUint64(0, BigInt(this.size) * 8n);
    const zeros = (119 - this.size % 64) % 64;
    this.update(concat(Uint8Array.of(0x80), new Uint8Array(zeros), new Uint8Array(bits.buffer)));
    const digest = new DataView(new ArrayBuffer(32));
    this.state.forEach((word, at) => digest.setInt32(4 * at, word));
    return new Uint8Array(digest.buffer);
  }
}

async function bytesOf(blob) {
  return new Uint8Array(await blob.arrayBuffer());
}

const wholeFileLimit = 32 * 1024 * 1024;
const pieceBytes = 8 * 1024 * 1024;

// `read` is told of bytes as they are read.
async function sha256OfFile(file, read) {
  if (file.size <= wholeFileLimit) {
    const digest = await sha256(await bytesOf(file));
    read(file.size);
    return digest;
  }
  const hash = new Sha256Stream();
  for (let at = 0; at < file.size; at += pieceBytes) {
    const piece = await bytesOf(file.slice(at, at + pieceBytes));
    hash.update(piece);
    read(piece.length);
  }
  return hash.finish();
}

// Text of the evidence, cut to a length that a message can have.
function excerpt(text) {
  return text.length > 160 ? `${text.slice(0, 160)}…` : text;
}
