// Forms: settings as the server tells them, with the names that the layout has.
const MOST_BYTES = 1900; // of one request

const stepOf = (about) => about.s || 1;
const digitsOf = (about) => (about.s && about.s < 1 ? Math.round(-Math.log10(about.s)) : 0);
const inUnit = (value, about) => (value * stepOf(about)).toFixed(digitsOf(about));

function rangeText(row, about) {
  const unit = about.u ? " " + about.u : "";
  if (row.text !== undefined) return `${row.shortest} to ${row.longest} characters`;
  if (about.k === "address") return "four numbers from 0 to 255";
  if (row.low == null) return "";
  return `${inUnit(row.low, about)} to ${inUnit(row.high, about)}${unit}; default ${inUnit(row.default, about)}`;
}

// A field is {node, ids, read()}: read gives {writes, error}; `was` is what the meter has.
function textField(row, id) {
  const input = h("input", { id, type: "text", maxlength: row.longest, value: row.text, autocomplete: "off" });
  const read = () => {
    const value = input.value;
    if (value.length < row.shortest || value.length > row.longest) return { error: `Enter ${row.shortest} to ${row.longest} characters.` };
    if (!/^[\x20-\x7e]*$/.test(value)) return { error: "Only plain letters, digits and signs (ASCII)." };
    return { writes: value === row.text ? {} : { [row.id]: value } };
  };
  return { input, read };
}

function secretField(row, id) {
  const input = h("input", { id, type: "password", autocomplete: "new-password", maxlength: row.longest || 40, placeholder: row.set ? "unchanged" : "not set" });
  const read = () => {
    if (input.value && row.shortest != null && input.value.length < row.shortest) return { error: `Enter ${row.shortest} to ${row.longest} characters.` };
    return { writes: input.value ? { [row.id]: row.low == null ? input.value : Number(input.value) } : {} };
  };
  return { input, read };
}

function numberField(row, id, about) {
  const step = stepOf(about);
  const value = inUnit(row.value, about);
  const input = h("input", { id, type: "text", inputmode: step < 1 || row.low < 0 ? "decimal" : "numeric", value, autocomplete: "off" });
  const read = () => {
    const typed = input.value.trim().replace(",", ".");
    if (typed === value) return { writes: {} };
    const count = Number(typed) / step;
    const whole = Math.round(count);
    if (!/^-?\d+(\.\d+)?$/.test(typed)) return { error: "Enter a number." };
    if (Math.abs(count - whole) > 1e-6) return { error: `Enter a multiple of ${step}.` };
    if (whole < row.low || whole > row.high) return { error: `Enter ${rangeText(row, about).split(";")[0]}.` };
    return { writes: whole === row.value ? {} : { [row.id]: whole } };
  };
  return { input, read };
}

function selectField(row, id, options) {
  const known = options.some(([value]) => value === row.value) ? options : [[row.value, String(row.value)], ...options];
  const input = h("select", { id }, known.map(([value, text]) => h("option", { value, selected: value === row.value }, text)));
  return { input, read: () => (Number(input.value) === row.value ? { writes: {} } : { writes: { [row.id]: Number(input.value) } }) };
}

function bitsField(row, id, names) {
  const boxes = names.map((_, i) => h("input", { type: "checkbox", id: `${id}-${i}`, checked: !!((row.value >> i) & 1) }));
  const input = h("div", { id, class: "checks", role: "group" }, names.map((name, i) => h("label", { for: `${id}-${i}` }, boxes[i], " ", name)));
  const read = () => {
    const value = boxes.reduce((sum, box, i) => sum + (box.checked ? 2 ** i : 0), 0);
    return { writes: value === row.value ? {} : { [row.id]: value } };
  };
  return { input, read, boxes };
}

function addressField(rows, id) {
  const value = rows.map((row) => row.value).join(".");
  const input = h("input", { id, type: "text", inputmode: "decimal", value, autocomplete: "off", maxlength: 15 });
  const read = () => {
    const parts = input.value.trim().split(".");
    const good = parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255);
    if (!good) return { error: "Enter four numbers from 0 to 255, such as 192.168.1.254." };
    const changed = rows.flatMap((row, i) => (Number(parts[i]) === row.value ? [] : [[row.id, Number(parts[i])]]));
    return { writes: Object.fromEntries(changed) };
  };
  return { input, read };
}

