// Unpacks the blocks of a zstd frame (RFC 8878, section 3.1.1.2), of which plaintext.js read the header: what a frame holds
// is known and small, there is no dictionary, and nothing here allocates by what a block says.
//
// What no version of libzstd unpacks does not hold. What breaks the standard, and some versions of libzstd unpack all the same,
// is not decided here: by the version and the processor, exhibit-verify may take it (docs/FORMAT.md, "Plaintext").
"use strict";

const zstdName = "content-malformed";
const damaged = (condition) => require(condition, zstdName, "cannot be decompressed");

function exact(condition, what) {
  if (condition) return;
  throw new Error(`its zstd frames break a rule of RFC 8878 that not all libraries look at: ${what}. exhibit-verify decides.`);
}
const highestBit = (number) => 31 - Math.clz32(number);

// Bits of a stream that is read from its first byte on.
class ForwardBits {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  read(count) {
    damaged(this.at + count <= 8 * this.bytes.length);
    let value = 0;
    for (let bit = 0; bit < count; bit += 1, this.at += 1) value |= (this.bytes[this.at >> 3] >> (this.at & 7) & 1) << bit;
    return value;
  }

  get used() {
    return this.at + 7 >> 3;
  }
}

// Bits of a stream that is read from its end on, where the highest bit that is set marks its begin. `at` is how many are left;
// before the first byte are zeros, and `at` is below 0.
class BackwardBits {
  constructor(bytes) {
    damaged(bytes.length);
    exact(bytes.at(-1), "a stream without the bit that marks its end");
    this.bytes = bytes;
    this.at = 8 * (bytes.length - 1) + highestBit(bytes.at(-1));
  }

  // So many bits, at most 24, from a place on.
  peek(at, count) {
    if (at < 0) return at + count > 0 ? this.peek(0, at + count) << -at : 0;
    const bytes = this.bytes, byte = at >> 3;
    const four = bytes[byte] | bytes[byte + 1] << 8 | bytes[byte + 2] << 16 | bytes[byte + 3] << 24;  // past the end are zeros
    return four >>> (at & 7) & (1 << count) - 1;
  }

  read(count) {
    this.at -= count;
    return this.peek(this.at, count);
  }
}

// Tables of finite state entropy: for each state a symbol, how many bits lead on, and from where.

const fseSymbols = 256;

function fseTable(counts, log) {
  const size = 1 << log, symbols = new Uint8Array(size), bits = new Uint8Array(size), base = new Uint16Array(size);
  const next = new Uint16Array(counts.length);
  let high = size, at = 0;
  counts.forEach((one, symbol) => {
    if (one < 0) symbols[high -= 1] = symbol;
    next[symbol] = Math.abs(one);
  });
  counts.forEach((one, symbol) => {
    for (let place = 0; place < one; place += 1) {
      symbols[at] = symbol;
      do at = at + (size >> 1) + (size >> 3) + 3 & size - 1; while (at >= high);
    }
  });
  damaged(at === 0);
  symbols.forEach((symbol, state) => {
    bits[state] = log - highestBit(next[symbol]);
    base[state] = (next[symbol] << bits[state]) - size;
    next[symbol] += 1;
  });
  return { log, symbols, bits, base };
}

const fseOfOne = (symbol) => ({ log: 0, symbols: Uint8Array.of(symbol), bits: Uint8Array.of(0), base: Uint16Array.of(0) });

