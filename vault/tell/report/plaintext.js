// What is in a sealed file: zstd frames of the original, padding, fields, and a table of them (docs/FORMAT.md,
// "Plaintext"). What the frames hold is not unpacked here.
"use strict";

const frameBytes = 1 << 20, lateFrameBytes = 4 << 20, earlyFrames = 65536, blockLimit = 128 << 10;
const paddingFrameBytes = 2 ** 30, smallestPlaintext = 4096;
const magics = { content: "28b52ffd", padding: "512a4d18", fields: "502a4d18", seekTable: "5e2a4d18" };
const frameLimit = 2 ** 32 - 1;

function bitLength(number) {
  let bits = 0;
  while (2 ** bits <= number) bits += 1;
  return bits;
}

// How long a plaintext of so many bytes is made (docs/FORMAT.md, "Padding").
function padded(length) {
  if (length <= smallestPlaintext) return smallestPlaintext;
  const exponent = bitLength(length) - 1, step = 2 ** (exponent - bitLength(exponent));
  return Math.ceil(length / step) * step;
}

// Follows the frames of a plaintext as its bytes come. `walk` is a generator: it yields how many bytes it wants, or how
// many to pass over as a negative number. So nothing hides between frames.
class Plaintext {
  constructor() {
    this.rows = [];  // of the seek table: each frame's length, and how many bytes it holds
    this.at = 0;
    this.size = 0;   // of the original
    this.count = 0;  // of content frames
    this.lastHeld = null;
    this.zeros = [];
    this.fields = null;
    this.fieldsAt = 0;
    this.buffer = new Uint8Array(0);
    this.steps = this.walk();
    this.wants = this.steps.next().value;
    this.done = false;
  }

  feed(bytes) {
    this.buffer = concat(this.buffer, bytes);
    let used = 0;
    while (!this.done && used < this.buffer.length) {
      const left = this.buffer.length - used, taken = Math.min(Math.abs(this.wants), left);
      if (this.wants > left) break;
      const piece = this.wants > 0 ? this.buffer.slice(used, used + taken) : new Uint8Array(0);
      used += taken;
      this.at += taken;
      if (this.wants < 0 && this.wants + taken) this.wants += taken;
      else this.advance(piece);
    }
    this.buffer = this.buffer.slice(used);
    require(!this.done || !this.buffer.length, "seek-table", "has bytes after the seek table");
  }

  advance(piece) {
    let step = this.steps.next(piece);
    while (!step.done && step.value === 0) step = this.steps.next(new Uint8Array(0));
    this.wants = step.value;
    this.done = step.done;
  }

  finish() {
    require(this.done, "content-malformed", "ends within its frames");
  }

  * walk() {
    let magic = hex(yield 4);
    for (; magic === magics.content; magic = hex(yield 4)) {
      const start = this.at - 4, held = yield* this.contentFrame();
      this.countFrame(start, held);
    }
    require(this.count, "content-malformed", "has no content frame");
    require(magic === magics.padding, "padding", "has no padding after the content");
    for (; magic === magics.padding; magic = hex(yield 4)) {
      const start = this.at - 4, length = littleNumber(yield 4);
      require(length + 8 <= paddingFrameBytes, "padding", "has a padding frame that is too long");
      yield* this.padding(length);
      this.zeros.push(length);
      this.rows.push([this.at - start, 0]);
    }
    require(magic === magics.fields, "fields-malformed", "has no fields after the padding");
    yield* this.fieldsFrame();
    require(hex(yield 4) === magics.seekTable, "seek-table", "has no seek table after the fields");
    yield* this.seekTable();
  }