// Seconds since 2000 as date and time, both of the meter's local time; empty is 0.
const EPOCH_2000 = Date.UTC(2000, 0, 1);

function momentField(row, id, about) {
  const value = row.value ? new Date(EPOCH_2000 + 1000 * row.value).toISOString().slice(0, 19) : "";
  const input = h("input", { id, type: "datetime-local", step: 1, value, min: "2000-01-01T00:00:01", max: "2033-12-31T23:59:59" });
  const read = () => {
    const seconds = input.value ? (Date.parse(input.value + "Z") - EPOCH_2000) / 1000 : 0;
    const good = !input.validity.badInput && seconds >= row.low && seconds <= row.high;
    if (!good) return { error: "Enter a date and a time from 2000 to 2033, or nothing." };
    return { writes: seconds === row.value ? {} : { [row.id]: seconds } };
  };
  return { input, read, hint: () => about.m };
}

// A value of the primary side that is stored as a whole number of the secondary one; `by`: the ratios, `code`: gives
// which of the list it is now.
function pointField(row, id, list, by, code) {
  const about = () => list[code()] || ["", "", 1, 0, false];
  const limits = () => (about()[4] ? [-32768, 32767] : [0, 65535]);
  const per = () => by[about()[3]] / about()[2];
  const signed = (value) => (about()[4] && value > 32767 ? value - 65536 : value);
  const text = (value) => shown(value * per(), about()[2] > 1 ? 3 : 0);
  const input = h("input", { id, type: "text", inputmode: "decimal", autocomplete: "off", value: text(signed(row.value)) });
  let typed = false;
  input.addEventListener("input", () => (typed = true));
  const hint = () => `${text(limits()[0])} to ${text(limits()[1])} ${about()[1]}, primary side`;
  const read = () => {
    const value = input.value.trim().replace(",", ".");
    if (!typed && value === text(signed(row.value))) return { writes: {} };
    const count = Math.round(Number(value) / per());
    if (!/^-?\d+(\.\d+)?$/.test(value)) return { error: "Enter a number." };
    if (count < limits()[0] || count > limits()[1]) return { error: `Enter ${hint()}.` };
    const stored = count < 0 ? count + 65536 : count;
    return { writes: stored === row.value ? {} : { [row.id]: stored } };
  };
  return { input, read, hint };
}

// The field of rows[at], or null where it belongs to the one before.
function field(rows, at, by) {
  const row = rows[at];
  const about = layout.settings[row.id] || { l: `Setting ${row.id}` };
  if (about.k === "part") return null;
  const id = "s" + row.id;
  const allowed = (value) => (row.choices ? row.choices.includes(value) : value >= row.low && value <= row.high);
  const options = about.o && about.o.filter(([value]) => allowed(value));
  let made;
  let ids = [row.id];
  if (row.secret) made = secretField(row, id);
  else if (row.text !== undefined) made = textField(row, id);
  else if (about.k === "address") {
    ids = [0, 1, 2, 3].map((i) => row.id + i);
    made = addressField(rows.slice(at, at + 4), id);
  } else if (about.k === "moment") made = momentField(row, id, about);
  else if (about.k === "point") {
    const code = byId.bind(null, "s" + about.of);
    const stored = rows.find((each) => each.id === about.of);
    made = pointField(row, id, layout.lists.alarms, by, () => Number(code() ? code().value : stored.value));
  } else if (about.list) made = selectField(row, id, layout.lists[about.list].map((each, i) => [i, each[0]]));
  else if (about.b) made = bitsField(row, id, about.b);
  else if (options) made = selectField(row, id, options);
  else if (row.choices) made = selectField(row, id, row.choices.map((value) => [value, inUnit(value, about) + (about.u ? " " + about.u : "")]));
  else made = numberField(row, id, about);
  const [group, name] = about.l.includes(": ") ? about.l.split(": ") : ["", about.l];
  const closed = row.sealed || !isAdmin();
  const error = h("span", { role: "alert", id: id + "-error" });
  const choosable = made.input.tagName === "SELECT" || made.boxes;
  const hint = made.hint ? "" : [about.m, choosable || row.secret ? "" : rangeText(row, about)].filter(Boolean).join("; ");
  for (const each of made.boxes || [made.input]) each.disabled = closed;
  made.input.setAttribute("aria-describedby", `${id}-hint ${id}-error`);
  const unit = about.u && !about.o ? ` (${about.u})` : "";
  const label = name.charAt(0).toUpperCase() + name.slice(1) + unit;
  const seal = row.sealed ? h("span", { class: "seal" }, "sealed") : null;
  const caption = made.boxes ? h("span", { id: id + "-name", class: "label" }, h("strong", {}, label), " ", seal) : h("label", { for: id }, label, " ", seal);
  if (made.boxes) made.input.setAttribute("aria-labelledby", id + "-name");
  const node = h("div", { class: "field" }, caption, made.input, h("small", { id: id + "-hint" }, hint), error);
  const tell = (text) => {
    error.textContent = text || "";
    if (text) made.input.setAttribute("aria-invalid", "true");
    else made.input.removeAttribute("aria-invalid");
  };
  const renew = () => made.hint && (node.querySelector("small").textContent = made.hint());
  return { ids, group, node, renew, read: closed ? () => ({ writes: {} }) : made.read, tell, input: (made.boxes || [made.input])[0], row };
}

