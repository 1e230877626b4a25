// JSON in its one form, and what a value must look like (docs/FORMAT.md, "Conventions").
"use strict";

const depthLimit = 64;  // of arrays and objects that are passed over

// Numbers and depth of what may be passed over without knowing it.
function hasBounds(value, depth) {
  if (typeof value === "number") return Number.isSafeInteger(value);
  if (value === null || typeof value !== "object") return true;
  return depth > 0 && Object.values(value).every((one) => hasBounds(one, depth - 1));
}

// What JSON in its one form is made of; no half of a surrogate pair is. JSON.stringify does not tell: it writes keys that are
// numbers before all others.
const jsonToken = /[{}[\],:]|"(?:[^"\\\x00-\x1f]|\\(?:["\\btnfr]|u00(?:0[0-7bef]|1[0-9a-f])))*"|true|false|null|0|-?[1-9][0-9]*/y;

function tokensOf(text) {
  const tokens = [];
  for (let at = 0; at < text.length; at = jsonToken.lastIndex) {
    jsonToken.lastIndex = at;
    const found = jsonToken.exec(text);
    if (!found) return null;
    tokens.push(found[0]);
  }
  return tokens;
}

function countMembers(value) {
  if (value === null || typeof value !== "object") return 0;
  const own = Object.values(value);
  return own.reduce((sum, one) => sum + countMembers(one), Array.isArray(value) ? 0 : own.length);
}

// The value of a text that is in its one form: of two members of one name JSON.parse keeps one.
function parseJson(text, name) {
  let value, isOneForm;
  try {
    value = JSON.parse(text);
    const tokens = tokensOf(text);
    isOneForm = tokens !== null && tokens.filter((token) => token === ":").length === countMembers(value);
  } catch {
    throw new Finding(name, "is not JSON");
  }
  require(isOneForm, name, "is JSON, but not in its one form");
  require(hasBounds(value, depthLimit + 1), name, "has a number that is too large, or is too deep");
  return value;
}

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const isText = (value) => typeof value === "string";
const isNumber = (value) => Number.isSafeInteger(value) && value >= 0;
const isPositive = (value) => isNumber(value) && value > 0;
const isBool = (value) => typeof value === "boolean";
const isTrue = (value) => value === true;
const isHex = (digits) => (value) => isText(value) && value.length === digits && /^[0-9a-f]*$/.test(value);
const isHash = isHex(64);
const isWord = (value) => isText(value) && /^[a-z0-9-]{1,32}$/.test(value);
const isOneOf = (...words) => (value) => words.includes(value);
const isBase64 = (value) => isText(value) && value !== "" && fromBase64(value) !== null;
const isItems = (value) => isText(value) && parseItems(value) !== null;

// One line of text: neither empty nor too long, and no control characters.
const isWordLine = (value, limit = 1024) =>
  isText(value) && value !== "" && encoder.encode(value).length <= limit && !/[\x00-\x1f\x7f]/.test(value);

// Some of the words, each once and in their order.
const isChoice = (order, value) => Array.isArray(value) && equal(value, order.filter((word) => value.includes(word)));

function isTime(value) {
  if (!isText(value) || !/^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$/.test(value)) return false;
  const date = new Date(value);
  return !Number.isNaN(date.getTime()) && date.toISOString() === value.replace("Z", ".000Z") && value >= "1970";
}

// An object with the keys of the form in their order and no others. Those with a `?` may be missing.
function hasForm(value, form) {
  if (!isObject(value)) return false;
  const keys = Object.keys(form).map((key) => [key.replace("?", ""), key.endsWith("?"), form[key]]);
  const there = keys.filter(([name]) => Object.hasOwn(value, name));
  return equal(Object.keys(value), there.map(([name]) => name))
    && keys.every(([name, optional, fits]) => Object.hasOwn(value, name) ? fits(value[name]) : optional);
}
