// Power quality: events, and waveforms with their files.
const EDGES = ["", "on", "off", "change"];
const bitNames = (word, names) => names.filter((_, i) => (word >> i) & 1);
const phasesOf = (word) => bitNames(word, ["1", "2", "3"]).join(", ");

// Events: date and time, ms, phases (bits 0-2 sag, 3-5 swell), rated voltage, threshold, half cycles.
DECODERS.quality = (records) =>
  records.map(({ number, words }) => ({
    number,
    time: time(words),
    what: [["Sag", words[7] & 7], ["Swell", words[7] >> 3]].filter((each) => each[1]).map(([name, bits]) => `${name} of ${phasesOf(bits)}`).join("; "),
    limit: `${words[9]} % of ${words[8]} V` + (words[10] ? `, ${words[10]} half cycles` : ""),
  }));

// Why a group was captured: its words are time, ms, 1 by command, inputs of three modules, sag, swell, over-current.
function reasons(words) {
  const found = words[7] ? ["manual"] : [];
  let first = 1;
  [6, 4, 4].forEach((count, i) => {
    for (let k = 0; k < count; k++) {
      const edge = (words[8 + i] >> (2 * k)) & 3;
      if (edge) found.push(`DI${first + k} ${EDGES[edge]}`);
    }
    first += count;
  });
  ["sag", "swell", "over-current"].forEach((name, i) => words[11 + i] && found.push(`${name} ${phasesOf(words[11 + i])}`));
  return found.join(", ");
}

// Points of 16 bits in hex, low octet first.
function points(hex) {
  const found = new Array(hex.length / 4);
  for (let i = 0; i < found.length; i++) {
    const word = parseInt(hex.substr(4 * i + 2, 2) + hex.substr(4 * i, 2), 16);
    found[i] = word > 32767 ? word - 65536 : word;
  }
  return found;
}

const comtradeTime = (ms) => {
  const [date, clock] = new Date(ms).toISOString().split("T");
  return `${date.slice(8)}/${date.slice(5, 7)}/${date.slice(0, 4)},${clock.slice(0, 12)}000`;
};

// A group as COMTRADE (IEC 60255-24:2013), ASCII, primary values: the texts of .cfg and .dat.
function comtrade(wave) {
  const lines = [`${layout.name},group ${wave.number},2013`, "6,6A,0D"];
  wave.names.forEach((name, i) => {
    const unit = i < 3 ? "V" : "A";
    lines.push(`${i + 1},${name},${"ABC"[i % 3]},,${unit},${wave.scale[i]},0,0,-32767,32767,1,1,P`);
  });
  const before = wave.at - (1000 * wave.before) / wave.rate;
  lines.push(String(wave.nominal), "1", `${wave.rate},${wave.codes[0].length}`, comtradeTime(before), comtradeTime(wave.at), "ASCII", "1", "0,x", "B,3");
  const rows = wave.codes[0].map((_, i) => [i + 1, Math.round((1e6 * i) / wave.rate), ...wave.codes.map((codes) => codes[i])].join(","));
  return [lines.join("\r\n") + "\r\n", rows.join("\r\n") + "\r\n"];
}