function parts(writes) {
  const found = [{}];
  for (const [id, value] of Object.entries(writes)) {
    const last = found[found.length - 1];
    if (JSON.stringify({ ...last, [id]: value }).length > MOST_BYTES) found.push({ [id]: value });
    else last[id] = value;
  }
  return found;
}

// Ask something with a yes and a no; gives which.
function question(text, yes, no) {
  return new Promise((settle) => {
    const dialog = h("dialog", { "aria-label": yes });
    const answer = (value) => () => {
      dialog.close();
      dialog.remove();
      settle(value);
    };
    dialog.append(
      h("p", {}, text),
      h("div", { class: "bar" }, h("button", { type: "button", onclick: answer(true) }, yes), h("button", { type: "button", class: "plain", onclick: answer(false) }, no)),
    );
    dialog.addEventListener("cancel", answer(false));
    document.body.append(dialog);
    dialog.showModal();
  });
}

// Reset the module, and wait until it is there again.
async function resetModule(value) {
  const answer = await ask("/api/write", { [layout.reset]: value });
  if (answer.status !== 200 && answer.status !== 0) {
    notice(reason(answer), "bad");
    return;
  }
  sessionStorage.removeItem("pending");
  stop();
  byId("main").replaceChildren(
    h("h1", {}, "The network module resets"),
    h("p", { role: "status" }, "This page asks for the log-in when it is there again. If its address or port was changed, go to the new one."),
  );
  session = { level: null };
  for (let tries = 0; tries < 60; tries++) {
    await new Promise((go) => setTimeout(go, 1500));
    const found = await ask("/api/session");
    if (found.status === 200) {
      await begin(found.body);
      if (session.level) notice("The network module has begun anew.", "warn");
      return;
    }
  }
}

