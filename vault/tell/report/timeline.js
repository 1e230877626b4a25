// The chain of custody as a picture: a column for each entry, in the order of the log, and a lane for each
// item. Where there are too many of either, how many acts of each kind are in each part of the log.
"use strict";

const mostLanes = 24, mostColumns = 120, pictureWidth = 928;

function svg(name, attributes = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

const label = (x, y, text, more = {}) => svg("text", { x, y, ...more }, text);

// A shape for each kind of act, so that colour is not all that tells them apart.
function mark(model, entry, x, y) {
  const circle = (r, name) => svg("circle", { cx: x, cy: y, r, class: name });
  const arrow = (name) => svg("path", { d: `M${x - 6} ${y - 6}L${x + 7} ${y}L${x - 6} ${y + 6}Z`, class: name });
  const square = (name) => svg("rect", { x: x - 5.5, y: y - 5.5, width: 11, height: 11, class: name });
  const shape = () => {
    switch (entry.value.type) {
      case "item": case "omission": return circle(6, "mark full");
      case "genesis": return square("mark full");
      case "hold": return square("mark hold");
      case "release": return square("mark");
      case "shred":
        return svg("path", { d: `M${x - 5} ${y - 5}L${x + 5} ${y + 5}M${x + 5} ${y - 5}L${x - 5} ${y + 5}`, class: "mark end" });
      case "transfer": return arrow("mark full");
      case "access": return entry.fields?.told.get("act") === "read" ? circle(5, "mark") : arrow("mark");
      default: return svg("path", { d: `M${x} ${y - 7}L${x + 7} ${y}L${x} ${y + 7}L${x - 7} ${y}Z`, class: "mark" });
    }
  };
  const made = shape();
  made.append(svg("title", {}, `entry ${entry.number}, ${when(entry.value.time)}: ${wordOf(model, entry)}`));
  return made;
}

const wordOf = (model, entry) => tell(entry, model.people)[0];

function legend(model) {
  const kinds = new Map();
  for (const entry of model.entries.values()) {
    const word = wordOf(model, entry);
    if (!kinds.has(word)) kinds.set(word, entry);
  }
  const sample = (entry) => svg("svg", { width: 16, height: 16, viewBox: "0 0 16 16", "aria-hidden": "true" }, mark(model, entry, 8, 8));
  return element("ul", { class: "legend" }, ...[...kinds].map(([word, entry]) => element("li", {}, sample(entry), word)));
}

// A name as a label, which is no place for what is not seen.
function short(name, most) {
  const printable = Array.from(name.replace(hiddenAll, "\ufffd"));
  return printable.length > most ? `${printable.slice(0, most - 1).join("")}…` : printable.join("");
}

// Above the columns: the day where it changes, the hour, the position.
function scale(columns, x, step) {
  const labels = [];
  let day = "", dayEnds = -Infinity, timeEnds = -Infinity;
  columns.forEach(({ value, number }, at) => {
    const date = value.time.slice(0, 10);
    if (date !== day && x(at) > dayEnds) {
      labels.push(label(x(at) - 16, 13, date, { class: "name" }));
      [day, dayEnds] = [date, x(at) + 64];
    }
    if (x(at) > timeEnds) {
      labels.push(label(x(at), 29, value.time.slice(11, 16), { "text-anchor": "middle" }));
      timeEnds = x(at) + 38;
    }
    if (step >= 26 || at % 2 === 0) labels.push(label(x(at), 44, String(number), { "text-anchor": "middle" }));
  });
  return labels;
}

function lanes(model, acts) {
  const columns = [...model.entries.values()], at = new Map(columns.map((entry, column) => [entry, column]));
  const left = 216, top = 54, row = 30;
  const step = Math.max(20, Math.min(120, (pictureWidth - left - 48) / Math.max(columns.length - 1, 1)));
  const x = (column) => left + 20 + column * step;
  const width = Math.max(x(columns.length - 1) + 28, pictureWidth), inLanes = new Set([...acts.values()].flat());
  const rows = [{ name: "the vault", entries: columns.filter((entry) => vaultTypes.includes(entry.value.type) || !inLanes.has(entry)) },
    ...model.items.map((entry) => ({ name: `${entry.number}  ${entry.fields ? titleText(entry) : "sealed"}`,
      entries: acts.get(entry.number) }))];
  const height = top + rows.length * row + 6;
  const drawn = rows.flatMap(({ name, entries }, line) => {
    const y = top + line * row + row / 2, last = entries.at(-1);
    return [label(0, y + 4, short(name, 30), { class: "name" }),
      svg("line", { x1: left, x2: width - 8, y1: y, y2: y, class: "lane" }),
      svg("line", { x1: x(at.get(entries[0])), x2: x(at.get(last)), y1: y, y2: y, class: "span" }),
      ...entries.map((entry) => mark(model, entry, x(at.get(entry)), y))];
  });
  return svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, class: "wide", role: "img",
    "aria-label": "What was done with each item, in the order of the log" }, ...scale(columns, x, step), ...drawn);
}

function density(model) {
  const parts = 80, left = 120, row = 40, top = 4, step = (pictureWidth - left) / parts;
  const columns = [...model.entries.values()];
  const end = columns.at(-1).number + 1;
  const kinds = new Map();
  for (const entry of columns) {
    const word = wordOf(model, entry);
    if (!kinds.has(word)) kinds.set(word, new Array(parts).fill(0));
    kinds.get(word)[Math.floor(entry.number / end * parts)] += 1;
  }
  const height = top + kinds.size * row + 26;
  const drawn = [...kinds].flatMap(([word, counts], line) => {
    const base = top + (line + 1) * row - 6, most = Math.max(...counts);
    const bars = counts.flatMap((number, part) => {
      if (!number) return [];
      const tall = Math.max(3, number / most * (row - 12));
      return [svg("rect", { x: left + part * step, y: base - tall, width: step - 1, height: tall, class: "bar" },
        svg("title", {}, `${word}: ${number}`))];
    });
    return [label(0, base - 12, word, { class: "name" }),
      label(0, base + 1, counts.reduce((sum, number) => sum + number, 0).toLocaleString("en")),
      svg("line", { x1: left, x2: pictureWidth, y1: base, y2: base, class: "lane" }), ...bars];
  });
  return svg("svg", { width: pictureWidth, height, viewBox: `0 0 ${pictureWidth} ${height}`, class: "wide", role: "img",
    "aria-label": "How many acts of each kind are in each part of the log" }, ...drawn,
  label(left, height - 6, `entry ${columns[0].number}, ${when(columns[0].value.time)}`),
  label(pictureWidth, height - 6, `entry ${end - 1}, ${when(columns.at(-1).value.time)}`, { "text-anchor": "end" }));
}

function timeline(model, acts) {
  const small = model.items.length <= mostLanes && model.entries.size <= mostColumns;
  return small ? [lanes(model, acts), legend(model)] : [density(model)];
}