// The table that bytes describe, and how many of them.
function readFseTable(bytes, mostLog, symbolLimit = fseSymbols) {
  const stream = new ForwardBits(bytes), log = stream.read(4) + 5, counts = [];
  damaged(log <= mostLog);
  for (let left = 1 << log; left > 0;) {
    const width = highestBit(left + 1) + 1, mask = (1 << width - 1) - 1, threshold = (1 << width) - 1 - (left + 1);
    let value = stream.read(width - 1);
    if (value >= threshold) {
      value |= stream.read(1) << width - 1;
      if (value > mask) value -= threshold;
    }
    counts.push(value - 1);
    left -= Math.abs(value - 1);
    damaged(left >= 0);
    for (let zeros = value === 1 ? 3 : 0; zeros === 3;) {
      zeros = stream.read(2);
      for (let time = 0; time < zeros; time += 1) counts.push(0);
    }
    damaged(counts.length <= symbolLimit);
  }
  return { table: fseTable(counts, log), used: stream.used };
}

class FseState {
  constructor(table, stream) {
    this.table = table;
    this.stream = stream;
    this.state = stream.read(table.log);
  }

  get symbol() {
    return this.table.symbols[this.state];
  }

  advance() {
    this.state = this.table.base[this.state] + this.stream.read(this.table.bits[this.state]);
  }
}

// Literals.

const huffmanBits = 11, huffmanBitsOfLibrary = 12, huffmanSymbols = 255;

// Two states in turn, until the bits are used up.
function weightsOf(bytes) {
  const { table, used } = readFseTable(bytes, 6), stream = new BackwardBits(bytes.subarray(used)), weights = [];
  let one = new FseState(table, stream), other = new FseState(table, stream);
  exact(stream.at >= 0, "its weights have too few bits");
  while (weights.length <= huffmanSymbols) {
    weights.push(one.symbol);
    one.advance();
    if (stream.at < 0) break;
    [one, other] = [other, one];
  }
  return [...weights, other.symbol];
}

// The table that bytes describe, and how many of them: for each so many bits a symbol, and how many of them are its code.
function readHuffmanTable(bytes) {
  damaged(bytes.length);
  const [head] = bytes, count = head - 127, used = 1 + (head < 128 ? head : Math.ceil(count / 2));
  damaged(used <= bytes.length && head);
  const weights = head < 128 ? weightsOf(bytes.subarray(1, used))
    : Array.from({ length: count }, (_, at) => bytes[1 + (at >> 1)] >> (at & 1 ? 0 : 4) & 15);
  damaged(weights.length <= huffmanSymbols && weights.every((weight) => weight <= huffmanBitsOfLibrary));
  const sum = weights.reduce((all, weight) => all + (1 << weight >> 1), 0);
  damaged(sum);
  const log = highestBit(sum) + 1, left = (1 << log) - sum, all = [...weights, highestBit(left) + 1];
  damaged(log <= huffmanBitsOfLibrary && (left & left - 1) === 0);
  damaged(all.includes(1));  // the longest codes have all bits; that there are two follows from the sum
  exact(log <= huffmanBits, "a code of more than 11 bits");
  return { table: huffmanTable(all, log), used };
}

// Symbols of the least weight come first, in their order.
function huffmanTable(weights, log) {
  const symbols = new Uint8Array(1 << log), bits = new Uint8Array(1 << log);
  let at = 0;
  for (let weight = 1; weight <= log; weight += 1) {
    weights.forEach((own, symbol) => {
      if (own !== weight) return;
      const end = at + (1 << weight - 1);
      symbols.fill(symbol, at, end);
      bits.fill(log + 1 - weight, at, end);
      at = end;
    });
  }
  damaged(at === 1 << log);
  return { log, symbols, bits };
}

// Whether it ends with its bits.
function readHuffman({ log, symbols, bits }, bytes, out) {
  const stream = new BackwardBits(bytes);
  for (let at = 0; at < out.length; at += 1) {
    const code = stream.peek(stream.at - log, log);
    out[at] = symbols[code];
    stream.at -= bits[code];
  }
  return stream.at === 0;
}

const quickBytes = 8;  // which libzstd wants of each of four streams to read them without looking at their ends