  // The bytes that a zstd frame says it holds (RFC 8878, section 3.1.1).
  * contentFrame() {
    const [descriptor] = yield 1;
    require((descriptor & 0x1f) === 0, "content-malformed", "has a zstd frame with a dictionary, a checksum or a reserved bit");
    const single = descriptor >> 5 & 1, exponent = single ? 0 : (yield 1)[0];
    const width = [single ? 1 : 0, 2, 4, 8][descriptor >> 6];
    require(width, "content-malformed", "has a zstd frame that does not say its size");
    const size = littleNumber(yield width) + (width === 2 ? 256 : 0);
    const window = single ? size : 2 ** (10 + (exponent >> 3)) / 8 * (8 + (exponent & 7));
    const limit = this.count < earlyFrames ? frameBytes : lateFrameBytes;
    require(size <= limit && Math.min(size, blockLimit) <= window && window <= limit, "content-malformed",
      "has a zstd frame with a size or window that it may not have");
    yield* this.blocks(Math.min(window, blockLimit), size, window);
    return size;
  }

  // Passed over.
  * blocks(limit) {
    for (let last = false; !last;) {
      const { kind, length, isLast } = this.blockHeader(yield 3, limit);
      yield -(kind === 1 ? 1 : length);
      last = isLast;
    }
  }

  blockHeader(bytes, limit) {
    const block = littleNumber(bytes), kind = block >> 1 & 3, length = block >> 3;
    require(kind !== 3 && (kind !== 2 || length) && Math.max(length, kind === 1 ? 1 : 0) <= limit, "content-malformed",
      "has a zstd block of a reserved type, an empty compressed one, or one that is too large");
    return { kind, length, isLast: Boolean(block & 1) };
  }

  // Full frames but the last; the last is empty only when the original is.
  countFrame(start, held) {
    const full = this.count <= earlyFrames ? frameBytes : lateFrameBytes;
    require(this.count === 0 || (this.lastHeld === full && held), "content-malformed", "has a frame that is not full, before the last");
    require(this.at - start <= frameLimit, "content-malformed", "has a frame that is too long");
    this.count += 1;
    this.lastHeld = held;
    this.size += held;
    this.rows.push([this.at - start, held]);
  }

  * padding(length) {
    for (let left = length; left;) {
      const piece = yield Math.min(left, chunkBytes);
      require(piece.every((byte) => byte === 0), "padding", "has a padding that is not zero");
      left -= piece.length;
    }
  }

  * fieldsFrame() {
    this.fieldsAt = this.at - 4;
    const length = littleNumber(yield 4) - 8;
    require(length > 0 && length <= fieldsLimit, "fields-malformed", "has fields that are too long, or none");
    this.fields = yield length;
    require(this.fields.at(-1) === 10, "fields-malformed", "has fields that end within a line");
    const end = yield 8;
    require(littleNumber(end.slice(0, 4)) === length && latin1(end.slice(4)) === "EXHM", "fields-malformed",
      "has a fields frame with two lengths");
    this.rows.push([this.at - this.fieldsAt, 0]);
  }

  * seekTable() {
    const count = this.rows.length, wrong = "has a seek table that says something else than its frames";
    require(littleNumber(yield 4) === 8 * count + 9, "seek-table", "has a seek table of another length");
    for (const [length, held] of this.rows) {
      const row = yield 8;
      require(littleNumber(row.slice(0, 4)) === length && littleNumber(row.slice(4)) === held, "seek-table", wrong);
    }
    const end = yield 9;
    require(littleNumber(end.slice(0, 4)) === count && hex(end.slice(4)) === "00b1ea928f", "seek-table", "has a seek table with another end");
  }

  // The zeros are as many as the rule says, and dealt as it says.
  checkPadding() {
    const full = paddingFrameBytes - 8, frames = this.zeros.length;
    const bare = this.at - this.zeros.reduce((sum, length) => sum + length, 0);
    let wanted = 1;  // padding frames
    for (; wanted < frames; wanted += 1) {
      const without = bare - 16 * (frames - wanted);
      if (padded(without) - without <= wanted * full) break;
    }
    let left = padded(bare) - bare;
    const dealt = this.zeros.map(() => {
      const own = Math.min(left, full);
      left -= own;
      return own;
    });
    require(wanted === frames && left === 0 && equal(dealt, this.zeros), "padding", "is not padded as it must be");
  }
}
