// Charts as SVG: phasors, bars, and lines where there is no library for them.
const SIZE = 300;

function arrow(angle, length, name, mark) {
  const x = length * Math.cos(angle);
  const y = -length * Math.sin(angle);
  const back = (turn) => [x - 8 * Math.cos(angle + turn), y + 8 * Math.sin(angle + turn)].join(",");
  return svg(
    "g",
    { class: mark },
    svg("line", { x1: 0, y1: 0, x2: x, y2: y }),
    svg("polygon", { points: `${x},${y} ${back(0.4)} ${back(-0.4)}` }),
    svg("text", { x: (length + 14) * Math.cos(angle), y: -(length + 14) * Math.sin(angle) + 4 }, name),
  );
}

// Arrows of [name, magnitude, degrees by which it lags, class], each group scaled to its longest.
function phasors(groups) {
  const half = SIZE / 2;
  const parts = [
    svg("circle", { r: 110, class: "grid" }),
    svg("circle", { r: 55, class: "grid" }),
    svg("path", { d: "M-115 0H115M0-115V115", class: "grid" }),
  ];
  groups.forEach((arrows, group) => {
    const longest = Math.max(...arrows.map((each) => each[1] || 0));
    for (const [name, size, lag, mark] of arrows) {
      if (size == null || lag == null || !(longest > 0) || size < longest / 100) continue;
      parts.push(arrow((-lag * Math.PI) / 180, (group ? 78 : 110) * (size / longest), name, mark));
    }
  });
  return svg("svg", { viewBox: `${-half} ${-half} ${SIZE} ${SIZE}`, class: "phasor" }, parts);
}

// Bars of several series side by side: [[name, values, class]], the first bar is number `first`.
function bars(series, first) {
  const [wide, high, left, below] = [640, 240, 44, 22];
  const count = Math.max(1, ...series.map((each) => each[1].length));
  const top = Math.max(1, ...series.flatMap((each) => each[1].map((value) => value || 0)));
  const step = (wide - left) / count;
  const thick = (0.8 * step) / series.length;
  const scale = (high - below - 8) / top;
  const parts = [];
  for (let i = 0; i <= 4; i++) {
    const y = high - below - (scale * top * i) / 4;
    parts.push(svg("path", { d: `M${left} ${y}H${wide}`, class: "grid" }));
    parts.push(svg("text", { x: left - 4, y: y + 4, "text-anchor": "end" }, shown((top * i) / 4, top < 8 ? 2 : 0)));
  }
  series.forEach(([name, values, mark], n) => {
    values.forEach((value, i) => {
      const tall = scale * (value || 0);
      const bar = { x: left + step * i + 0.1 * step + thick * n, y: high - below - tall, width: thick, height: tall };
      const about = svg("title", {}, `${name}, ${first + i}: ${withUnit(value, "%")}`);
      parts.push(svg("rect", { ...bar, class: mark }, about));
    });
  });
  for (let i = 0; i < count; i += Math.ceil(count / 16)) {
    const at = { x: left + step * (i + 0.5), y: high - 6, "text-anchor": "middle" };
    parts.push(svg("text", at, String(first + i)));
  }
  return svg("svg", { viewBox: `0 0 ${wide} ${high}`, class: "bars" }, parts);
}

// A legend: [name, class].
const legend = (names) =>
  h("ul", { class: "legend" }, names.map(([name, mark]) => h("li", { class: mark }, name)));

const clockText = (seconds) => new Date(seconds * 1000).toISOString().slice(5, 16).replace("T", " ");

// Lines without a library: `times` in s, rising; series [[name, values, class]].
function plainLines(times, series, unit, plain) {
  const [wide, high, left, below] = [640, 260, 60, 24];
  const all = series.flatMap((each) => each[1]).filter((value) => value != null);
  let low = all.reduce((a, b) => Math.min(a, b), Infinity);
  let top = all.reduce((a, b) => Math.max(a, b), -Infinity);
  if (!all.length) [low, top] = [0, 1];
  if (top - low < 1e-6) [low, top] = [low - 1, top + 1];
  const [from, to] = [times[0], Math.max(times[times.length - 1], times[0] + 1)];
  const x = (time) => left + ((wide - left - 6) * (time - from)) / (to - from);
  const y = (value) => high - below - ((high - below - 10) * (value - low)) / (top - low);
  const parts = [];
  for (let i = 0; i <= 4; i++) {
    const value = low + ((top - low) * i) / 4;
    parts.push(svg("path", { d: `M${left} ${y(value)}H${wide}`, class: "grid" }));
    parts.push(svg("text", { x: left - 4, y: y(value) + 4, "text-anchor": "end" }, shown(value, top - low < 4 ? 2 : 0)));
  }
  for (let i = 0; i < 4; i++) {
    const time = from + ((to - from) * (i + 0.5)) / 4;
    parts.push(svg("text", { x: x(time), y: high - 6, "text-anchor": "middle" }, plain ? shown(time, 0) : clockText(time)));
  }
  const every = Math.max(1, Math.floor(times.length / 1500));
  for (const [, values, mark] of series) {
    let d = "";
    let pen = "M";
    for (let i = 0; i < times.length; i += every) {
      if (values[i] == null) {
        pen = "M";
        continue;
      }
      d += `${pen}${x(times[i]).toFixed(1)} ${y(values[i]).toFixed(1)}`;
      pen = "L";
    }
    parts.push(svg("path", { d, class: "trace " + mark }));
  }
  const picture = svg("svg", { viewBox: `0 0 ${wide} ${high}`, class: "lines", role: "img" }, parts);
  picture.setAttribute("aria-label", `Lines over ${plain || "time"}${unit ? ", in " + unit : ""}`);
  return picture;
}
