// Records, files, and lines over time.

// A year of 0 is a place where nothing was written yet.
const time = (w) => (w[0] ? stamp(...w.slice(0, 6)) + "." + String(w[6]).padStart(3, "0") : null);

// Alarm records: status (code in the high byte; bit 0 occurred, bit 1 of a pair), code, value, year ... ms. Values are
// of the secondary side.
DECODERS.alarms = async (records) => {
  const by = records.length ? await ratios() : [];
  return records
    .filter((each) => each.words[3])
    .map(({ number, words }) => {
      const [name, unit, factor, side, signed] = layout.lists.alarms[words[1]] || [`Code ${words[1]}`, "", 1, 0];
      const value = ((signed && words[2] > 32767 ? words[2] - 65536 : words[2]) / factor) * (by[side] || 1);
      const status = (words[0] & 1 ? "occurred" : "over") + (words[0] & 2 ? ", of a pair" : "");
      return { number, name, value: withUnit(value, unit, factor > 1 ? 3 : 0), status, time: time(words.slice(3)) };
    });
};

// Groups of the sequence of events: year ... ms, inputs of the module (bit 0 is its first).
DECODERS.sequence = (records) =>
  records
    .filter((each) => each.words[0])
    .map(({ number, words }) => {
      const found = { number, time: time(words) };
      for (let i = 0; i < 16; i++) found["di" + i] = (words[7] >> i) & 1 ? "on" : "off";
      return found;
    });

// The audit log: time (7 words), what, who (high byte) as which user (low byte), address (2), point, old and new value
// (8 words each: a number in the first two, or the bytes of a text).
DECODERS.audit = (records, spec) =>
  records.map(({ number, words }) => {
    const about = layout.settings[words[11]] || {};
    const value = (at) => {
      const count = words[at] * 65536 + words[at + 1];
      if (words[7] === spec.kinds.number) return (about.o || []).find((each) => each[0] === count)?.[1] || inUnit(count, about);
      const bytes = words.slice(at, at + 8).flatMap((word) => [word >> 8, word & 255]).filter(Boolean);
      return `"${String.fromCharCode(...bytes)}"`;
    };
    const changed = Object.values(spec.kinds).includes(words[7]);
    const name = about.l || (words[11] ? `point ${words[11]}` : "");
    const message = [spec.what[words[7]] || `event ${words[7]}`, name, changed ? `${value(12)} → ${value(20)}` : ""];
    const who = spec.who[words[8] >> 8] || `port ${(words[8] >> 8) - 1}`;
    const level = ["", " (user)", " (administrator)"][words[8] & 255] || "";
    const host = words[9] || words[10] ? [words[9] >> 8, words[9] & 255, words[10] >> 8, words[10] & 255].join(".") : null;
    return { number, time: time(words), who: who + level, host, message: message.filter(Boolean).join(": ") };
  });

// Files to take away: {files: [[name, path, about]]}.
BLOCKS.downloads = (spec) =>
  h(
    "section",
    { class: "card" },
    spec.caption ? h("h2", {}, spec.caption) : null,
    h("ul", {}, spec.files.map(([name, path, about]) => h("li", {}, h("a", { href: path, download: true }, name), about ? " – " + about : ""))),
  );

// Files that the loggers of the module have: {loggers: [name of each], delete: id that deletes those of the first}.
BLOCKS.files = (spec) => {
  const one = (name, i) => {
    const body = h("tbody", {});
    const status = h("p", { role: "status" });
    const row = (each) =>
      h("tr", {}, h("th", { scope: "row" }, h("a", { href: `/api/file/${i + 1}/${each.first}-${each.end}.csv`, download: each.name }, each.name)), h("td", {}, String(each.end - each.first)), h("td", {}, each.open ? "yes" : remove(each)));
    const remove = (each) => {
      const run = async () => {
        if (!(await question(`${each.name} and all older files of ${name} go, for good. What waits for a post is posted all the same.`, "Delete", "Cancel"))) return;
        const answer = await ask("/api/write", { [spec.delete + i]: each.end });
        await refresh();
        if (answer.status !== 200) status.textContent = reason(answer);
      };
      return isAdmin() ? h("button", { type: "button", class: "plain", onclick: run, "aria-label": `Delete ${each.name} and older files` }, "Delete up to here") : "";
    };
    const node = h("section", {}, table(["File", "Records", "Still written"], [], name), status);
    const list = node.querySelector("table");
    list.querySelector("tbody").replaceWith(body);
    const refresh = async () => {
      const found = [];
      let last = { status: 200 };
      for (let from = 0; from !== null && last.status === 200; ) {
        last = await ask(`/api/files/${i + 1}?from=${from}`);
        if (last.status !== 200) break;
        found.unshift(...last.body.files.reverse());
        from = last.body.next;
        status.textContent = `${found.length} files …`;
      }
      body.replaceChildren(...found.map(row));
      status.textContent = last.status === 200 ? (found.length ? "" : `${name}: nothing yet.`) : reason(last);
      node.querySelector(".scroll").hidden = !found.length;
      return last;
    };
    return { node, refresh };
  };
  const made = spec.loggers.map(one);
  const node = h("div", { class: "blocks" }, made.map((each) => each.node));
  node.refresh = async () => {
    let last = null;
    for (const each of made) last = await each.refresh();
    return last;
  };
  return node;
};

