// What the check comes to, for people: one sentence that says no more than was checked, what was found, and a word
// beside each entry (docs/FORMAT.md, "What a verifier says").
"use strict";

const list = (name, lines) => lines.length ? [element("h3", {}, name),
  element("ul", { class: "findings" }, ...lines.map((line) => element("li", {}, line)))] : [];
const mostFindings = 500;

// Shapes beside the colours.
const verdictMarks = { good: "M5 13l5 5L20 7", bad: "M6 6l12 12M18 6L6 18", open: "M6 12h12" };

function verdictLine(kind, sentence, counts = {}) {
  const sign = svg("svg", { width: 24, height: 24, viewBox: "0 0 24 24", "aria-hidden": "true", class: "sign-of" },
    svg("path", { d: verdictMarks[kind] }));
  return element("p", { class: `verdict ${kind}`, ...counts }, sign, element("span", {}, sentence));
}

// As of when, seen by whom, and of what.
function reachOf({ history, times, unopened }) {
  const missing = history.notHere(), first = [...times].sort()[0];
  return [`as of entry ${history.checkpoint.size - 1}`, "newest seen by nobody that was named",
    first === undefined ? "" : `not later than ${when(first)} by an authority that was not checked`, "what came later is not known",
    missing.length ? `nothing is told of positions ${ranges(missing.slice(0, 20))}` : "every position is told",
    unopened.length ? `entries ${listing(unopened)} were not opened by the identity at hand` : ""].filter(Boolean).join("; ");
}

// Positions, ascending.
function failedEntries({ findings }) {
  const failed = findings.filter(({ entry, isCompanion: beside }) => !beside && entry !== null).map(({ entry }) => entry);
  return [...new Set(failed)].sort((one, other) => one - other);
}

function failureOf(check) {
  const { findings, items, history } = check, failed = failedEntries(check);
  const proving = findings.filter(({ isCompanion: beside }) => !beside);
  const holding = [...items.keys()].filter((number) => !failed.includes(number)).length;
  const whole = proving.filter(({ entry }) => entry === null).length, beside = findings.length - proving.length;
  return [items.size && history.isProven ? `${holding} of ${count(items.size, "item")} hold` : "",
    failed.length ? `${failed.length === 1 ? "entry" : "entries"} ${listing(failed)} not as signed` : "",
    whole ? `${count(whole, "finding")} of the bundle itself` : "",
    beside ? `${count(beside, "finding")} of files for people, which prove nothing` : ""].filter(Boolean).join("; ");
}

function sentenceOf(check) {
  const { status, history, undecided, unopened, wanted } = check, nameless = wanted ? "" : "; whose vault this is was not checked";
  switch (status) {
    case statuses.changed: return `This bundle does not hold: ${failureOf(check)}${nameless}.`;
    case statuses.notRead:
      if (!undecided.length) return `Not verified: this browser checked no signature. Nothing was found to be wrong${nameless}.`;
      return `Not verified: ${count(undecided.length, "thing")} could not be read. Nothing was found to be wrong${nameless}.`;
    case statuses.newer: {
      const { position, message } = history.newer;
      return `A newer version is needed: ${message}; ${position ? `verified up to entry ${position - 1}` : "nothing was verified"}${nameless}.`;
    }
    case statuses.wrongKey:
      return `Not opened: the identity opens none of the ${count(unopened.length, "sealed file")}. `
        + `Nothing of what was checked was changed${nameless}.`;
    case statuses.notAnchored:
      return "It agrees with itself. Whose vault this is was not checked: type in its fingerprint, from your own records. "
        + `It is ${reachOf(check)}.`;
    default: return `Nothing was changed or slipped in: ${reachOf(check)}.`;
  }
}

function kindOf({ status, misshown }) {
  if (status === statuses.changed || misshown.length) return "bad";
  return status === statuses.holds ? "good" : "open";
}

