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
  if (text !== "" && !isHash(text)) throw new CannotRun("A fingerprint is 64 hexadecimal digits.");
  return text || null;
}

// The page's own copy of log/, if it has one that can be shown: a page that shows nothing still checks.
let model = null;

// What a key opened besides.
async function showOpened(check) {
  if (!model || !check.opened.size) return;
  model.learn(check.opened, check.history.leaves);
  await showModel(model, readData());
}

// A page without a copy shows what was chosen.
async function showChosen(check) {
  const data = readData();
  if (hasCopy(data)) return;
  try {
    const chosen = new Model(await check.bag.log());
    chosen.learn(check.opened, check.history.leaves);
    await showModel(chosen, { ...data, made: check.maker?.time ?? data.made });
    showTicks(check);
  } catch (error) {  // the check says what is wrong with the bundle
    byId("lead").textContent = `What is in this bundle cannot be shown: ${error.message}`;
  }
}

async function checkFiles(files) {
  let shownAt = 0;
  const progress = (done, what) => {
    if (performance.now() - shownAt < 100) return;
    shownAt = performance.now();
    byId("bar").value = done;
    byId("step").textContent = what;
  };
  byId("progress").hidden = false;
  try {
    const identities = await readIdentities(byId("identity").value);
    const check = new BundleCheck(inBundle(files), { fingerprint: wantedFingerprint(), identities, embedded: model, progress });
    await check.run();
    await showOpened(check);
    showVerdict(check);
    await showChosen(check);
  } catch (error) {
    showFailure(error);
  }
  byId("progress").hidden = true;
}

async function begin() {
  if (!globalThis.crypto?.subtle) throw new CannotRun("This browser has no WebCrypto for pages like this one.");
  byId("folder").addEventListener("change", async (event) => {
    const files = [...event.target.files].map((file) => [file.webkitRelativePath, file]);
    event.target.value = "";  // the same folder can be chosen again
    if (files.length) await checkFiles(files);
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
      await checkFiles(await filesOfDrop(event.dataTransfer));
    } catch (error) {
      showFailure(error);
    }
  });
  const data = readData();
  if (!hasCopy(data)) return showNothingYet();
  const read = modelOf(data);
  await showModel(read, data);
  model = read;
}

begin().catch(showFailure);