// Four streams, or one.
function readStreams(table, bytes, out, four) {
  if (!four) {
    damaged(readHuffman(table, bytes, out));
    return;
  }
  damaged(bytes.length >= 6 && out.length >= 6);
  const sizes = [0, 2, 4].map((at) => bytes[at] | bytes[at + 1] << 8), share = Math.floor((out.length + 3) / 4);
  let at = 6, isExact = true;
  for (let stream = 0; stream < 4; stream += 1) {
    const end = stream < 3 ? at + sizes[stream] : bytes.length, begin = stream * share;
    damaged(end <= bytes.length && begin <= out.length);
    const ends = readHuffman(table, bytes.subarray(at, end), out.subarray(begin, stream < 3 ? begin + share : out.length));
    damaged(ends || end - at >= quickBytes);
    isExact &&= ends;
    at = end;
  }
  exact(isExact, "a stream of literals does not end with its bits");
}

// Sequences.

// For each code the least number that it stands for, and how many bits are added to it.
function rowsOf(base, widths) {
  let next = base;
  return widths.map((width) => {
    const row = [next, width];
    next += 2 ** width;
    return row;
  });
}

const times = (count, value) => new Array(count).fill(value);
const lengthWidths = [...times(16, 0), 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];
const matchWidths = [...times(32, 0), 1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];
const sequenceKinds = {
  lengths: { log: 9, rows: rowsOf(0, lengthWidths), usual: fseTable([4, 3, ...times(11, 2), 1, 1, 1, ...times(9, 2), 3, 2, ...times(5, 1),
    ...times(4, -1)], 6) },
  offsets: { log: 8, rows: Array.from({ length: 32 }, (_, code) => [2 ** code, code]),
    usual: fseTable([...times(6, 1), 2, 2, 2, ...times(15, 1), ...times(5, -1)], 5) },
  matches: { log: 9, rows: rowsOf(3, matchWidths), usual: fseTable([1, 4, 3, ...times(6, 2), ...times(37, 1), ...times(7, -1)], 6) },
};
const sequencesEnd = "its sequences do not end with their bits";
const offsetCodeLimit = 24;  // more than any window here

class ZstdFrame {
  // `size`: what the frame's header says that it holds.
  constructor(size, window) {
    this.out = new Uint8Array(size);
    this.window = window;
    this.at = 0;
    this.huffman = null;
    this.tables = {};
    this.recent = [1, 4, 8];  // offsets
  }

  // A block of a kind, with its bytes; of a run of one byte, how long it is.
  block(kind, bytes, size) {
    if (kind === 2) this.compressed(bytes);
    else this.copy(kind === 1 ? new Uint8Array(size).fill(bytes[0]) : bytes);
  }

  copy(bytes) {
    damaged(this.at + bytes.length <= this.out.length);
    this.out.set(bytes, this.at);
    this.at += bytes.length;
  }

  finish() {
    damaged(this.at === this.out.length);
    return this.out;
  }

  compressed(bytes) {
    const { literals, used } = this.literals(bytes), begin = this.at;
    this.sequences(bytes.subarray(used), literals);
    damaged(this.at - begin <= blockLimit);
  }

  literals(bytes) {
    const [head] = bytes, kind = head & 3, format = head >> 2 & 3, number = littleNumber(bytes.subarray(0, 5));
    if (kind < 2) {
      const width = [1, 2, 1, 3][format], size = Math.floor(number / (width === 1 ? 8 : 16)) % 2 ** (8 * width - (width === 1 ? 3 : 4));
      const end = width + (kind === 1 ? 1 : size);
      damaged(size <= blockLimit && end <= bytes.length);
      return { literals: kind === 1 ? new Uint8Array(size).fill(bytes[width]) : bytes.subarray(width, end), used: end };
    }
    const width = [3, 3, 4, 5][format], bits = [10, 10, 14, 18][format];
    const size = Math.floor(number / 16) % 2 ** bits, end = width + Math.floor(number / 2 ** (4 + bits)) % 2 ** bits;
    damaged(size <= blockLimit && end <= bytes.length);
    let begin = width;
    if (kind === 2) {
      const { table, used } = readHuffmanTable(bytes.subarray(width, end));
      this.huffman = table;
      begin += used;
    }
    damaged(this.huffman);
    const literals = new Uint8Array(size);
    readStreams(this.huffman, bytes.subarray(begin, end), literals, format !== 0);
    return { literals, used: end };
  }

