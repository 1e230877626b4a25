// As much of age (C2SP age) as opens what was sealed: the header, the file key, and chunks. WebCrypto has X25519, HKDF
// and HMAC; ChaCha20-Poly1305 (RFC 8439) it has not, so that is here.
"use strict";

const chunkBytes = 65536, chunkTag = 16, chunkSealed = chunkBytes + chunkTag, nonceBytes = 16;

// Fills `state` with block `counter` of the stream. `start` are the constants, the key, and room for counter and nonce.
function chachaBlock(start, counter, state) {
  start[12] = counter;
  state.set(start);
  const quarter = (a, b, c, d) => {
    let x = state[a], y = state[b], z = state[c], w = state[d];
    x = x + y | 0; w ^= x; w = w << 16 | w >>> 16;
    z = z + w | 0; y ^= z; y = y << 12 | y >>> 20;
    x = x + y | 0; w ^= x; w = w << 8 | w >>> 24;
    z = z + w | 0; y ^= z; y = y << 7 | y >>> 25;
    state[a] = x; state[b] = y; state[c] = z; state[d] = w;
  };
  for (let round = 0; round < 10; round += 1) {
    quarter(0, 4, 8, 12); quarter(1, 5, 9, 13); quarter(2, 6, 10, 14); quarter(3, 7, 11, 15);
    quarter(0, 5, 10, 15); quarter(1, 6, 11, 12); quarter(2, 7, 8, 13); quarter(3, 4, 9, 14);
  }
  for (let at = 0; at < 16; at += 1) state[at] += start[at];
}

// A number of 130 bits as ten limbs of 13: products of two and their sums stay exact in doubles.
function limbsOf(bytes, at, limbs) {
  for (let limb = 0; limb < 10; limb += 1) {
    const bit = 13 * limb, byte = at + (bit >> 3);
    const three = bytes[byte] | bytes[byte + 1] << 8 | (limb < 9 ? bytes[byte + 2] << 16 : 0);
    limbs[limb] = three >> (bit & 7) & 0x1fff;
  }
}

function poly1305(key, message) {
  const clamp = Uint8Array.of(255, 255, 255, 15, 252, 255, 255, 15, 252, 255, 255, 15, 252, 255, 255, 15);
  const [r, fives, sum, block, next] = Array.from({ length: 5 }, () => new Float64Array(10));
  limbsOf(clamp.map((byte, at) => byte & key[at]), 0, r);
  r.forEach((limb, at) => { fives[at] = 5 * limb; });
  for (let at = 0; at < message.length; at += 16) {  // of whole sixteens: the message is padded
    limbsOf(message, at, block);
    block[9] += 2048;  // the bit above the block
    for (let limb = 0; limb < 10; limb += 1) sum[limb] += block[limb];
    let carry = 0;
    for (let limb = 0; limb < 10; limb += 1) {
      let product = carry;
      for (let other = 0; other < 10; other += 1) {
        product += sum[other] * (other <= limb ? r[limb - other] : fives[limb - other + 10]);
      }
      carry = Math.floor(product / 8192);
      next[limb] = product - carry * 8192;
    }
    next[0] += 5 * carry;
    sum.set(next);
  }
  const number = sum.reduceRight((all, limb) => (all << 13n) + BigInt(limb), 0n) % ((1n << 130n) - 5n) + little(key.subarray(16));
  return Uint8Array.from({ length: 16 }, (_, at) => Number(number >> BigInt(8 * at) & 255n));
}

// The plaintext, or null if it is not authentic.
function openChunk(key, nonce, sealed) {
  const words = (bytes) => new Int32Array(bytes.slice().buffer);  // little-endian, as every browser's machine is
  const start = new Int32Array(16), state = new Int32Array(16), stream = new Uint8Array(state.buffer);
  start.set([0x61707865, 0x3320646e, 0x79622d32, 0x6b206574]);
  start.set(words(key), 4);
  start.set(words(nonce), 13);
  const text = sealed.slice(0, -chunkTag), padded = new Uint8Array(16 * Math.ceil(text.length / 16) + 16);
  padded.set(text);
  new DataView(padded.buffer).setBigUint64(padded.length - 8, BigInt(text.length), true);
  chachaBlock(start, 0, state);
  if (!equal(poly1305(stream.slice(0, 32), padded), sealed.slice(-chunkTag))) return null;
  for (let at = 0; at < text.length; at += 64) {
    chachaBlock(start, 1 + at / 64, state);
    for (let i = 0; i < 64 && at + i < text.length; i += 1) text[at + i] ^= stream[i];
  }
  return text;
}

async function hkdf(secret, salt, info) {
  const key = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
  return new Uint8Array(await crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt, info: encoder.encode(info) }, key, 256));
}

// Headers.

