// What the page shows: the entries that it holds, made into a document. Whatever comes from the evidence
// becomes text of a text node; nothing is ever parsed as HTML.
"use strict";

const vaultTypes = ["genesis", "custodian", "rule", "timestamp", "recovery", "log-key"];  // acts on no item

const byId = (id) => document.getElementById(id);

function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key === "class") made.className = value;
    else made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

// Text that may be hostile: characters that are not seen, or turn the others around, are named, and what
// stays is kept from the text around it.
function shown(text) {
  const parts = String(text).split(/([\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\u115f\u1160\u3164\uffa0])/u);
  return element("bdi", {}, ...parts.filter(Boolean).map((part, _, all) => {
    const code = part.codePointAt(0);
    const hidden = /^[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\u115f\u1160\u3164\uffa0]$/u.test(part) && all.length > 0;
    return hidden ? element("span", { class: "control" }, `U+${code.toString(16).toUpperCase().padStart(4, "0")}`) : part;
  }));
}

const when = (time) => time.replace("T", " ").replace(/\.\d+Z$/, " UTC");
const count = (number, one, many = `${one}s`) => `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
const grouped = (digest) => digest.replace(/(.{8})(?=.)/g, "$1 ");

function pairs(list) {
  return element("dl", { class: "pairs" }, ...list.filter(([, value]) => value !== undefined && value !== null)
    .flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value instanceof Node ? value : shown(value))]));
}

const digest = (value) => element("span", { class: "digest" }, value);

function named(metadata, key) {
  const raw = metadata[`${key}_raw`];
  if (raw === undefined) return metadata[key] === undefined ? undefined : shown(metadata[key]);
  return element("span", {}, shown(metadata[key]), " (not UTF-8; its bytes: ", digest(hex(rawOf(metadata, key))), ")");
}

// The page's own copy of the bundle's entries.
class Model {
  constructor(data) {
    this.data = data;
    this.entries = new Map();
    for (const { entry, metadata, asked } of data.entries) {
      const bytes = encoder.encode(entry);
      const parsed = parseEntry(bytes);
      this.entries.set(parsed.said.seq, { ...parsed, bytes, entry, metadata, asked: asked === true,
        known: metadata === undefined ? null : JSON.parse(metadata) });
    }
    this.genesis = this.entries.get(0).said;
    this.sealed = [...this.entries.values()].filter(({ said }) => sealedTypes.includes(said.type));
    this.asked = this.sealed.filter(({ asked }) => asked);
  }

  // The acts that speak of an item, in their order.
  actsOn(number) {
    return [...this.entries.values()].filter(({ said }) => said.seq === number || within(itemsOf(said), number));
  }

  // Keys by actor, from where to where.
  keys() {
    const keys = new Map([[this.genesis.actor, { ...this.genesis.custodian, since: 0 }]]);
    for (const { said, form } of this.entries.values()) {
      const old = keys.get(form === "custodian retire" ? said.key : said.actor);
      if (form === "custodian admit") keys.set(said.custodian.key.split("+").slice(0, 2).join("+"), { ...said.custodian, since: said.seq });
      if (form === "custodian rotate" && old) keys.set(said.cosigner, { ...old, key: said.key, since: said.seq });
      if ((form === "custodian rotate" || form === "custodian retire") && old) old.until = said.seq;
    }
    return keys;
  }

  nameOf(actor) {
    return this.keyList?.get(actor)?.name ?? (this.keyList = this.keys()).get(actor)?.name ?? actor;
  }
}

const by = (model, said) => element("span", {}, shown(model.nameOf(said.actor)),
  ...said.cosigner === undefined || said.type === "custodian" && said.act === "rotate" ? [] : [" and ", shown(model.nameOf(said.cosigner))]);

function title(entry) {
  const { said, known } = entry;
  if (known) return shown(known.name);
  return document.createTextNode({ item: "Sealed item", omission: "Sealed list of omissions", note: "Sealed note" }[said.type]);
}

function fillHead(model) {
  const { data, genesis } = model;
  document.title = `Evidence bundle: ${genesis.origin}`;
  byId("origin").replaceChildren(shown(genesis.origin));
  const sizes = model.asked.map(({ known, said }) => known ? known.size : said.payload.bytes);
  const cases = [...new Set(model.asked.map(({ known }) => known?.case).filter(Boolean))];
  byId("lead").replaceChildren(`${count(model.asked.length, "item")} of a log of ${count(Number(data.checkpoint.split("\n")[1]), "entry", "entries")}, `,
    data.plain ? "plain: whoever has the folder can read it" : "sealed to its receivers");
  const times = model.asked.map(({ said }) => said.time).sort();
  const facts = [["Case", cases.length ? shown(cases.join(", ")) : undefined], ["Vault made by", shown(genesis.custodian.name)],
    ["Organisation", genesis.custodian.organisation && shown(genesis.custodian.organisation)],
    ["Items", `${model.asked.length}, ${count(sizes.reduce((sum, size) => sum + size, 0), "byte")}`],
    ["Taken in", times.length ? `${when(times[0])}${times.length > 1 ? ` to ${when(times.at(-1))}` : ""}` : undefined],
    ["Range of the log", data.range], ["Bundle made", when(data.made)]];
  byId("facts").append(...facts.filter(([, value]) => value).map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, value))));
  byId("made").textContent = `Made by ${data.program} at ${when(data.made)}. This page needs no network and has no leave to use one.`;
  byId("sealed-notice").hidden = data.plain;
}

function fillIndex(model) {
  byId("index").append(...model.sealed.map((entry) => {
    const { said, known } = entry;
    return element("tr", {}, element("td", {}, element("a", { href: `#item-${said.seq}` }, String(said.seq))),
      element("td", {}, title(entry)), element("td", {}, known ? known.kind : said.type),
      element("td", { class: "number" }, (known ? known.size : said.payload.bytes).toLocaleString("en")),
      element("td", { class: "when" }, when(said.time)), element("td", { class: "tick open", "data-tick": said.seq }, "not yet"));
  }));
}