BLOCKS.form = (spec, of) => {
  const form = h("form", { novalidate: true, "aria-label": spec.title || of.spec.title });
  const status = h("p", { role: "status" });
  let fields = [];
  let loaded = false;

  async function load() {
    const answer = await ask("/api/settings/" + spec.form);
    if (answer.status === 404) {
      form.replaceChildren(h("p", {}, "This meter does not have it."));
      return answer;
    }
    if (answer.status === 403) {
      form.replaceChildren(h("p", {}, "Only an administrator may see these settings."));
      return { ...answer, status: 200 };
    }
    if (answer.status !== 200) return answer;
    loaded = true;
    const only = spec.only.length ? (row) => spec.only.includes(row.id) : () => true;
    const rows = answer.body.settings.filter(only);
    const points = rows.some((row) => (layout.settings[row.id] || {}).k === "point");
    const by = points ? await ratios() : [];
    fields = rows.map((row, at) => field(rows, at, by)).filter(Boolean);
    const groups = new Map();
    for (const each of fields) groups.set(each.group, [...(groups.get(each.group) || []), each]);
    const sets = [...groups].map(([name, those]) =>
      h("fieldset", {}, h("legend", { class: name || spec.title ? "" : "hidden" }, name || spec.title || of.spec.title), h("div", { class: "grid2" }, those.map((each) => each.node))),
    );
    const sealed = rows.some((row) => row.sealed) ? h("p", { class: "warn" }, "Some of these settings are sealed: they can be read only.") : null;
    const save = isAdmin() ? h("div", { class: "bar" }, h("button", { type: "submit" }, "Save"), status) : null;
    form.replaceChildren(...[sealed, ...sets, save].filter(Boolean));
    for (const each of fields) each.renew();
    return answer;
  }

  async function save(event) {
    event.preventDefault();
    status.textContent = "";
    status.className = "";
    const writes = {};
    let wrong = null;
    for (const each of fields) {
      const found = each.read();
      each.tell(found.error);
      if (found.error) wrong = wrong || each;
      Object.assign(writes, found.writes);
    }
    if (wrong) {
      wrong.input.focus();
      return;
    }
    if (!Object.keys(writes).length) {
      status.textContent = "Nothing was changed.";
      return;
    }
    for (const part of parts(writes)) {
      const answer = await ask("/api/write", part);
      if (answer.status === 200) continue;
      const at = fields.find((each) => each.ids.includes(answer.body.id));
      if (at) {
        at.tell(reason(answer));
        at.input.focus();
      }
      status.textContent = at ? "Nothing was stored." : reason(answer);
      status.className = "bad";
      return;
    }
    await load();
    status.textContent = "Saved.";
    status.className = "good";
    if (!spec.reset) return;
    sessionStorage.setItem("pending", "1");
    if (await question("Saved. It takes effect when the network module is reset.", "Reset it now", "Later")) await resetModule(1);
  }

  form.addEventListener("submit", save);
  form.addEventListener("change", () => fields.forEach((each) => each.renew()));
  form.refresh = () => (loaded ? null : load());
  return form;
};

// Values that may be written, such as energies: {title, form and side: the setting that says whether a count is the first
// or the second of `counts`, most: the highest count, rows: [[label, unit, key, id, signed]]}.
BLOCKS.edit = (spec) => {
  const status = h("p", { role: "status" });
  const form = h("form", { novalidate: true, "aria-label": spec.title });
  const node = h("details", { class: "card" }, h("summary", {}, spec.title), form);
  let values = {};
  let fields = [];
  node.update = (found) => (values = found);
  async function build() {
    const answer = await ask("/api/settings/" + spec.form);
    if (answer.status !== 200) return form.replaceChildren(h("p", {}, reason(answer)));
    const side = answer.body.settings.find((row) => row.id === spec.side);
    const scale = spec.counts[side ? side.value : 0];
    fields = spec.rows.map(([label, unit, key, pid, signed]) => {
      const row = { id: pid, value: Math.round((pick(values, key) || 0) / scale), low: signed ? -spec.most : 0, high: spec.most, default: 0 };
      const id = "e" + pid;
      const made = numberField(row, id, { s: scale, u: unit });
      const error = h("span", { role: "alert", id: id + "-error" });
      made.input.setAttribute("aria-describedby", error.id);
      const tell = (text) => {
        error.textContent = text || "";
        if (text) made.input.setAttribute("aria-invalid", "true");
        else made.input.removeAttribute("aria-invalid");
      };
      return { pid, tell, ...made, node: h("div", { class: "field" }, h("label", { for: id }, `${label} (${unit})`), made.input, error) };
    });
    const save = h("div", { class: "bar" }, h("button", { type: "submit" }, "Save"), status);
    return form.replaceChildren(h("div", { class: "grid2" }, fields.map((each) => each.node)), save);
  }
  node.addEventListener("toggle", () => node.open && build());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    status.textContent = "";
    const found = fields.map((each) => [each, each.read()]);
    for (const [each, read] of found) each.tell(read.error);
    const wrong = found.find(([, read]) => read.error);
    if (wrong) return wrong[0].input.focus();
    const writes = Object.assign({}, ...found.map(([, read]) => read.writes));
    if (!Object.keys(writes).length) return (status.textContent = "Nothing was changed.");
    return act(writes, status, "Saved.");
  });
  return node;
};
