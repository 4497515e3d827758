// What an administrator does at once: resets, the clock, passwords, relays and counters of I/O modules.

// Write at once; says in `status` what became of it.
async function act(writes, status, done) {
  const answer = await ask("/api/write", writes);
  status.textContent = answer.status === 200 ? done || "Done." : reason(answer);
  status.className = answer.status === 200 ? "good" : "bad";
  return answer.status === 200;
}

// Rows of things to do: {rows: [{label, button, writes, confirm, reset}]}.
BLOCKS.actions = (spec) => {
  const row = (each) => {
    const status = h("span", { role: "status" });
    const run = async () => {
      status.textContent = "";
      if (!(await question(each.confirm, each.button, "Cancel"))) return;
      if (each.reset) await resetModule(each.reset);
      else await act(each.writes, status);
    };
    const label = h("th", { scope: "row" }, each.label);
    return h("tr", {}, label, h("td", {}, h("button", { type: "button", onclick: run, "aria-label": `${each.button}: ${each.label}` }, each.button)), h("td", {}, status));
  };
  return h("section", {}, table(["What", "", ""], spec.rows.map(row), spec.caption));
};

// The meter's clock, in its own local time: {ids: [year ... second]}.
BLOCKS.clock = (spec) => {
  const status = h("p", { role: "status" });
  const input = h("input", { id: "set-clock", type: "datetime-local", step: 1, min: "2000-01-01T00:00:00", max: "2099-12-31T23:59:59" });
  const set = (text) => {
    const fields = (text.length === 16 ? text + ":00" : text).split(/[-T:]/).map(Number);
    if (fields.length !== 6 || fields.some(Number.isNaN) || fields[0] < 2000 || fields[0] > 2099) {
      status.textContent = "Enter a date from 2000 to 2099 and a time.";
      status.className = "bad";
      input.focus();
      return;
    }
    act(Object.fromEntries(spec.ids.map((id, i) => [id, fields[i]])), status, "The clock is set.");
  };
  const now = () => {
    const here = new Date();
    set(new Date(here - here.getTimezoneOffset() * 60000).toISOString().slice(0, 19));
  };
  const submit = (event) => {
    event.preventDefault();
    set(input.value);
  };
  return h(
    "form",
    { class: "card", onsubmit: submit, novalidate: true },
    h("h2", {}, "Clock of the meter"),
    h("div", { class: "field" }, h("label", { for: "set-clock" }, "Date and time"), input, h("small", {}, "Local time of the meter; 2000 to 2099")),
    h("div", { class: "bar" }, h("button", { type: "submit" }, "Set"), h("button", { type: "button", class: "plain", onclick: now }, "Take the time of this computer"), status),
  );
};

BLOCKS.passwords = () => {
  const one = (level, title) => {
    const entry = (name, label, hint) => {
      const id = `${level}-${name}`;
      const error = h("span", { role: "alert", id: id + "-error" });
      const input = h("input", { id, type: "password", maxlength: 32, autocomplete: name === "current" ? "current-password" : "new-password", "aria-describedby": `${id}-hint ${id}-error` });
      const node = h("div", { class: "field" }, h("label", { for: id }, label), input, h("small", { id: id + "-hint" }, hint), error);
      const tell = (text) => {
        error.textContent = text;
        if (text) input.setAttribute("aria-invalid", "true");
        else input.removeAttribute("aria-invalid");
        if (text) input.focus();
      };
      return { input, node, tell };
    };
    const current = entry("current", "Your own password", "the administrator's, as it is now");
    const fresh = entry("new", "New password", "6 to 32 letters, digits and signs (ASCII)");
    const again = entry("again", "New password, again", "");
    const status = h("p", { role: "status" });
    const see = h("input", { type: "checkbox", id: level + "-see" });
    see.addEventListener("change", () => {
      for (const each of [current, fresh, again]) each.input.type = see.checked ? "text" : "password";
    });
    const submit = async (event) => {
      event.preventDefault();
      status.textContent = "";
      for (const each of [again, fresh, current]) each.tell("");
      if (!/^[\x20-\x7e]{6,32}$/.test(fresh.input.value)) return fresh.tell("Enter 6 to 32 plain letters, digits and signs.");
      if (fresh.input.value !== again.input.value) return again.tell("The two are not the same.");
      const answer = await ask("/api/password", { level, current: current.input.value, password: fresh.input.value });
      if (answer.status === 401 && answer.body.error === "password") return current.tell(REFUSALS.password);
      if (answer.status === 422) return fresh.tell(reason(answer));
      status.textContent = answer.status === 200 ? "Changed." : reason(answer);
      status.className = answer.status === 200 ? "good" : "bad";
      if (answer.status !== 200) return null;
      session.defaults = (session.defaults || []).filter((each) => each !== level);
      document.querySelector(".warnings").replaceWith(warnings());
      for (const each of [current, fresh, again]) each.input.value = "";
      return null;
    };
    return h(
      "form",
      { class: "card", onsubmit: submit, novalidate: true, "aria-label": title },
      h("h2", {}, title),
      [current, fresh, again].map((each) => each.node),
      h("p", {}, h("label", { for: level + "-see" }, see, " Show what is typed")),
      h("div", { class: "bar" }, h("button", { type: "submit" }, "Change"), status),
    );
  };
  return h("div", { class: "cards" }, one("user", "Password of the user"), one("admin", "Password of the administrator"));
};