function findingLine({ entry, name, text }) {
  const said = element("span", {}, shown(text), " ", element("code", {}, name));
  return entry === null ? said : element("span", {}, element("a", { href: `#item-${entry}` }, `entry ${entry}`), " ", said);
}

function makerLine({ maker }) {
  if (!maker) return [];
  return [element("p", { class: "hint" }, "Made and signed as a whole by ", shown(maker.made_by), `, ${when(maker.time)} by its clock.`)];
}

function summaryOf({ bag, history, items, opened }) {
  return `${count(bag.files.size, "file")}, ${count(history.leaves.size, "entry", "entries")}, ${count(items.size, "item")}, `
    + `${opened.size} opened. Checked at ${when(new Date().toISOString())}, by this computer’s clock.`;
}

function showVerdict(check) {
  const { findings, undecided, unchecked, misshown, notes, status } = check, { foreign } = check.bag;
  const lines = findings.slice(0, mostFindings).map(findingLine);
  if (findings.length > mostFindings) lines.push(`and ${findings.length - mostFindings} more`);
  const other = status !== statuses.changed && misshown.length ? "This page does not show what is in the bundle. " : "";
  const left = foreign.slice(0, 20).map((name) => `${excerpt(name)} is left by an operating system; it is not counted as part of the bundle.`);
  const fingerprint = check.history.fingerprint && !check.wanted
    ? [element("p", { class: "hint" }, "Its fingerprint: ", digest(grouped(check.history.fingerprint)))] : [];
  byId("verdict").replaceChildren(
    verdictLine(kindOf(check), shown(other + sentenceOf(check)), { "data-status": status, "data-verdict": verdictWords[status],
      "data-findings": findings.length, "data-misshown": misshown.length, "data-names": findings.map(({ name }) => name).join(" "),
      "data-failed": JSON.stringify(failedEntries(check)) }),
    element("p", { class: "hint" }, summaryOf(check)), ...makerLine(check), ...fingerprint,
    ...list("What does not hold", lines),
    ...list("What could not be read", undecided.slice(0, mostFindings).map(shown)),
    ...list("What this page shows otherwise than the bundle", misshown.slice(0, mostFindings).map((one) => isText(one) ? one : `entry ${one}`)),
    ...list("What to know besides", [...notes, ...left].map(shown)),
    ...list("What was not checked", unchecked));
  showTicks(check);
}

// What is said of an entry, and how good that is.
function wordFor(number, { failed, common, check }) {
  if (failed.has(number)) return ["bad", "✗ does not hold"];
  if (!check.history.leaves.has(number)) return ["bad", "✗ not in the bundle"];
  if (common || !check.history.isProven) return ["open", "in doubt"];
  if (check.history.isNewer(number)) return ["open", "needs a newer version"];
  if (check.doubtful.has(number)) return ["open", `holds, if made before ${when(check.doubtful.get(number))}`];
  return signatures.available ? ["good", "✓ holds"] : ["open", "holds, but for signatures"];
}

function showTicks(check) {
  const { findings, misshown } = check;
  // A part of the whole that fails leaves no item above doubt: its place or its signer may hang on it.
  const common = findings.some(({ entry, isCompanion: beside }) => !beside && (entry === null || entry === 0));
  const failed = new Set([...findings.map(({ entry }) => entry), ...misshown]);
  for (const one of document.querySelectorAll("[data-tick]")) {
    const [word, text] = wordFor(Number(one.dataset.tick), { failed, common, check });
    one.className = `tick ${word}`;
    one.textContent = text;
  }
}

// What keeps a check from being made, or what the page cannot show.
function showFailure(error) {
  const said = error instanceof CannotRun || error instanceof Finding ? error.message : `This could not be checked: ${error.message}`;
  const status = statuses.notRead;
  byId("verdict").replaceChildren(verdictLine("bad", shown(said), { "data-status": status, "data-verdict": verdictWords[status],
    "data-findings": 0, "data-misshown": 0, "data-names": "", "data-failed": "[]" }));
}
