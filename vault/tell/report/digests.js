// SHA-2, SHA-1 (FIPS 180-4) and MD5 (RFC 1321) piece by piece: WebCrypto wants the whole of a file at once, and a disk
// image is larger than what a page may hold. And the Merkle tree over SHA-256.
"use strict";

class HashStream {
  littleEndian = false;  // how the length is written

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
    bits.setBigUint64(0, BigInt(this.size) * 8n, this.littleEndian);
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


// The two older hashes keep small words, whose order is all that differs between them.
class Sha1Stream extends HashStream {
  constructor() {
    super(64);
    this.state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0);
    this.words = new Int32Array(80);
  }

  block(data, at) {
    const words = this.words, state = this.state;
    const view = new DataView(data.buffer, data.byteOffset + at, 64);
    for (let i = 0; i < 16; i += 1) words[i] = view.getInt32(4 * i);
    for (let i = 16; i < 80; i += 1) {
      const mixed = words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16];
      words[i] = mixed << 1 | mixed >>> 31;
    }
    let [a, b, c, d, e] = state;
    for (let i = 0; i < 80; i += 1) {
      const [mixed, constant] = i < 20 ? [b & c | ~b & d, 0x5a827999] : i < 40 ? [b ^ c ^ d, 0x6ed9eba1]
        : i < 60 ? [b & c | b & d | c & d, 0x8f1bbcdc] : [b ^ c ^ d, 0xca62c1d6];
      const next = (a << 5 | a >>> 27) + mixed + e + constant + words[i] | 0;
      e = d;
      d = c;
      c = b << 30 | b >>> 2;
      b = a;
      a = next;
    }
    [a, b, c, d, e].forEach((word, i) => { state[i] += word; });
  }

  finish() {
    this.pad();
    const digest = new DataView(new ArrayBuffer(20));
    this.state.forEach((word, at) => digest.setInt32(4 * at, word));
    return new Uint8Array(digest.buffer);
  }
}

class Md5Stream extends HashStream {
  static turns = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];
  static constants = Int32Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 0x100000000));
  littleEndian = true;

  constructor() {
    super(64);
    this.state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
  }

  block(data, at) {
    const view = new DataView(data.buffer, data.byteOffset + at, 64), state = this.state;
    let [a, b, c, d] = state;
    for (let i = 0; i < 64; i += 1) {
      const [mixed, word] = i < 16 ? [b & c | ~b & d, i] : i < 32 ? [d & b | ~d & c, (5 * i + 1) % 16]
        : i < 48 ? [b ^ c ^ d, (3 * i + 5) % 16] : [c ^ (b | ~d), 7 * i % 16];
      const sum = a + mixed + Md5Stream.constants[i] + view.getInt32(4 * word, true) | 0;
      const left = Md5Stream.turns[i >> 4][i % 4];
      a = d;
      d = c;
      c = b;
      b = b + (sum << left | sum >>> 32 - left) | 0;
    }
    [a, b, c, d].forEach((word, i) => { state[i] += word; });
  }

  finish() {
    this.pad();
    const digest = new DataView(new ArrayBuffer(16));
    this.state.forEach((word, at) => digest.setInt32(4 * at, word, true));
    return new Uint8Array(digest.buffer);
  }
}

const hashStreams = { sha256: Sha256Stream, sha512: Sha512Stream, sha1: Sha1Stream, md5: Md5Stream };
const hexDigits = { sha256: 64, sha512: 128, sha1: 40, md5: 32 };

function sha256(...parts) {
  const hash = new Sha256Stream();
  for (const part of parts) hash.update(part);
  return hash.finish();
}

const sha256Hex = (...parts) => hex(sha256(...parts));

async function bytesOf(blob) {
  return new Uint8Array(await blob.arrayBuffer());
}

const wholeFileLimit = 32 * 1024 * 1024;
const pieceBytes = 8 * 1024 * 1024;

