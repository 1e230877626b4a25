// As much of age (C2SP age) as shows what was sealed: the header, the file key, and single chunks.
// WebCrypto has X25519, HKDF and HMAC; ChaCha20-Poly1305 (RFC 8439) it has not, so that is here.
"use strict";

function chachaBlock(key, counter, nonce) {
  const start = new Uint32Array(16);
  start.set([0x61707865, 0x3320646e, 0x79622d32, 0x6b206574]);
  const words = (bytes) => new Uint32Array(bytes.slice().buffer);  // little-endian, as every browser's machine is
  start.set(words(key), 4);
  start[12] = counter;
  start.set(words(nonce), 13);
  const state = start.slice();
  const mix = (a, b, d, left) => {  // a += b; d = (d ^ a) rotated
    state[a] += state[b];
    const turned = state[d] ^ state[a];
    state[d] = turned << left | turned >>> 32 - left;
  };
  const quarter = (a, b, c, d) => {
    mix(a, b, d, 16);
    mix(c, d, b, 12);
    mix(a, b, d, 8);
    mix(c, d, b, 7);
  };
  for (let round = 0; round < 10; round += 1) {
    for (let i = 0; i < 4; i += 1) quarter(i, 4 + i, 8 + i, 12 + i);
    for (let i = 0; i < 4; i += 1) quarter(i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4);
  }
  state.forEach((word, at) => { state[at] = word + start[at]; });
  return new Uint8Array(state.buffer);
}

function poly1305(key, message) {
  const prime = (1n << 130n) - 5n;
  const r = little(key.slice(0, 16)) & 0x0ffffffc0ffffffc0ffffffc0fffffffn;
  let sum = 0n;
  const view = new DataView(message.buffer);  // of whole sixteens: the message is padded
  for (let at = 0; at < message.length; at += 16) {
    const block = view.getBigUint64(at, true) | view.getBigUint64(at + 8, true) << 64n | 1n << 128n;
    sum = (sum + block) * r % prime;
  }
  sum = sum + little(key.slice(16)) & (1n << 128n) - 1n;
  return Uint8Array.from({ length: 16 }, (_, at) => Number(sum >> BigInt(8 * at) & 255n));
}

// The plaintext, or null if it is not authentic.
function openChunk(key, nonce, sealed) {
  const text = sealed.slice(0, -16);
  const lengths = new DataView(new ArrayBuffer(16));
  lengths.setBigUint64(8, BigInt(text.length), true);
  const padded = concat(text, new Uint8Array((16 - text.length % 16) % 16), new Uint8Array(lengths.buffer));
  if (!equal(poly1305(chachaBlock(key, 0, nonce).slice(0, 32), padded), sealed.slice(-16))) return null;
  for (let at = 0; at < text.length; at += 64) {
    const stream = chachaBlock(key, 1 + at / 64, nonce);
    for (let i = 0; i < 64 && at + i < text.length; i += 1) text[at + i] ^= stream[i];
  }
  return text;
}

async function hkdf(secret, salt, info) {
  const key = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
  return new Uint8Array(await crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt, info: encoder.encode(info) }, key, 256));
}

// The header at the beginning of a sealed file: its bytes, stanzas and MAC.
const headerLimit = 65535;
const stanzaLimit = 64;

function readHeader(bytes, what) {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  const match = /^age-encryption\.org\/v1\n((?:-> [\x21-\x7e]+(?: [\x21-\x7e]+)*\n(?:[A-Za-z0-9+/]{64}\n)*[A-Za-z0-9+/]{0,63}\n)+)--- ([A-Za-z0-9+/]{43})\n/
    .exec(text);
  const mac = match && fromBase64(match[2], 32, false);
  require(mac, `${what} does not begin with an age header`);
  const stanzas = match[1].split("-> ").slice(1).map((stanza) => {
    const [line, ...body] = stanza.split("\n");
    return { words: line.split(" "), body: fromBase64(body.join(""), null, false) };
  });
  require(stanzas.length <= stanzaLimit, `${what} is for more than ${stanzaLimit} recipients`);
  return { bytes: bytes.slice(0, match[0].length), stanzas, mac };
}

// The 32 bytes behind a prefix in Bech32 (BIP 173), all in lower case, or null.
function fromBech32(text, prefix) {
  const alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
  const values = Array.from(text.slice(prefix.length + 1), (character) => alphabet.indexOf(character));
  if (!text.startsWith(`${prefix}1`) || values.length !== 58 || values.includes(-1)) return null;
  const codes = Array.from(prefix, (character) => character.charCodeAt(0));
  let check = 1;
  for (const value of [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31), ...values]) {
    const top = check >>> 25;
    check = (check & 0x1ffffff) << 5 ^ value;
    [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3].forEach((constant, bit) => {
      check ^= top >> bit & 1 ? constant : 0;
    });
  }
  if (check !== 1 || values[51] & 15) return null;
  const number = values.slice(0, 52).reduce((sum, value) => sum << 5n | BigInt(value), 0n) >> 4n;
  return Uint8Array.from({ length: 32 }, (_, at) => Number(number >> BigInt(8 * (31 - at)) & 255n));
}

const decodeIdentity = (line) => line === line.toUpperCase() ? fromBech32(line.toLowerCase(), "age-secret-key-") : null;
const isRecipient = (text) => isText(text) && fromBech32(text, "age") !== null;

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
