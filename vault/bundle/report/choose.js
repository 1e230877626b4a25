// From the reader's hand to a verdict: a folder that is chosen or dropped, and what the check says of it.
"use strict";

// Relative paths in the bundle, which is the folder that holds bagit.txt.
function inBundle(files) {
  const all = [...files];
  const bag = all.map(([path]) => path).filter((path) => /(^|\/)bagit\.txt$/.test(path)).sort((a, b) => a.length - b.length)[0];
  const base = bag === undefined ? (all[0]?.[0].split("/")[0] ?? "") + "/" : bag.slice(0, -"bagit.txt".length);
  return new Map(all.map(([path, file]) => [path.startsWith(base) ? path.slice(base.length) : `../${path}`, file]));
}

async function filesOfDrop(transfer) {
  const files = [];
  const pending = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter(Boolean);
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

const list = (name, lines) => lines.length ? [element("h3", {}, name), element("ul", { class: "findings" }, ...lines.map((line) => element("li", {}, line)))] : [];
const mostFindings = 500;

function showVerdict(check) {
  const { findings, unchecked, misshown } = check;
  const good = findings.length === 0 && misshown.length === 0;
  const sentence = findings.length ? `${count(findings.length, "thing")} in this bundle ${findings.length === 1 ? "does" : "do"} not hold.`
    : misshown.length ? "The bundle holds, but this page does not show what is in it." : "All that this page can check holds.";
  const lines = findings.slice(0, mostFindings).map(({ entry, text }) => element("span", {}, entry === null ? "" : element("a", { href: `#item-${entry}` }, `entry ${entry}`), entry === null ? "" : ": ", shown(text)));
  if (findings.length > mostFindings) lines.push(element("span", {}, `and ${findings.length - mostFindings} more`));
  const summary = `${count(check.files.size, "file")}, ${count(check.known.size, "entry", "entries")}, ${count(check.items, "sealed file")}, `
    + `${check.opened} compared with what was sealed; checked at ${when(new Date().toISOString())}`;
  byId("verdict").replaceChildren(
    element("p", { class: `verdict ${good ? "good" : "bad"}`, "data-findings": findings.length, "data-misshown": misshown.length }, sentence),
    element("p", { class: "hint" }, summary),
    ...check.fingerprint && !check.wanted ? [element("p", { class: "hint" }, "Its fingerprint: ", digest(grouped(check.fingerprint)))] : [],
    ...list("What does not hold", lines),
    ...list("What this page shows otherwise than the bundle", misshown.slice(0, mostFindings).map((number) => `entry ${number}`)),
    ...list("What was not checked", unchecked));
  // A part of the whole that fails leaves no item above doubt: its place or its signer may hang on it.
  const common = findings.some(({ entry }) => entry === null || entry === 0);
  for (const tick of document.querySelectorAll("[data-tick]")) {
    const number = Number(tick.dataset.tick);
    const own = findings.filter(({ entry }) => entry === number).length || misshown.includes(number);
    const [word, text] = own ? ["bad", "✗ does not hold"] : !check.known.has(number) ? ["bad", "✗ not in the bundle"]
      : common ? ["open", "in doubt: see above"] : signatures.available ? ["good", "✓ holds"] : ["open", "holds, but for signatures"];
    tick.className = `tick ${word}`;
    tick.textContent = text;
  }
}

function showFailure(error) {
  byId("verdict").replaceChildren(element("p", { class: "verdict bad" }, error instanceof Finding ? error.message : `This could not be checked: ${error.message}`));
}

async function checkFiles(model, files) {
  const progress = byId("progress");
  let shownAt = 0;
  try {
    const check = new BundleCheck(inBundle(files), { fingerprint: wantedFingerprint(),
      embedded: model.entries, progress: (text) => {
        if (performance.now() - shownAt < 100) return;
        shownAt = performance.now();
        progress.textContent = `Checking: ${text}`;
      } });
    showVerdict(await check.run());
  } catch (error) {
    showFailure(error);
  }
  progress.textContent = "";
}

async function begin() {
  if (!globalThis.crypto?.subtle) throw new Finding("This browser has no WebCrypto for pages like this one. VERIFY.txt says how to check without it.");
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