async function digestOfWhole(algorithm, bytes) {
  if (algorithm !== "md5") return new Uint8Array(await crypto.subtle.digest(algorithm.replace("sha", "SHA-"), bytes));
  const hash = new Md5Stream();
  hash.update(bytes);
  return hash.finish();
}

// By algorithm, in hex. `read` is told of bytes as they are read.
async function digestsOfFile(file, algorithms, read) {
  if (file.size <= wholeFileLimit) {
    const bytes = await bytesOf(file);
    const digests = {};
    for (const algorithm of algorithms) digests[algorithm] = hex(await digestOfWhole(algorithm, bytes));
    read(file.size);
    return digests;
  }
  const hashes = algorithms.map((algorithm) => new hashStreams[algorithm]());
  for (let at = 0; at < file.size; at += pieceBytes) {
    const piece = await bytesOf(file.slice(at, at + pieceBytes));
    for (const hash of hashes) hash.update(piece);
    read(piece.length);
  }
  return Object.fromEntries(algorithms.map((algorithm, at) => [algorithm, hex(hashes[at].finish())]));
}

// The tree (RFC 6962, section 2.1).

const emptyRoot = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";  // SHA-256 of nothing
const leafHash = (...parts) => sha256(Uint8Array.of(0), ...parts);
const nodeHash = (left, right) => sha256(Uint8Array.of(1), left, right);

// The root over leaves that come one by one; keeps one hash for each full subtree.
class TreeHash {
  constructor() {
    this.count = 0;
    this.full = [];
  }

  add(leaf) {
    let hash = leaf;
    this.count += 1;
    for (let rest = this.count; rest % 2 === 0; rest /= 2) hash = nodeHash(this.full.pop(), hash);
    this.full.push(hash);
  }

  root() {
    return this.full.reduceRight((root, left) => root === null ? left : nodeHash(left, root), null);
  }
}

// The level of the smallest full subtree that has so many leaves. By powers: bit operators end at 32 bits.
function levelOf(leaves) {
  let level = 0;
  while (2 ** level < leaves) level += 1;
  return level;
}

const hasTold = (told, begin, end) => told[firstAtLeast(told, begin)] < end;

// The largest subtrees of the leaves from `begin` to before `end` without a told one, as [level, index], in order.
// `told` is sorted.
function largestUntold(told, begin, end) {
  const level = levelOf(end - begin);
  if (!hasTold(told, begin, end)) return [[level, Math.floor(begin / 2 ** level)]];
  if (level === 0) return [];
  const middle = begin + 2 ** (level - 1);
  return [...largestUntold(told, begin, middle), ...largestUntold(told, middle, end)];
}

// The root over the leaves that are told and the hashes of the largest other subtrees, by "level index".
function partialRoot(told, leaves, hashes, begin, end) {
  const level = levelOf(end - begin);
  if (!hasTold(told, begin, end)) return hashes.get(`${level} ${Math.floor(begin / 2 ** level)}`);
  if (level === 0) return leaves.get(begin);
  const middle = begin + 2 ** (level - 1);
  return nodeHash(partialRoot(told, leaves, hashes, begin, middle), partialRoot(told, leaves, hashes, middle, end));
}

// The root over leaves that are told, and `level index hex` lines for all else: exactly those that are needed.
function rootWithHashes(leaves, size, lines, name) {
  const told = [...leaves.keys()].sort((a, b) => a - b), wanted = largestUntold(told, 0, size), hashes = new Map();
  require(lines.length === wanted.length, name, `has ${lines.length} hashes instead of ${wanted.length}`);
  for (const [at, [level, index]] of wanted.entries()) {
    const match = /^([0-9]+ [0-9]+) ([0-9a-f]{64})$/.exec(lines[at]);
    require(match && match[1] === `${level} ${index}`, name,
      `has ${excerpt(lines[at])} where the hash of level ${level} and index ${index} belongs`);
    hashes.set(match[1], fromHex(match[2]));
  }
  return partialRoot(told, leaves, hashes, 0, size);
}