// Captured waveforms: {capture, clear: ids of commands, volt: counts of a volt, amps: [[CT2, counts of an ampere]], ids of
// settings}.
BLOCKS.waves = (spec) => {
  const status = h("p", { role: "status" });
  const body = h("tbody", {});
  const list = table(["Group", "Time", "Reason", "", ""], [], "Waveforms");
  list.querySelector("tbody").replaceWith(body);
  const none = h("p", { hidden: true }, "Nothing was captured yet.");
  const viewer = h("section", { hidden: true });
  const shownBefore = { text: "" };

  async function load(number) {
    const [answer, meter, basic] = [await ask("/api/wave/" + number), await ask("/api/settings/meter"), await ask("/api/values/basic")];
    if (answer.status !== 200 || meter.status !== 200) {
      status.textContent = reason(answer.status !== 200 ? answer : meter);
      return null;
    }
    const by = await ratios();
    const value = Object.fromEntries(meter.body.settings.map((row) => [row.id, row.value]));
    const perAmpere = Object.fromEntries(spec.amps)[value[spec.ct2]];
    const nominal = value[spec.frequency] ? 60 : 50;
    const lines = spec.lines.includes(value[spec.wiring]);
    const words = answer.body.words || [];
    return {
      number,
      names: [...(lines ? ["V12", "V23", "V31"] : ["V1", "V2", "V3"]), "I1", "I2", "I3"],
      codes: answer.body.samples.map(points),
      scale: [0, 1, 2, 3, 4, 5].map((i) => (i < 3 ? by[1] / spec.volt : by[2] / perAmpere)),
      rate: 64 * ((basic.body.values || {}).frequency || nominal),
      nominal,
      before: 640,
      at: Date.parse(stamp(...words.slice(0, 6)).replace(" ", "T") + "Z") + (words[6] || 0),
      reason: reasons(words),
    };
  }

  async function view(number) {
    status.textContent = "Reading the waveform …";
    const wave = await load(number);
    if (!wave) return;
    status.textContent = "";
    const rooms = [h("div", { class: "plot" }), h("div", { class: "plot" })];
    const title = h("h2", { tabindex: -1 }, `Group ${number}: ${wave.reason}`);
    const close = () => {
      viewer.hidden = true;
      viewer.replaceChildren();
    };
    viewer.hidden = false;
    viewer.replaceChildren(title, ...rooms, h("div", { class: "bar" }, h("button", { type: "button", class: "plain", onclick: close }, "Close")));
    const ms = wave.codes[0].map((_, i) => (1000 * (i - wave.before)) / wave.rate);
    const series = wave.codes.map((codes, i) => [wave.names[i], codes.map((code) => code * wave.scale[i])]);
    await plot(rooms[0], ms, series.slice(0, 3), "V", "ms after the trigger");
    await plot(rooms[1], ms, series.slice(3), "A", "ms after the trigger");
    title.focus();
  }

  async function download(number) {
    const wave = await load(number);
    if (!wave) return;
    const [config, data] = comtrade(wave);
    const name = "waveform" + String(number).padStart(3, "0");
    keep(name + ".cfg", config, "text/plain");
    keep(name + ".dat", data, "text/plain");
  }

  const command = (id, text, said) => async () => {
    if (!text || (await question(text, "Delete", "Cancel"))) await act({ [id]: 1 }, status, said);
    await node.refresh();
  };
  const bar = isAdmin()
    ? h(
        "div",
        { class: "bar" },
        h("button", { type: "button", onclick: command(spec.capture, "", "Captured: it appears in the list within seconds.") }, "Capture now"),
        h("button", { type: "button", class: "plain", onclick: command(spec.clear, "All waveforms are deleted for good.", "Deleted.") }, "Delete all"),
      )
    : null;
  const node = h("section", {}, bar, status, list, none, viewer);
  node.refresh = async () => {
    const answer = await ask("/api/waves");
    if (answer.status !== 200) return answer;
    const text = JSON.stringify(answer.body.waves);
    if (text === shownBefore.text) return answer;
    shownBefore.text = text;
    const button = (name, number, run) => h("td", {}, h("button", { type: "button", class: "plain", "aria-label": `${name} group ${number}`, onclick: () => run(number) }, name));
    body.replaceChildren(
      ...answer.body.waves.map(({ number, words }) =>
        h("tr", {}, h("th", { scope: "row" }, number), h("td", {}, time(words)), h("td", {}, reasons(words)), button("View", number, view), button("COMTRADE", number, download)),
      ),
    );
    none.hidden = answer.body.waves.length > 0;
    list.hidden = !none.hidden;
    return answer;
  };
  return node;
};