// I/O modules: {modules: [{name, bit, number, inputs: [first, count], relays, ai, ao}], relay: id of the first, clear: id}.
BLOCKS.io = (spec) => {
  const room = h("div", { class: "cards" });
  const status = h("p", { role: "status" });
  const node = h("section", {}, status, room);
  const each = (pair, make) => Array.from({ length: pair ? pair[1] : 0 }, (_, i) => make(pair[0] + i));
  const line = (name, value, more) => h("div", {}, h("dt", {}, name), h("dd", {}, value, more ? [" ", more] : null));
  const card = (module, values) => {
    const toggle = (n, on) => {
      if (!isAdmin()) return null;
      const run = () => act({ [spec.relay + n]: on ? 0 : 1 }, status, `Relay ${n + 1} is ${on ? "off" : "on"}.`);
      return h("button", { type: "button", class: "plain", onclick: run, "aria-label": `Turn relay ${n + 1} ${on ? "off" : "on"}` }, on ? "Off" : "On");
    };
    const reset = () => question("The pulse counters of this module begin at 0 again.", "Reset", "Cancel").then((yes) => yes && act({ [spec.clear]: module.number }, status));
    const bit = (list, n) => list && list[n];
    return h(
      "section",
      { class: "card" },
      h("h2", {}, module.name.toUpperCase()),
      h(
        "dl",
        {},
        each(module.relays, (n) => line(`Relay ${n + 1}`, bit(values.relays, n) ? "on" : "off", toggle(n, bit(values.relays, n)))),
        each(module.inputs, (n) => line(`DI${n + 1}`, `${bit(values.inputs, n) ? "on" : "off"}, ${shown(pick(values, "counters." + n), 0)} pulses`)),
        each(module.ao, (n) => line(`AO${n + 1}`, shown(pick(values, "ao." + n)))),
        each(module.ai, (n) => line(`AI${n + 1}`, shown(pick(values, "ai." + n), 0))),
      ),
      isAdmin() ? h("p", {}, h("button", { type: "button", class: "plain", onclick: reset }, "Reset DI counters")) : null,
    );
  };
  node.update = (values) => {
    const there = spec.modules.filter((module) => (values.modules >> module.bit) & 1);
    const focused = room.contains(document.activeElement) ? document.activeElement.getAttribute("aria-label") : null;
    room.replaceChildren(...(there.length ? there.map((module) => card(module, values)) : [h("p", {}, "No I/O module is connected.")]));
    if (focused) [...room.querySelectorAll("button")].find((button) => (button.getAttribute("aria-label") || "").slice(0, 12) === focused.slice(0, 12))?.focus();
  };
  return node;
};

// What is wrong with a file, for people.
function refusal(body) {
  const about = layout.settings[body.id] || { l: `Setting ${body.id}` };
  const span = { low: body.low, high: body.high };
  const limits = about.k ? `${body.low} to ${body.high}` : rangeText({ ...span, default: body.low }, about).split(";")[0];
  const told = {
    file: `This is no configuration of a meter (line ${body.line}).`,
    damaged: "The file is damaged, cut short or changed by hand.",
    model: `The file is of another model: ${body.model}.`,
    newer: `The file is of a newer firmware (format ${body.format}).`,
    passphrase: "The passphrase is not that of the file: 8 to 64 characters.",
    range: `${about.l}: the value of the file is not allowed` + (body.low == null ? "." : `; allowed: ${limits}.`),
    sealed: `${about.l}: sealed, open the seal at the meter first; or held by the network module.`,
    unknown: `The file has a setting that this meter does not have (${body.id}).`,
    type: `${about.l}: not a value of its kind, or there twice (line ${body.line}).`,
    at: "The meter has forgotten the import: begin anew.",
    stale: "Somebody has changed a setting meanwhile: import the file again.",
    busy: "Somebody else imports: wait a minute.",
    flash: "The memory of the meter did not take it.",
    memory: "The meter has no room for it now: try again.",
  };
  return told[body.error];
}

