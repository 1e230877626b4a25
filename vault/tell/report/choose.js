// From the reader's hand to a verdict: a folder that is chosen or dropped, and what the check says of it.
"use strict";

// Relative paths in the bundle, which is the folder that holds bagit.txt.
function inBundle(files) {
  const all = [...files];
  const bag = all.map(([path]) => path).filter((path) => /(^|\/)bagit\.txt$/.test(path))
    .sort((a, b) => a.length - b.length)[0];
  const base = bag === undefined ? (all[0]?.[0].split("/")[0] ?? "") + "/" : bag.slice(0, -"bagit.txt".length);
  return new Map(all.map(([path, file]) => [path.startsWith(base) ? path.slice(base.length) : `../${path}`, file]));
}

// What was dropped, as pairs of path and file. Chromium opens no entries (webkitGetAsEntry) for pages of file:,
// and handles it does; others have entries alone.
async function filesOfDrop(transfer) {
  const items = [...transfer.items].filter((item) => item.kind === "file");
  if (items[0]?.getAsFileSystemHandle) return filesOfHandles(items.map((item) => item.getAsFileSystemHandle()));
  return filesOfEntries(items.map((item) => item.webkitGetAsEntry()).filter(Boolean));
}

async function filesOfHandles(promised) {
  const files = [];
  const pending = (await Promise.all(promised)).filter(Boolean).map((handle) => [handle.name, handle]);
  while (pending.length) {
    const [path, handle] = pending.pop();
    if (handle.kind === "file") files.push([path, await handle.getFile()]);
    else for await (const child of handle.values()) pending.push([`${path}/${child.name}`, child]);
  }
  return files;
}

async function filesOfEntries(pending) {
  const files = [];
  while (pending.length) {
    const entry = pending.pop();
    if (entry.isFile) {
      files.push([entry.fullPath.slice(1), await new Promise((found, failed) => { entry.file(found, failed); })]);
      continue;
    }
    const reader = entry.createReader();
    for (let more = null; more === null || more.length;) {  // a browser gives them a hundred at a time
      more = await new Promise((found, failed) => { reader.readEntries(found, failed); });
      pending.push(...more);
    }
  }
  return files;
}

function wantedFingerprint() {
  const text = byId("wanted").value.replace(/[\s:]/g, "").toLowerCase();
  if (text !== "" && !isHash(text)) throw new Finding("A fingerprint is 64 hexadecimal digits.");
  return text || null;
}

const list = (name, lines) => lines.length ? [element("h3", {}, name),
  element("ul", { class: "findings" }, ...lines.map((line) => element("li", {}, line)))] : [];
const mostFindings = 500;

// Shapes beside the colours.
const verdictMarks = { good: "M5 13l5 5L20 7", bad: "M6 6l12 12M18 6L6 18" };

function verdictLine(kind, sentence, counts = {}) {
  const sign = svg("svg", { width: 24, height: 24, viewBox: "0 0 24 24", "aria-hidden": "true", class: "sign-of" },
    svg("path", { d: verdictMarks[kind] }));
  return element("p", { class: `verdict ${kind}`, ...counts }, sign, element("span", {}, sentence));
}

function sentenceOf({ findings, misshown, wanted }) {
  if (findings.length) {
    return `${count(findings.length, "thing")} in this bundle ${findings.length === 1 ? "does" : "do"} not hold.`;
  }
  if (misshown.length) return "The bundle holds, but this page does not show what is in it.";
  return wanted ? "All that this page can check holds, and the fingerprint is the one that you brought."
    : "All that this page can check agrees with itself. Whose vault this is was not checked: type in its fingerprint.";
}

function findingLine({ entry, text }) {
  if (entry === null) return shown(text);
  return element("span", {}, element("a", { href: `#item-${entry}` }, `entry ${entry}`), ": ", shown(text));
}

