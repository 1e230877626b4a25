// A sealed file against what its entry says: layout, header, payload, and with a key the fields that were sealed.
"use strict";

const blockBytes = 16 * chunkSealed, tailLimit = 20971520;

// Bytes of plaintext in chunks: each loses its tag.
const plainSize = (sealed) => sealed - chunkTag * Math.ceil(sealed / chunkSealed);

function parseLayout(line) {
  const name = "layout-malformed";
  require(line.at(-1) === 10, name, "has no layout");
  const value = parseJson(utf8(line.subarray(0, -1), name), name);
  require(hasForm(value, { bytes: isNumber, tail: isNumber, root: isHash }), name, "is no layout");
  const { bytes, tail } = value, content = bytes - nonceBytes - tail, last = tail % chunkSealed;
  require(content >= 0 && content % chunkSealed === 0 && tail > chunkTag && tail <= tailLimit && !(last > 0 && last <= chunkTag), name,
    "has a length or a tail that no payload has");
  const plain = plainSize(bytes - nonceBytes);
  require(plain >= smallestPlaintext && padded(plain) === plain, name, "is of a plaintext that is not padded");
  return value;
}

// A vault's header has one stanza, of the kind of its recipient.
function checkOwnHeader(bytes) {
  const header = readHeader(bytes, "header-malformed", ["X25519", "mlkem768x25519"]);
  require(header.stanzas.length === 1 && header.bytes.length === bytes.length, "header-malformed",
    "log/headers has a header that is not for one recipient");
}

async function leafOf(blob) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", concat(Uint8Array.of(0), await bytesOf(blob))));
}

// A sealed file of a bundle. `read` is told of bytes.
class SealedFile {
  constructor(file, layout, header, read) {
    Object.assign(this, { file, layout, header, read, begin: header.bytes.length });
  }

  static async open(file, layout, read) {
    return new SealedFile(file, layout, readHeader(await bytesOf(file.slice(0, headerLimit)), "sealed-malformed"), read);
  }

  // The payload's root over nonce, blocks and tail (docs/FORMAT.md, "Blocks and layout").
  async checkPayload() {
    const { bytes, tail, root } = this.layout, size = this.file.size - this.begin, tree = new TreeHash();
    require(size === bytes, "payload-size", `has a payload of ${size} bytes instead of ${bytes}`);
    for (let at = 0, block = nonceBytes; at < bytes; at += block, block = Math.min(blockBytes, bytes - tail - at) || tail) {
      tree.add(await leafOf(this.file.slice(this.begin + at, this.begin + at + block)));
      this.read(block);
    }
    require(hex(tree.root()) === root, "payload-root", "is not the payload that the entry names");
  }

  // The plaintext, chunk after chunk.
  async * chunks(fileKey) {
    const end = this.begin + this.layout.bytes, first = this.begin + nonceBytes;
    const key = await hkdf(fileKey, await bytesOf(this.file.slice(this.begin, first)), "payload");
    for (let at = first, counter = 0; at < end; at += blockBytes) {
      const block = await bytesOf(this.file.slice(at, Math.min(at + blockBytes, end)));
      for (let from = 0; from < block.length; from += chunkSealed, counter += 1) {
        const nonce = new DataView(new ArrayBuffer(12));
        nonce.setBigUint64(3, BigInt(counter));
        nonce.setUint8(11, at + from + chunkSealed >= end ? 1 : 0);
        const chunk = openChunk(key, new Uint8Array(nonce.buffer), block.subarray(from, from + chunkSealed));
        require(chunk, "content-decryption", "cannot be decrypted with this key");
        yield chunk;
      }
      this.read(block.length);
    }
  }

  // What is in it, by a key that its header holds: frames, padding, and the fields. Null if no identity opens it.
  // `fileKey` in what it gives opens the chunks again.
  async look(identities, commitment) {
    const fileKey = await openHeader(this.header, identities);
    if (!fileKey) return null;
    require(hex(await hkdf(fileKey, new Uint8Array(0), "exhibit key commitment")) === commitment, "key-commitment",
      "is sealed with another key than its entry says");
    require(await hasMac(this.header, fileKey), "content-decryption", "has a header whose MAC is not that of its key");
    const seen = new Plaintext();
    for await (const chunk of this.chunks(fileKey)) seen.feed(chunk);
    seen.finish();
    seen.checkPadding();
    const plain = plainSize(this.layout.bytes - nonceBytes), tailAt = plain - plainSize(this.layout.tail);
    require(tailAt <= seen.fieldsAt && seen.fieldsAt < tailAt + chunkBytes, "payload-layout",
      "has a tail that does not begin at the chunk of the fields");
    return { seen, fileKey };
  }
}
