// One item as a form that stands by itself on paper: what it is, its digests, its chain of custody.
"use strict";

function named(metadata, key) {
  if (metadata[key] === undefined) return undefined;
  if (metadata[`${key}_raw`] === undefined) return shown(metadata[key]);
  return element("span", {}, shown(metadata[key]), " (not UTF-8; its bytes: ", digest(hex(rawOf(metadata, key))), ")");
}

// By whom it was sealed, where that was on another machine.
function collected(model, said) {
  if (said.collected === undefined) return undefined;
  const { collector, number, time } = parseCollected(said).statement;
  return element("span", {}, "sealed on another machine by ", shown(model.nameOf(collector)), " (", shown(collector),
    `), as number ${number} of its series, ${when(time)}`);
}

// What was known of it when it was taken in.
function describe(model, { said, known }) {
  const number = said.seq, elsewhere = collected(model, said);
  if (!known) {
    return pairs([["What it is", "sealed to the receiver; its name, kind and digests are inside"],
      ["Collected", elsewhere], ["In the bundle", `data/${number}.age`]]);
  }
  const time = (value) => value === undefined ? undefined : when(value);
  const clock = known.clock_offset_ms;
  return pairs([["Kind", known.kind], ["Path", named(known, "path")],
    ["Name", known.name_raw === undefined ? undefined : named(known, "name")],
    ["Description", known.description], ["Tags", known.tags?.join(", ")], ["Case", known.case], ["Source", known.source],
    ["Link to", named(known, "link_target")], ["Size", count(known.size, "byte")], ["Last modified", time(known.modified)],
    ["Acquired", time(known.acquired_at)], ["Acquired by", known.acquired_by],
    ["Collected", elsewhere], ["Keep until", time(known.retain_until)],
    ["Tool", known.tool], ["Method", known.method],
    ["Clock", clock === undefined ? undefined : `${clock} ms to add to the source’s`],
    ["Note", known.changed_while_read ? "The file changed while it was read." : undefined],
    ["In the bundle", originalName(number, known)]]);
}

function stated(known) {
  if (!known) return undefined;
  const claims = known.claimed ?? [];
  if (!claims.length) return "nothing: unchanged since it was taken in, and nothing is known of before";
  return element("div", {}, ...claims.map(({ algorithm, value, matched }) => element("div", {}, shown(algorithm), " ",
    element("span", { class: "digest" }, shown(value)),
    element("strong", { class: matched ? "" : "mismatch" }, matched ? " matched" : " DID NOT MATCH"))));
}

function digests({ said, known, leaf }) {
  const own = ["sha256", "sha1", "md5"].map((name) => [name === "md5" ? "MD5" : name.replace("sha", "SHA-"),
    known?.digests?.[name] === undefined ? undefined : element("span", { class: "digest" }, shown(known.digests[name]))]);
  return pairs([...own, ["Stated before", stated(known)], ["Leaf in the log", digest(leaf)],
    ["Original header", digest(said.header)],
    ["Sealed payload", element("span", {}, digest(said.payload.root), ` of ${count(said.payload.bytes, "byte")}`)]]);
}

// Room for what happens on paper, in print only.
function signatureLines() {
  const columns = ["Released by", "Received by", "Date, time, zone", "Purpose", "Signatures"];
  const row = () => element("tr", {}, ...columns.map(() => element("td", {})));
  return element("table", { class: "sign" },
    element("thead", {}, element("tr", {}, ...columns.map((column) => element("th", { scope: "col" }, column)))),
    element("tbody", {}, row(), row(), row()));
}

function form(model, entry) {
  const { said } = entry;
  return element("article", { class: "form", id: `item-${said.seq}` },
    element("header", {},
      element("div", {}, element("p", { class: "over" }, `Entry ${said.seq}`), element("h2", {}, title(entry))),
      element("p", { class: "where" }, tick(said.seq))),
    describe(model, entry),
    element("h3", {}, "Digests"), digests(entry),
    element("h3", {}, "Chain of custody"),
    tableOf("chain", actColumns, model.acts.get(said.seq).map((act) => actRow(model, act))),
    element("h3", { class: "paper" }, "Handed over on paper"), signatureLines(),
    element("p", { class: "paper foot" }, "Entry ", String(said.seq), " of ", shown(said.origin), `, a log of ${model.size} entries. `,
      "Fingerprint ", digest(grouped(model.entries.get(0).leaf))));
}