function showVerdict(check) {
  const { findings, unchecked, misshown, notes, maker } = check;
  const good = findings.length === 0 && misshown.length === 0;
  const lines = findings.slice(0, mostFindings).map(findingLine);
  if (findings.length > mostFindings) lines.push(`and ${findings.length - mostFindings} more`);
  const summary = `${count(check.files.size, "file")}, ${count(check.known.size, "entry", "entries")}, `
    + `${count(check.items, "sealed file")}, ${check.opened} compared with what was sealed. `
    + `Checked at ${when(new Date().toISOString())}, by this computer’s clock.`;
  const made = maker ? [element("p", { class: "hint" }, "The bundle was made, and signed as a whole, by ", shown(maker.made_by),
    `, ${when(maker.time)} by its clock.`)] : [];
  const fingerprint = check.fingerprint && !check.wanted
    ? [element("p", { class: "hint" }, "Its fingerprint: ", digest(grouped(check.fingerprint)))] : [];
  byId("verdict").replaceChildren(
    verdictLine(good ? "good" : "bad", sentenceOf(check), { "data-findings": findings.length, "data-misshown": misshown.length }),
    element("p", { class: "hint" }, summary), ...made, ...fingerprint,
    ...list("What does not hold", lines),
    ...list("What this page shows otherwise than the bundle", misshown.slice(0, mostFindings).map((number) => `entry ${number}`)),
    ...list("What to know besides", notes.map(shown)),
    ...list("What was not checked", unchecked));
  showTicks(check);
}

function showTicks({ findings, misshown, known, doubtful }) {
  // A part of the whole that fails leaves no item above doubt: its place or its signer may hang on it.
  const common = findings.some(({ entry }) => entry === null || entry === 0);
  const failed = new Set([...findings.map(({ entry }) => entry), ...misshown]);
  for (const one of document.querySelectorAll("[data-tick]")) {
    const number = Number(one.dataset.tick);
    const [word, text] = failed.has(number) ? ["bad", "✗ does not hold"] : !known.has(number) ? ["bad", "✗ not in the bundle"]
      : common ? ["open", "in doubt"] : doubtful.has(number) ? ["open", `holds, if made before ${when(doubtful.get(number))}`]
      : signatures.available ? ["good", "✓ holds"] : ["open", "holds, but for signatures"];
    one.className = `tick ${word}`;
    one.textContent = text;
  }
}

function showFailure(error) {
  byId("verdict").replaceChildren(verdictLine("bad", error instanceof Finding ? error.message : `This could not be checked: ${error.message}`));
}

async function checkFiles(model, files) {
  let shownAt = 0;
  const progress = (done, what) => {
    if (performance.now() - shownAt < 100) return;
    shownAt = performance.now();
    byId("bar").value = done;
    byId("step").textContent = what;
  };
  byId("progress").hidden = false;
  try {
    const check = new BundleCheck(inBundle(files), { fingerprint: wantedFingerprint(), embedded: model.entries, progress });
    showVerdict(await check.run());
  } catch (error) {
    showFailure(error);
  }
  byId("progress").hidden = true;
}

async function begin() {
  if (!globalThis.crypto?.subtle) throw new Finding("This browser has no WebCrypto for pages like this one.");
  const model = await showPage();
  byId("folder").addEventListener("change", async (event) => {
    const files = [...event.target.files].map((file) => [file.webkitRelativePath, file]);
    event.target.value = "";  // the same folder can be chosen again
    if (files.length) await checkFiles(model, files);
  });
  const drop = byId("drop");
  drop.addEventListener("dragover", (event) => {
    event.preventDefault();
    drop.classList.add("over-it");
  });
  drop.addEventListener("dragleave", () => drop.classList.remove("over-it"));
  drop.addEventListener("drop", async (event) => {
    event.preventDefault();
    drop.classList.remove("over-it");
    try {
      await checkFiles(model, await filesOfDrop(event.dataTransfer));
    } catch (error) {
      showFailure(error);
    }
  });
}

begin().catch(showFailure);
