// The check of report.html without a browser: what the page's parts say of bundles, one a line.
//
//   node page_in_node.js PART...
//
// A line of input is {"folder", "fingerprint", "identity"}; the answer is {"status", "failed", "says"}.
"use strict";

const fs = require("node:fs"), path = require("node:path"), readline = require("node:readline"), vm = require("node:vm");
const { File } = require("node:buffer");

globalThis.File = File;
const source = process.argv.slice(2).map((part) => fs.readFileSync(part, "utf8")).join("\n");
const { BundleCheck, CannotRun, Finding, readIdentities } =
  vm.runInThisContext(`(() => {${source}\nreturn { BundleCheck, CannotRun, Finding, readIdentities };})()`);

function filesBelow(folder, prefix = "") {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((one) => one.isDirectory()
    ? filesBelow(path.join(folder, one.name), `${prefix}${one.name}/`)
    : [[prefix + one.name, new File([fs.readFileSync(path.join(folder, one.name))], one.name)]]);
}

async function judge({ folder, fingerprint, identity }) {
  try {
    const check = new BundleCheck(new Map(filesBelow(folder)), { fingerprint, identities: await readIdentities(identity) });
    await check.run();
    const failed = check.findings.filter((one) => !one.isCompanion && one.entry !== null).map((one) => one.entry);
    return { status: check.status, failed, says: [...check.findings.map((one) => `${one.name}: ${one.entry}: ${one.text}`), ...check.undecided] };
  } catch (error) {
    // As the page's showFailure: what it cannot check is not read. A mistake of the page itself is none of the statuses.
    return { status: error instanceof CannotRun || error instanceof Finding ? 1 : -1, failed: [], says: [String(error.stack)] };
  }
}

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    process.stdout.write(`${JSON.stringify(await judge(JSON.parse(line)))}\n`);
  }
})();