// A file made here, to be kept by the browser.
function keep(name, text, type) {
  const place = URL.createObjectURL(new Blob([text], { type }));
  h("a", { href: place, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(place), 10000);
}

let charting = null; // a promise of the library

function library() {
  if (!layout.library) return Promise.resolve(false);
  if (!charting) {
    document.head.append(h("link", { rel: "stylesheet", href: "/uplot.css" }));
    charting = new Promise((settle) => {
      document.head.append(h("script", { src: "/uplot.js", onload: () => settle(true), onerror: () => settle(false) }));
    });
  }
  return charting;
}

const MARKS = ["a", "b", "c", "d"];

// Lines in `room`: `times` in s (of the meter's clock, read as UTC; with `plain` any x), series [[name, values]].
async function plot(room, times, series, unit, plain) {
  const marked = series.map(([name, values], i) => [name, values, MARKS[i % 4]]);
  if (!times.length) {
    room.replaceChildren(h("p", {}, "Nothing yet."));
    return;
  }
  if (!(await library())) {
    room.replaceChildren(
      plainLines(times, marked, unit, plain),
      legend(marked.map((each) => [each[0], each[2]])),
      h("p", { class: "plain-lines" }, h("small", {}, "Plain lines, without zoom: these pages were made without the charting library.")),
    );
    return;
  }
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue("--" + name).trim();
  const axis = { stroke: colour("soft"), grid: { stroke: colour("line") }, ticks: { stroke: colour("line") } };
  const options = {
    width: Math.max(280, room.clientWidth - 16),
    height: 300,
    scales: { x: { time: !plain } },
    tzDate: (ts) => uPlot.tzDate(new Date(ts * 1e3), "UTC"),
    axes: [{ ...axis, label: plain }, { ...axis, label: unit || "", size: 70 }],
    series: [{ label: plain }, ...marked.map(([label, , mark]) => ({ label, stroke: colour(mark), width: 1.5, spanGaps: false }))],
  };
  room.replaceChildren();
  new uPlot(options, [times, ...marked.map((each) => each[1])], room);
}

// Times and columns of a CSV file whose first column is a time.
function parsed(text) {
  const lines = text.split(/\r?\n/).filter(Boolean).map((each) => each.split(","));
  const head = lines.shift() || [];
  const first = head.findIndex((name) => /time/i.test(name));
  const times = [];
  const columns = head.map(() => []);
  for (const cells of lines) {
    const cell = cells[Math.max(0, first)];
    const at = /^\d+$/.test(cell) ? Number(cell) : Date.parse(cell.slice(0, 19).replace(" ", "T") + "Z") / 1000;
    if (Number.isNaN(at)) continue;
    times.push(at);
    cells.forEach((cell, i) => columns[i]?.push(cell === "" ? null : Number(cell)));
  }
  const names = head.map((name, i) => [name, i]).filter(([, i]) => i !== first && columns[i].some((value) => Number.isFinite(value)));
  return { times, names, columns };
}

const live = { times: [], values: {} }; // what this browser has seen since it was opened
const LIVE_MOST = 7200;

// All records of a logger (a number), from the first of its local files to the last one's end; or what a path gives.
async function recorded(path) {
  if (typeof path === "string") return ask(path);
  let from = 0;
  let first = null;
  let end = 0;
  while (from != null) {
    const some = await ask(`/api/files/${path}?from=${from}`);
    if (some.status !== 200) return some;
    for (const file of some.body.files) [first, end] = [first ?? file.first, file.end];
    from = some.body.next;
  }
  return first == null ? { status: 200, body: {} } : ask(`/api/file/${path}/${first}-${end}.csv`);
}

// A trend: {live: [[name, unit, [keys]]], source, files: [[name, path or number of a logger]]}.
BLOCKS.trend = (spec, of) => {
  const room = h("div", { class: "plot" });
  const select = (id, label, options) => {
    const input = h("select", { id }, options.map(([value, text]) => h("option", { value }, text)));
    return [input, h("div", { class: "field" }, h("label", { for: id }, label), input)];
  };
  const [from, fromField] = select("trend-from", "From", [["live", "This page, live"], ...spec.files.map(([name], i) => [String(i), name])]);
  const [what, whatField] = select("trend-what", "What", spec.live.map(([name], i) => [i, name]));
  const [span, spanField] = select("trend-span", "Time", [[600, "Last 10 minutes"], [3600, "Last hour"], [86400, "Last day"], [604800, "Last 7 days"], [2592000, "Last 30 days"], [0, "All"]]);
  const preview = h("div", { hidden: true });
  const status = h("p", { role: "status" });
  let file = null;
  let drawn = null; // {times, series, unit}

  function cut(times, series, unit) {
    const since = Number(span.value) ? times[times.length - 1] - Number(span.value) : -Infinity;
    const at = Math.max(0, times.findIndex((each) => each >= since));
    drawn = { times: times.slice(at), series: series.map(([name, values]) => [name, values.slice(at)]), unit };
    return plot(room, drawn.times, drawn.series, unit);
  }

  function draw() {
    if (from.value === "live") {
      const [, unit, keys, names] = spec.live[Number(what.value)];
      return cut(live.times, keys.map((key, i) => [(names || keys)[i], live.values[key] || []]), unit);
    }
    if (!file) return null;
    const column = Number(what.value);
    const found = file.names.find(([, i]) => i === column) || file.names[0];
    return found ? cut(file.times, [[found[0], file.columns[found[1]]]], "") : plot(room, [], [], "");
  }

  async function choose() {
    file = null;
    status.textContent = "";
    const options = (pairs) => what.replaceChildren(...pairs.map(([value, text]) => h("option", { value }, text)));
    if (from.value === "live") {
      options(spec.live.map(([name], i) => [i, name]));
    } else {
      status.textContent = "Reading the log …";
      const answer = await recorded(spec.files[Number(from.value)][1]);
      status.textContent = answer.status === 200 ? "" : reason(answer);
      file = answer.status === 200 ? parsed(answer.body.text || "") : null;
      options(file ? file.names.map(([name, i]) => [i, name]) : []);
      span.value = "0";
    }
    await draw();
  }

  const csv = () => {
    if (!drawn) return;
    const head = ["Time", ...drawn.series.map((each) => each[0])].join(",");
    const lines = drawn.times.map((at, i) => [new Date(at * 1000).toISOString().slice(0, 19).replace("T", " "), ...drawn.series.map((each) => each[1][i] ?? "")].join(","));
    keep("trend.csv", [head, ...lines].join("\n") + "\n", "text/csv");
  };
  const picture = () => {
    const canvas = room.querySelector("canvas");
    if (canvas) canvas.toBlob((blob) => keep("trend.png", blob, "image/png"));
    else if (room.querySelector("svg")) keep("trend.svg", new XMLSerializer().serializeToString(room.querySelector("svg")), "image/svg+xml");
  };
  const look = () => {
    preview.hidden = !preview.hidden;
    if (preview.hidden || !drawn) return;
    const last = drawn.times.map((at, i) => i).slice(-200).reverse();
    preview.replaceChildren(table(["Time", ...drawn.series.map((each) => each[0])], last.map((i) => h("tr", {}, h("th", { scope: "row" }, clockText(drawn.times[i])), drawn.series.map((each) => h("td", {}, shown(each[1][i]))))), "Data"));
    preview.firstChild.classList.add("tall");
  };
  from.addEventListener("change", choose);
  what.addEventListener("change", draw);
  span.addEventListener("change", draw);
  const buttons = [["Data", look], ["Save as CSV", csv], ["Save as picture", picture]].map(([name, run]) => h("button", { type: "button", class: "plain", onclick: run }, name));
  const node = h("section", {}, h("div", { class: "choices" }, fromField, whatField, spanField), status, room, h("div", { class: "bar" }, buttons), preview);
  node.update = (values, answer) => {
    const at = Date.parse((answer.time || "").replace(" ", "T") + "Z") / 1000;
    if (Number.isNaN(at) || at <= live.times[live.times.length - 1]) return;
    if (live.times.length >= LIVE_MOST) [live.times, ...Object.values(live.values)].forEach((list) => list.shift());
    live.times.push(at);
    for (const [, , keys] of spec.live) for (const key of keys) (live.values[key] ||= Array(live.times.length - 1).fill(null)).push(pick(values, key));
    if (from.value === "live") draw();
  };
  return node;
};
