// The original in a sealed file: unpacked frame by frame, hashed, and cut into its parts (docs/FORMAT.md, "Parts").
"use strict";

const partLine = 65536, partBlock = 4096;

function hmac(key, message) {
  const padded64 = new Uint8Array(64);
  padded64.set(key);
  const inner = sha256(padded64.map((byte) => byte ^ 0x36), message);
  return sha256(padded64.map((byte) => byte ^ 0x5c), inner);
}

function partSalt(seed, index) {
  const number = new DataView(new ArrayBuffer(8));
  number.setBigUint64(0, BigInt(index));
  return hmac(seed, new Uint8Array(number.buffer)).slice(0, 16);
}

// The root over an original that comes in pieces.
class PartsTree {
  constructor(by, seed) {
    Object.assign(this, { by, seed: fromHex(seed), tree: new TreeHash(), left: new Uint8Array(0) });
  }

  feed(bytes) {
    this.left = concat(this.left, bytes);
    let at = 0;
    for (let end = this.end(at); end !== null; end = this.end(at)) {
      this.add(this.left.subarray(at, end));
      at = end;
    }
    this.left = this.left.slice(at);
  }

  // Where the part that begins here ends, or null as long as that is not known.
  end(at) {
    const size = this.by === "4096" ? partBlock : partLine;
    const feed = this.by === "4096" ? -1 : this.left.subarray(at, at + partLine).indexOf(10);
    if (feed >= 0) return at + feed + 1;
    return this.left.length >= at + size ? at + size : null;
  }

  add(part) {
    this.tree.add(leafHash(partSalt(this.seed, this.tree.count), part));
  }

  finish() {
    if (this.left.length) this.add(this.left);
    return { by: this.by, count: this.tree.count, root: this.tree.count ? hex(this.tree.root()) : "0".repeat(64) };
  }
}

// Follows the frames a second time, when it is known how much they hold, and unpacks them.
class Unpacking extends Plaintext {
  constructor(sink) {
    super();
    this.sink = sink;
  }

  * blocks(limit, size, window) {
    const frame = new ZstdFrame(size, window);
    for (let last = false; !last;) {
      const { kind, length, isLast } = this.blockHeader(yield 3, limit);
      frame.block(kind, yield kind === 1 ? 1 : length, length);
      last = isLast;
    }
    this.sink(frame.finish());
  }
}

// Compares what the frames hold with the fields. `pieces`: the plaintext anew.
async function checkContent(pieces, told) {
  const algorithms = Object.keys(hexDigits).filter((algorithm) => told.has(algorithm));
  const hashes = algorithms.map((algorithm) => new hashStreams[algorithm]());
  const parts = told.has("parts") && told.has("parts-seed") ? new PartsTree(told.get("parts").by, told.get("parts-seed")) : null;
  const unpacking = new Unpacking((bytes) => {
    for (const hash of hashes) hash.update(bytes);
    parts?.feed(bytes);
  });
  for await (const piece of pieces) unpacking.feed(piece);
  for (const [at, algorithm] of algorithms.entries()) {
    require(hex(hashes[at].finish()) === told.get(algorithm), "content-digest", `does not have the ${algorithm} of its fields`);
  }
  require(!parts || JSON.stringify(parts.finish()) === JSON.stringify(told.get("parts")), "parts", "has other parts than its fields say");
}