const headerLimit = 131072, stanzaLimit = 64, headerLineLimit = 4096;
// The lengths of a stanza's arguments, and with whom it may be.
const stanzaKinds = {
  "X25519": { lengths: [32], family: "X25519" },
  "ssh-ed25519": { lengths: [4, 32], family: "X25519" },
  "mlkem768x25519": { lengths: [1120], family: "mlkem768x25519" },
};

function parseStanza(line, body, kinds, name) {
  const [arrow, kind, ...words] = line.split(" ");
  require(arrow === "->" && kinds.includes(kind), name, `has a recipient that is not ${kinds.join(" or ")}`);
  const { lengths } = stanzaKinds[kind];
  const args = words.map((word, at) => fromBase64(word, lengths[at] ?? 0, false));
  require(args.length === lengths.length && !args.includes(null), name, "has a malformed recipient");
  const wrapped = fromBase64(body, 32, false);
  require(wrapped, name, "has a malformed file key");
  return { kind, args, body: wrapped };
}

// The header at the beginning of the bytes: its own bytes, stanzas and MAC.
function readHeader(bytes, name, kinds = Object.keys(stanzaKinds)) {
  const stanzas = [];
  let at = 0;
  const next = () => {
    const end = bytes.indexOf(10, at) + 1, begin = at;
    require(end > 0 && end - begin <= headerLineLimit && end <= headerLimit, name, "does not begin with an age header");
    at = end;
    return latin1(bytes.subarray(begin, end - 1));
  };
  require(next() === "age-encryption.org/v1", name, "is not an age file of version 1");
  let line = next();
  for (; !line.startsWith("---"); line = next()) {
    stanzas.push(parseStanza(line, next(), kinds, name));
    require(stanzas.length <= stanzaLimit, name, `has more than ${stanzaLimit} recipients`);
  }
  const mac = line.startsWith("--- ") ? fromBase64(line.slice(4), 32, false) : null;
  require(stanzas.length && mac, name, "has no recipient or a malformed mac");
  require(new Set(stanzas.map(({ kind }) => stanzaKinds[kind].family)).size === 1, name, "has hybrid recipients beside others");
  return { bytes: bytes.slice(0, at), stanzas, mac };
}

const x25519 = {
  async importSecret(secret) {
    // The twelve bytes that say X25519, in PKCS #8 (RFC 8410).
    const wrapped = concat(fromHex("302e020100300506032b656e04220420"), secret);
    return crypto.subtle.importKey("pkcs8", wrapped, "X25519", false, ["deriveBits"]);
  },
  async shared(secret, point) {
    const other = await crypto.subtle.importKey("raw", point, "X25519", false, []);
    return new Uint8Array(await crypto.subtle.deriveBits({ name: "X25519", public: other }, secret, 256));
  },
  async publicOf(secret) {
    return this.shared(secret, concat(Uint8Array.of(9), new Uint8Array(31)));
  },
  async isAvailable() {
    try {
      // RFC 7748, 5.2: one iteration from the base point.
      const nine = concat(Uint8Array.of(9), new Uint8Array(31));
      return hex(await this.publicOf(await this.importSecret(nine)))
        === "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079";
    } catch {
      return false;
    }
  },
};

// The X25519 identities in a text as age-keygen writes it, ready for use. A field of a page makes one line of it.
async function readIdentities(text) {
  const words = text.match(/AGE-SECRET-KEY-1[0-9A-Z]{58}/g) ?? [], identities = [];
  if (words.length && !await x25519.isAvailable()) throw new CannotRun("This browser lacks X25519, so it opens nothing.");
  for (const word of text.trim() && !words.length ? [text] : words) {
    const secret = fromBech32(word.toLowerCase(), "age-secret-key-", 32);
    if (!secret) throw new CannotRun("What was typed in is no identity of the kind that this page opens with: AGE-SECRET-KEY-1….");
    const key = await x25519.importSecret(secret);
    identities.push({ key, recipient: await x25519.publicOf(key) });
  }
  return identities;
}

// What a stanza's body holds for an identity, or null.
async function unwrap({ args: [share], body }, { key, recipient }) {
  let shared;
  try {
    shared = await x25519.shared(key, share);
  } catch {
    return null;  // a share of small order, which WebCrypto refuses
  }
  const wrap = await hkdf(shared, concat(share, recipient), "age-encryption.org/v1/X25519");
  return openChunk(wrap, new Uint8Array(12), body);
}

// The file key that a header holds for one of these identities, or null.
async function openHeader({ stanzas }, identities) {
  for (const identity of identities) {
    for (const stanza of stanzas.filter(({ kind }) => kind === "X25519")) {
      const fileKey = await unwrap(stanza, identity);
      if (fileKey) return fileKey;
    }
  }
  return null;
}

async function hasMac(header, fileKey) {
  const secret = await hkdf(fileKey, new Uint8Array(0), "header");
  const key = await crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const end = header.bytes.length - 45;  // a blank, 43 characters, a line feed
  return equal(new Uint8Array(await crypto.subtle.sign("HMAC", key, header.bytes.slice(0, end))), header.mac);
}