  // How many sequences there are, and how many bytes say so.
  countOf(bytes) {
    const [first, second, third] = bytes;
    damaged(bytes.length >= (first < 128 ? 1 : first < 255 ? 2 : 3));
    if (first < 128) return [first, 1];
    return first < 255 ? [(first - 128 << 8) + second, 2] : [second + (third << 8) + 0x7f00, 3];
  }

  sequences(bytes, literals) {
    const [count, begin] = this.countOf(bytes);
    if (count === 0) {
      damaged(bytes.length === begin);
      this.copy(literals);
      return;
    }
    const modes = bytes[begin];
    damaged(bytes.length > begin);
    exact((modes & 3) === 0, "a reserved bit");
    let at = begin + 1;
    Object.keys(sequenceKinds).forEach((kind, place) => { at += this.readTable(kind, modes >> 6 - 2 * place & 3, bytes.subarray(at)); });
    this.execute(new BackwardBits(bytes.subarray(at)), count, literals);
  }

  // How many bytes describe it.
  readTable(kind, mode, bytes) {
    const { log, rows, usual } = sequenceKinds[kind];
    if (mode === 0) {
      this.tables[kind] = usual;
      return 0;
    }
    if (mode === 1) {
      damaged(bytes[0] < rows.length);
      this.tables[kind] = fseOfOne(bytes[0]);
      return 1;
    }
    if (mode === 2) {
      const { table, used } = readFseTable(bytes, log, rows.length);
      this.tables[kind] = table;
      return used;
    }
    damaged(this.tables[kind]);
    return 0;
  }

  execute(stream, count, literals) {
    const kinds = ["lengths", "offsets", "matches"], [length, offset, match] = kinds.map((kind) => new FseState(this.tables[kind], stream));
    const value = (kind, { symbol }) => sequenceKinds[kind].rows[symbol][0] + stream.read(sequenceKinds[kind].rows[symbol][1]);
    let taken = 0;
    for (let left = count; left; left -= 1) {
      damaged(offset.symbol <= offsetCodeLimit);
      const offsetValue = value("offsets", offset), matchLength = value("matches", match), literalLength = value("lengths", length);
      if (left > 1) for (const state of [length, match, offset]) state.advance();
      exact(stream.at >= 0, sequencesEnd);
      damaged(taken + literalLength <= literals.length);
      this.copy(literals.subarray(taken, taken += literalLength));
      this.repeat(this.offsetOf(offsetValue, literalLength), matchLength);
    }
    exact(stream.at === 0, sequencesEnd);
    this.copy(literals.subarray(taken));
  }

  // The offset that a value stands for: one of the last three, or a new one.
  offsetOf(value, literalLength) {
    const [first, second, third] = this.recent;
    const place = value > 3 ? 3 : value - (literalLength ? 1 : 0);  // among the last three; 3 is none of them
    const offset = value > 3 ? value - 3 : place === 3 ? first - 1 : this.recent[place];
    exact(offset > 0, "an offset of 0");
    if (place > 0) this.recent = place === 1 ? [second, first, third] : [offset, first, second];
    return offset;
  }

  repeat(offset, length) {
    damaged(offset <= this.at && offset <= this.window && this.at + length <= this.out.length);
    if (offset >= length) {
      this.out.copyWithin(this.at, this.at - offset, this.at - offset + length);
    } else {
      for (let at = this.at; at < this.at + length; at += 1) this.out[at] = this.out[at - offset];
    }
    this.at += length;
  }
}
