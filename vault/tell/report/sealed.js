// A sealed file against what its entry says: header, payload root, and, with the bundle's own identity,
// the metadata that were sealed behind the content.
"use strict";

const blockBytes = 16 * chunkSealed;
const tailLimit = 64 * 1024 * 1024;

// The payload's root over nonce, blocks and tail (docs/FORMAT.md, "Blocks"). `read` is told of bytes.
async function checkPayload(file, payload, read) {
  const header = readHeader(await bytesOf(file.slice(0, headerLimit)), "the sealed file");
  require(file.size === header.bytes.length + payload.bytes, "the sealed file has not the size that the entry names");
  require(payload.tail <= tailLimit, "the sealed file's tail is larger than this page reads");
  const tree = new TreeHash();
  let at = header.bytes.length;
  const tailAt = file.size - payload.tail;
  for (let size = nonceBytes; at < tailAt; size = Math.min(blockBytes, tailAt - at)) {
    await tree.add(await leafHash(await bytesOf(file.slice(at, at + size))));
    at += size;
    read(size);
  }
  await tree.add(await leafHash(await bytesOf(file.slice(tailAt))));
  read(payload.tail);
  require(hex(await tree.root()) === payload.root, "the sealed file's payload is not the one that the entry names");
  return header;
}

async function checkHeader(bytes, said) {
  require(hex(await sha256(bytes)) === said.header, "its original header is not the one that the entry names");
  const header = readHeader(bytes, "its original header");
  require(header.bytes.length === bytes.length && header.stanzas.length === 1, "its original header is not one header for one recipient");
  return header;
}

// The identities of a plain bundle, ready for use.
async function readIdentities(bytes) {
  const lines = utf8(bytes, "proof/identity.txt").replaceAll("\r\n", "\n").split("\n").filter((line) => line && !line.startsWith("#"));
  require(lines.length, "proof/identity.txt holds no identity");
  const secrets = [];
  for (const line of lines) {
    const secret = decodeIdentity(line);
    require(secret, "proof/identity.txt has a line that is not an age identity");
    secrets.push(await x25519.importSecret(secret));
  }
  return secrets;
}

async function fileKeyOf(header, identities) {
  for (const secret of identities) {
    const own = await x25519.publicOf(secret);
    for (const { words, body } of header.stanzas) {
      const share = words.length === 2 && words[0] === "X25519" ? fromBase64(words[1], 32, false) : null;
      if (!share || body?.length !== 32) continue;
      const wrap = await hkdf(await x25519.shared(secret, share), concat(share, own), "age-encryption.org/v1/X25519");
      const key = openChunk(wrap, new Uint8Array(12), body);
      if (key) return key;
    }
  }
  throw new Finding("the sealed file is not sealed to this bundle's identity");
}

async function checkMac(header, fileKey, what) {
  const secret = await hkdf(fileKey, new Uint8Array(0), "header");
  const key = await crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const end = header.bytes.length - 45;  // a space, 43 characters, a line feed
  const mac = new Uint8Array(await crypto.subtle.sign("HMAC", key, header.bytes.slice(0, end)));
  require(equal(mac, header.mac), `${what} does not commit to this key`);
}

// The metadata that stand at the end of the sealed file, in bytes.
async function openMetadata(file, header, original, payload, identities) {
  const fileKey = await fileKeyOf(header, identities);
  await checkMac(header, fileKey, "the sealed file's header");
  await checkMac(original, fileKey, "the original header");
  const start = header.bytes.length;
  const key = await hkdf(fileKey, await bytesOf(file.slice(start, start + nonceBytes)), "payload");
  const tail = await bytesOf(file.slice(file.size - payload.tail));
  const first = (payload.bytes - nonceBytes - payload.tail) / chunkSealed;
  const opened = [];
  for (let at = 0; at < tail.length; at += chunkSealed) {
    const nonce = new DataView(new ArrayBuffer(12));
    nonce.setBigUint64(3, BigInt(first + at / chunkSealed));
    nonce.setUint8(11, at + chunkSealed >= tail.length ? 1 : 0);
    const chunk = openChunk(key, new Uint8Array(nonce.buffer), tail.slice(at, at + chunkSealed));
    require(chunk, "the end of the sealed file is not authentic");
    opened.push(chunk);
  }
  return metadataIn(concat(...opened));
}

function metadataIn(plain) {
  const view = new DataView(plain.buffer, plain.byteOffset);
  const end = plain.length - 8;
  const length = end >= 8 ? view.getUint32(end, true) : Infinity, begin = end - length;
  require(begin >= 8 && hex(plain.slice(-4)) === "4558484d" && hex(plain.slice(begin - 8, begin - 4)) === "502a4d18"
    && view.getUint32(begin - 4, true) === length + 8, "the sealed file does not end with metadata");
  return plain.slice(begin, end);
}

// The bytes of a name or path in metadata.
const rawOf = (metadata, key) => metadata[`${key}_raw`] === undefined ? encoder.encode(metadata[key] ?? "") : fromBase64(metadata[`${key}_raw`]) ?? new Uint8Array(0);

// How the original is called in the bundle.
function originalName(number, metadata) {
  const safe = Array.from(rawOf(metadata, "name").slice(0, 100), (byte) => String.fromCharCode(byte).replace(/[^A-Za-z0-9._-]/, "_"));
  return `data/${number}-${safe.join("") || "_"}`;
}

function parseMetadata(bytes) {
  const text = utf8(bytes, "the metadata");
  const metadata = parseLine(`${text}\n`, "the metadata");
  require(isText(metadata.name) && metadata.name && isText(metadata.kind) && isCount(metadata.size) && isHash(metadata.digests?.sha256),
    "the metadata lack a name, kind, size or digest");
  return { text, metadata };
}