// A configuration, taken away and brought back.
BLOCKS.backup = () => {
  const phrase = (id, hint) => {
    const input = h("input", { id, type: "password", maxlength: 64, autocomplete: "off", "aria-describedby": id + "-hint" });
    return [input, h("div", { class: "field" }, h("label", { for: id }, "Passphrase (optional)"), input, h("small", { id: id + "-hint" }, hint))];
  };
  const say = (status, text, kind) => {
    status.textContent = text;
    status.className = kind || "";
  };
  const short = (input) => input.value && !/^[\x20-\x7e]{8,64}$/.test(input.value);
  const [seal, sealing] = phrase("backup-phrase", "8 to 64 letters, digits and signs (ASCII): seals the passwords into the file. Without one they are left out.");
  const taken = h("p", { role: "status" });
  const take = async (event) => {
    event.preventDefault();
    if (short(seal)) {
      say(taken, "Enter 8 to 64 plain letters, digits and signs, or nothing.", "bad");
      return seal.focus();
    }
    say(taken, "The meter makes the file …");
    const answer = await ask("/api/config", seal.value ? { passphrase: seal.value } : undefined);
    if (answer.status !== 200) return say(taken, reason(answer), "bad");
    keep(`${session.version}-${new Date().toISOString().slice(0, 10)}-config.json`, answer.text, "application/json");
    return say(taken, "Done.", "good");
  };
  const [open, opening] = phrase("import-phrase", "That of the file. Without one the meter keeps the passwords that it has.");
  const file = h("input", { id: "import-file", type: "file", accept: ".json,application/json" });
  const status = h("p", { role: "status" });
  const button = h("button", { type: "submit" }, "Import");
  const give = async (event) => {
    event.preventDefault();
    if (!file.files.length) return say(status, "Choose a file.", "bad");
    if (file.files[0].size > 200000) return say(status, refusal({ error: "file", line: 1 }), "bad");
    if (short(open)) return say(status, refusal({ error: "passphrase" }), "bad");
    button.disabled = true;
    const failed = (answer) => {
      button.disabled = false;
      say(status, refusal(answer.body) || reason(answer), "bad");
    };
    const text = await file.files[0].text();
    let answer = { status: 200, body: { changes: 0 } };
    let at = 0;
    do {
      say(status, `The meter reads the file: ${Math.round((100 * at) / (text.length || 1))} %`);
      let count = 500; // more would want larger pieces of a board's heap
      const body = () => ({ at: bytes(text.slice(0, at)), text: text.slice(at, at + count), ...(at ? {} : { passphrase: open.value }), ...(at + count < text.length ? {} : { end: true }) });
      while (bytes(JSON.stringify(body())) > MOST_BYTES) count = Math.floor(count / 1.2);
      answer = await ask("/api/import", body());
      at += count;
    } while (answer.status === 200 && at < text.length);
    if (answer.status !== 200) return failed(answer);
    const { changes, sealed } = answer.body;
    if (!changes) {
      button.disabled = false;
      return say(status, "The meter has all of this already: nothing to change.", "good");
    }
    const asked = `${changes} settings change${sealed ? ", passwords with them" : ""}. Addresses, the ports of these pages and who is let in stay as they are.`;
    if (!(await question(asked, "Import", "Cancel"))) {
      button.disabled = false;
      return say(status, "Nothing was changed.");
    }
    say(status, "The meter stores it …");
    answer = await ask("/api/import", { apply: true });
    if (answer.status !== 200) return failed(answer);
    button.disabled = false;
    say(status, `${answer.body.changes} settings changed.`, "good");
    sessionStorage.setItem("pending", "1");
    if (await question("Imported. What is of the network takes effect when the network module is reset.", "Reset it now", "Later")) await resetModule(1);
    return null;
  };
  return h(
    "div",
    { class: "cards" },
    h("form", { class: "card", onsubmit: take, novalidate: true, "aria-label": "Backup" }, h("h2", {}, "Backup"), sealing, h("div", { class: "bar" }, h("button", { type: "submit" }, "Download"), taken)),
    h(
      "form",
      { class: "card", onsubmit: give, novalidate: true, "aria-label": "Import" },
      h("h2", {}, "Import"),
      h("div", { class: "field" }, h("label", { for: "import-file" }, "File"), file, h("small", {}, "A backup of a meter of the same model. It is stored whole, or not at all.")),
      opening,
      h("div", { class: "bar" }, button, status),
    ),
  );
};

// What program runs.
BLOCKS.firmware = () => {
  const body = h("tbody", {});
  const node = h("section", {});
  node.refresh = async () => {
    const answer = await ask("/api/firmware");
    if (answer.status !== 200) return answer;
    const { model, machine, build, version } = answer.body;
    const rows = [
      ["Model", model],
      ["Runs on", machine || "a computer: the simulator"],
      ["Image", build || "none"],
      ["Interpreter", version],
    ];
    body.replaceChildren(...rows.map(([label, value]) => h("tr", {}, h("th", { scope: "row" }, label), h("td", {}, value))));
    node.replaceChildren(table(["What", "Value"], [...body.children], "What is running"));
    return answer;
  };
  return node;
};
