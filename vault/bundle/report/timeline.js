// The chain of custody as a picture: a column for each entry, in the order of the log, and a lane for each
// item. Where there are too many of either, how many acts of each kind stand in each part of the log.
"use strict";

const mostLanes = 24, mostColumns = 120;

function svg(name, attributes = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

const label = (x, y, text, more = {}) => svg("text", { x, y, ...more }, text);

// A shape for each kind of act, so that colour is not all that tells them apart.
function mark(said, x, y) {
  const [word] = tell(said);
  const titled = (shape) => {
    shape.append(svg("title", {}, `entry ${said.seq}, ${when(said.time)}: ${word}`));
    return shape;
  };
  switch (said.type) {
    case "item": case "omission": case "genesis": return titled(svg("circle", { cx: x, cy: y, r: 6, class: "mark full" }));
    case "hold": case "release": return titled(svg("rect", { x: x - 5, y: y - 5, width: 10, height: 10, class: said.type === "hold" ? "mark hold" : "mark" }));
    case "shred": return titled(svg("path", { d: `M${x - 5} ${y - 5}L${x + 5} ${y + 5}M${x + 5} ${y - 5}L${x - 5} ${y + 5}`, class: "mark end" }));
    case "transfer": return titled(svg("path", { d: `M${x - 6} ${y - 6}L${x + 7} ${y}L${x - 6} ${y + 6}Z`, class: "mark full" }));
    case "access": return titled(said.act === "read" ? svg("circle", { cx: x, cy: y, r: 5, class: "mark" })
      : svg("path", { d: `M${x - 6} ${y - 6}L${x + 7} ${y}L${x - 6} ${y + 6}Z`, class: "mark" }));
    default: return titled(svg("path", { d: `M${x} ${y - 7}L${x + 7} ${y}L${x} ${y + 7}L${x - 7} ${y}Z`, class: "mark" }));
  }
}

function legend(model) {
  const kinds = new Map();
  for (const { said } of model.entries.values()) {
    const [word] = tell(said);
    if (!kinds.has(word)) kinds.set(word, said);
  }
  const one = ([word, said]) => element("li", {}, svg("svg", { width: 16, height: 16, viewBox: "0 0 16 16", "aria-hidden": "true" }, mark(said, 8, 8)), word);
  return element("ul", { class: "legend" }, ...[...kinds].map(one));
}

function lanes(model) {
  const columns = [...model.entries.values()];
  const left = 190, top = 46, step = columns.length > 40 ? 20 : Math.min(90, Math.max(34, 640 / columns.length)), row = 30;
  const x = (at) => left + 14 + at * step;
  const rows = [{ name: "the vault", entries: columns.map(({ said }) => vaultTypes.includes(said.type)) },
    ...model.sealed.map((entry) => ({ name: `${entry.said.seq}  ${entry.known ? entry.known.name : "sealed"}`,
      entries: columns.map(({ said }) => said.seq === entry.said.seq || within(itemsOf(said), entry.said.seq)) }))];
  const width = Math.max(x(columns.length - 1) + 46, 640), height = top + rows.length * row + 8;
  const picture = svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, class: "wide", role: "img", "aria-label": "What was done with each item, in the order of the log" });
  let day = "", lastAt = -Infinity;
  columns.forEach(({ said }, at) => {
    const date = said.time.slice(0, 10), time = said.time.slice(11, 16);
    if (date !== day && x(at) - lastAt > 66) {
      picture.append(label(x(at) - 6, 12, date, { class: "name" }));
      [day, lastAt] = [date, x(at)];
    }
    if (step >= 34) picture.append(label(x(at), 27, time, { "text-anchor": "middle" }));
    if (step >= 34 || at % 3 === 0) picture.append(label(x(at), 40, String(said.seq), { "text-anchor": "middle" }));
  });
  rows.forEach(({ name, entries }, line) => {
    const y = top + line * row + row / 2;
    const printable = Array.from(name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, "\ufffd"));
    picture.append(label(0, y + 4, printable.length > 26 ? `${printable.slice(0, 25).join("")}…` : printable.join(""), { class: "name" }),
      svg("line", { x1: left, x2: width - 8, y1: y, y2: y, class: "lane" }));
    const there = entries.flatMap((is, at) => is ? [at] : []);
    if (there.length > 1) picture.append(svg("line", { x1: x(there[0]), x2: x(there.at(-1)), y1: y, y2: y, class: "span" }));
    picture.append(...there.map((at) => mark(columns[at].said, x(at), y)));
  });
  return picture;
}

function density(model) {
  const parts = 80, left = 110, width = 760, row = 34, top = 8;
  const columns = [...model.entries.values()];
  const last = columns.at(-1).said.seq + 1;
  const kinds = new Map();
  for (const { said } of columns) {
    const [word] = tell(said);
    if (!kinds.has(word)) kinds.set(word, new Array(parts).fill(0));
    kinds.get(word)[Math.floor(said.seq / last * parts)] += 1;
  }
  const height = top + kinds.size * row + 22;
  const picture = svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, class: "wide", role: "img", "aria-label": "How many acts of each kind stand in each part of the log" });
  let line = 0;
  for (const [word, counts] of kinds) {
    const base = top + (line += 1) * row - 6, most = Math.max(...counts), step = (width - left) / parts;
    picture.append(label(0, base - 4, word, { class: "name" }), svg("line", { x1: left, x2: width, y1: base, y2: base, class: "lane" }));
    counts.forEach((number, at) => {
      const tall = number ? Math.max(2, number / most * (row - 12)) : 0;
      if (tall) picture.append(svg("rect", { x: left + at * step, y: base - tall, width: Math.max(step - 1, 1), height: tall, class: "bar" },
        svg("title", {}, `${word}: ${number}`)));
    });
  }
  picture.append(label(left, height - 4, `entry 0, ${when(columns[0].said.time)}`),
    label(width, height - 4, `entry ${last - 1}, ${when(columns.at(-1).said.time)}`, { "text-anchor": "end" }));
  return picture;
}

function timeline(model) {
  const small = model.sealed.length <= mostLanes && model.entries.size <= mostColumns;
  return small ? [lanes(model), legend(model)] : [density(model)];
}