function chain(model, number) {
  const rows = model.actsOn(number).map(({ said }) => {
    const [word, text] = tell(said);
    return element("tr", {}, element("td", {}, String(said.seq)), element("td", { class: "when" }, when(said.time)),
      element("td", {}, element("strong", {}, word), ": ", shown(text)), element("td", {}, by(model, said)));
  });
  const head = ["Entry", "Time", "Act", "By"].map((name) => element("th", { scope: "col" }, name));
  return element("div", { class: "scroll" }, element("table", { class: "chain" }, element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...rows)));
}

// Room for what happens on paper, in print only.
function signatureLines() {
  const head = ["Released by", "Received by", "Date, time, zone", "Purpose", "Signatures"].map((name) => element("th", { scope: "col" }, name));
  const row = () => element("tr", {}, ...head.map(() => element("td", {})));
  return element("table", { class: "sign" }, element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, row(), row(), row()));
}

function form(model, entry) {
  const { said, known, leaf } = entry;
  const claims = known?.claimed?.map(({ algorithm, value, matched }) => element("div", {},
    `${algorithm}: `, digest(value), matched ? " matched" : " DID NOT MATCH"));
  return element("section", { class: "form", id: `item-${said.seq}` },
    element("header", {}, element("h2", {}, title(entry)),
      element("p", { class: "where" }, `entry ${said.seq} of `, shown(said.origin), element("br"), element("span", { class: "tick open", "data-tick": said.seq }, "not checked on this page"))),
    known ? pairs([["Kind", known.kind], ["Path", named(known, "path")], ["Name", known.name_raw && named(known, "name")],
      ["Description", known.description], ["Tags", known.tags?.join(", ")], ["Case", known.case], ["Source", known.source],
      ["Link to", named(known, "link_target")], ["Size", count(known.size, "byte")], ["Last modified", known.modified && when(known.modified)],
      ["Acquired", known.acquired_at && when(known.acquired_at)], ["Acquired by", known.acquired_by], ["Keep until", known.retain_until && when(known.retain_until)], ["Tool", known.tool], ["Method", known.method],
      ["Clock", known.clock_offset_ms === undefined ? undefined : `${known.clock_offset_ms} ms to add to the source’s`],
      ["Note", known.changed_while_read ? "The file changed while it was read." : undefined],
      ["In the bundle", originalName(said.seq, known)]])
      : pairs([["What it is", "sealed to the receiver; its name, kind and digests are inside"], ["In the bundle", `data/${said.seq}.age`]]),
    element("h3", {}, "Digests"),
    pairs([...["sha256", "sha1", "md5"].map((name) => [name.replace("sha", "SHA-").toUpperCase(), known?.digests?.[name] && digest(known.digests[name])]),
      ["Stated before", claims?.length ? element("div", {}, ...claims) : known ? "nothing: unchanged since it was taken in, and nothing is known of before" : undefined],
      ["Leaf in the log", digest(leaf)], ["Original header", digest(said.header)], ["Sealed payload", element("span", {}, digest(said.payload.root), ` of ${count(said.payload.bytes, "byte")}`)]]),
    element("h3", {}, "Chain of custody"), chain(model, said.seq), signatureLines());
}

function fillKeys(model) {
  byId("keys").append(...[...model.keys()].map(([actor, one]) => element("tr", {}, element("td", {}, shown(one.name), ...one.organisation ? [", ", shown(one.organisation)] : []),
    element("td", { class: "digest" }, shown(actor)), element("td", {}, one.roles.join(", ")), element("td", {}, `entry ${one.since}`),
    element("td", {}, one.until === undefined ? "" : `entry ${one.until}`))));
  const acts = [...model.entries.values()].filter(({ said }) => vaultTypes.includes(said.type));
  byId("acts").append(...acts.map(({ said }) => {
    const [word, text] = tell(said);
    return element("tr", {}, element("td", {}, String(said.seq)), element("td", { class: "when" }, when(said.time)),
      element("td", {}, element("strong", {}, word), ": ", shown(text)), element("td", {}, by(model, said)));
  }));
}

async function showPage() {
  const model = new Model(JSON.parse(byId("data").textContent));
  for (const entry of model.entries.values()) entry.leaf = hex(await leafHash(entry.bytes));
  byId("fingerprint").textContent = grouped(model.entries.get(0).leaf);
  fillHead(model);
  byId("timeline").append(...timeline(model));
  fillIndex(model);
  byId("forms").append(...model.sealed.map((entry) => form(model, entry)));
  fillKeys(model);
  return model;
}
