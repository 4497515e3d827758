// Elements, formatting and the way to the meter: what every page uses.
const NAMESPACE = "http://www.w3.org/2000/svg";
const ROUTES = "#/";
const IDLE_AFTER_MS = 120000; // without a touch: polls no longer keep the session
const PATIENCE_MS = 30000;

let session = { level: null };
let layout = null; // of the meter: made of its tables on a PC
let touched = Date.now();

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.flat(9).filter((each) => each != null && each !== false));
  return node;
}

// An element. What is text stays text: nothing here ever reads markup.
const h = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
const svg = (tag, attributes, ...children) => fill(document.createElementNS(NAMESPACE, tag), attributes, children);
const byId = (id) => document.getElementById(id);

// A value as people read it: three decimals unless `digits` says otherwise, which may also be the words of values.
function shown(value, digits = 3) {
  if (value == null || Number.isNaN(value) || value === "") return "–";
  if (typeof digits === "object") return digits[value] ?? digits[""];
  return typeof value === "number" ? value.toFixed(digits) : String(value);
}

const withUnit = (value, unit, digits) => shown(value, digits) + (unit && value != null ? " " + unit : "");

// What may stand before a key, and what it makes of the value.
const MADE = {
  abs: (pair) => Math.hypot(pair[0], pair[1]),
  kilo: (value) => value / 1000,
  percent: (value) => 100 * value,
  letter: (value) => (value > 64 && value < 91 ? String.fromCharCode(value) : null),
};

// "v1": values.v1; "v1.0": its first; "all.2*6+1": its item 13; "abs:u_pos": the length of a pair; "=0": 0.
function pick(values, key) {
  if (key == null) return null;
  if (key[0] === "=") return Number(key.slice(1));
  const [made, rest] = key.includes(":") ? key.split(":") : [null, key];
  const place = (part) => part.replace(/^(\d+)\*(\d+)\+(\d+)$/, (_, a, b, c) => a * b + Number(c));
  const value = rest.split(".").reduce((found, part) => (found == null ? null : found[place(part)]), values);
  return made && value != null ? MADE[made](value) : value;
}

// `spec` with {name} in its texts replaced by what is chosen.
const chosen = (spec, choice) =>
  JSON.parse(JSON.stringify(spec).replace(/\{(\w+)\}/g, (all, name) => (name in choice ? choice[name] : all)));

const bytes = (text) => new TextEncoder().encode(text).length;
const two = (number) => String(number).padStart(2, "0");
const stamp = (y, mo, d, hh, mi, s) => `${y}-${two(mo)}-${two(d)} ${two(hh)}:${two(mi)}:${two(s)}`;

// One request at a time: a board serves few connections.
let line = Promise.resolve();

// Status and body of an answer; status 0: there was none.
function ask(path, body) {
  const turn = line.then(() => request(path, body));
  line = turn.catch(() => null);
  return turn;
}

async function request(path, body) {
  const headers = {};
  if (Date.now() - touched > IDLE_AFTER_MS) headers["X-Idle"] = "1";
  if (body !== undefined) {
    headers["Content-Type"] = "application/json";
    if (session.csrf) headers["X-CSRF-Token"] = session.csrf;
  }
  const give_up = new AbortController();
  const timer = setTimeout(() => give_up.abort(), PATIENCE_MS);
  try {
    const answer = await fetch(path, {
      method: body === undefined ? "GET" : "POST",
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "same-origin",
      signal: give_up.signal,
    });
    const text = await answer.text();
    let found = {};
    try {
      found = JSON.parse(text);
    } catch {
      found = { text };
    }
    return { status: answer.status, body: found, text };
  } catch {
    return { status: 0, body: {} };
  } finally {
    clearTimeout(timer);
  }
}

const REFUSALS = {
  range: "This value is not allowed.",
  read_only: "This cannot be written.",
  sealed: "Sealed: open the seal at the meter first.",
  unknown: "This meter does not have it.",
  type: "A value of another kind is expected.",
  lockout: "You would shut yourself out: add your own address first.",
  login: "You are no longer logged in.",
  level: "Only an administrator may do this.",
  csrf: "The page is out of date: load it again.",
  origin: "Another page asked for this: refused.",
  password: "The password is wrong.",
  size: "That is too long.",
  busy: "The meter is busy: try again.",
  path: "This meter does not have it.",
};

// Why a request was refused, for people.
function reason(answer) {
  if (answer.status === 0) return "The meter does not answer.";
  const code = answer.body.error;
  if (code === "locked") return `Too many wrong passwords: wait ${answer.body.wait_s || 30} s.`;
  return REFUSALS[code] || `The meter refused it (${answer.status}).`;
}

// What makes values of the secondary side primary ones, by their side (layout.ratios); asked for once a page.
async function ratios() {
  const { form, times, over, divides } = layout.ratios;
  const answer = await ask("/api/settings/" + form);
  if (answer.status !== 200) return times.map(() => 1);
  const values = Object.fromEntries(answer.body.settings.map((row) => [row.id, row.value]));
  const of = (id) => (divides[id] && !divides[id].includes(values[id]) ? 1 : values[id]);
  const product = (ids) => ids.reduce((found, id) => found * of(id), 1);
  return times.map((ids, side) => product(ids) / product(over[side]));
}

const isAdmin = () => session.level === "admin";

for (const event of ["pointerdown", "keydown", "scroll"]) {
  addEventListener(event, () => (touched = Date.now()), { passive: true });
}
