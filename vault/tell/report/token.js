// What a timestamp's token says (RFC 3161): its imprint and its time. Whether to believe it is not asked here.
"use strict";

const timestampsLimit = 16;
const oids = { signedData: "2a864886f70d010702", tstInfo: "2a864886f70d0109100104", sha256: "608648016503040201" };

// Tag and content of each value in DER, or null.
function derParts(bytes) {
  const parts = [];
  for (let rest = bytes; rest.length;) {
    let length = rest[1], begin = 2;
    if (length & 0x80) {
      const count = length & 0x7f;
      begin += count;
      length = rest.subarray(2, begin).reduce((sum, byte) => sum * 256 + byte, 0);
      if (count < 1 || count > 4 || length < 128 || length < 256 ** (count - 1)) return null;
    }
    if (!(rest.length >= begin + length)) return null;
    parts.push({ tag: rest[0], content: rest.subarray(begin, begin + length) });
    rest = rest.subarray(begin + length);
  }
  return parts;
}

// The contents of the values with these tags, which begin the bytes, or null.
function derOpen(bytes, ...tags) {
  const parts = bytes ? derParts(bytes) : null;
  return parts && tags.every((tag, at) => parts[at]?.tag === tag) ? parts.map(({ content }) => content) : null;
}

const only = (parts) => parts?.length === 1 ? parts[0] : null;

// Imprint and time of a TimeStampToken, or null where it is none.
function readToken(bytes) {
  const [type, content] = derOpen(only(derOpen(bytes, 0x30)), 0x06, 0xa0) ?? [];
  const inside = type && hex(type) === oids.signedData ? derOpen(only(derOpen(content, 0x30)), 0x02, 0x31, 0x30) : null;
  const [infoType, info] = derOpen(inside?.[2], 0x06, 0xa0) ?? [];
  const octets = infoType && hex(infoType) === oids.tstInfo ? derOpen(info, 0x04)?.[0] : null;
  const tst = derOpen(only(derOpen(octets, 0x30)), 0x02, 0x06, 0x30, 0x02, 0x18);
  const [algorithm, imprint] = tst && hex(tst[0]) === "01" ? derOpen(tst[2], 0x30, 0x04) ?? [] : [];
  const oid = derOpen(algorithm, 0x06)?.[0];
  const time = oid && /^([0-9]{4})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})(?:\.[0-9]*[1-9])?Z$/.exec(latin1(tst[4]));
  if (!time || hex(oid) !== oids.sha256 || imprint.length !== 32) return null;
  const [, year, month, day, hour, minute, second] = time;
  const text = `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
  return isTime(text) ? { imprint, time: text } : null;
}
