// What a page consists of. A block is made from its row of the layout; its node may have `update(values)`, called
// with what the page's source says, and `refresh()`, called as often as the page is.
const BLOCKS = {};

// A link to another page.
const link = (route, text) => h("a", { href: ROUTES + route }, text);

function table(head, rows, caption) {
  return h(
    "div",
    { class: "scroll", tabindex: 0, role: "region", "aria-label": caption || "Table" },
    h(
      "table",
      {},
      caption ? h("caption", {}, caption) : null,
      h("thead", {}, h("tr", {}, head.map((each) => h("th", { scope: "col" }, each)))),
      h("tbody", {}, rows),
    ),
  );
}

BLOCKS.text = (spec) => h("section", {}, spec.p.map((each) => h("p", {}, each)));

// Cards with some values and where there are more: {cards: [{title, to, rows: [[label, unit, key]]}]}.
BLOCKS.cards = (spec) => {
  const cells = [];
  const card = (each) =>
    h(
      "section",
      { class: "card" },
      h("h2", {}, each.title),
      h(
        "dl",
        {},
        each.rows.map(([label, unit, key, digits]) => {
          const cell = h("dd", {}, "–");
          cells.push([cell, unit, key, digits]);
          return h("div", {}, h("dt", {}, label), cell);
        }),
      ),
      each.to ? h("p", {}, link(each.to, "Full report"), h("span", { class: "hidden" }, ": " + each.title)) : null,
    );
  const node = h("div", { class: "cards" }, spec.cards.map(card));
  node.update = (values) => {
    for (const [cell, unit, key, digits] of cells) cell.textContent = withUnit(pick(values, key), unit, digits);
  };
  return node;
};

// Rows of values below a head: {caption, head: [..], rows: [[label, unit, [keys], digits]]}.
BLOCKS.table = (spec) => {
  const cells = [];
  const rows = spec.rows.map(([label, unit, keys, digits]) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, label, unit ? h("span", { class: "unit" }, " " + unit) : null),
      keys.map((key) => {
        const cell = h("td", {}, "–");
        cells.push([cell, key, digits]);
        return cell;
      }),
    ),
  );
  const node = h("section", {}, table(["Parameter", ...spec.head], rows, spec.caption));
  node.update = (values) => {
    for (const [cell, key, digits] of cells) cell.textContent = shown(pick(values, key), digits);
  };
  return node;
};

const numbers = (list, from, count) => (list || []).slice(from, from + count);

// A bar chart and its numbers: {series: [[name, key, class]], first: number of the first value, span: "2-31"}.
BLOCKS.bars = (spec) => {
  const picture = h("div", { role: "img", "aria-label": spec.caption });
  const body = h("tbody", {});
  const head = h("thead", {}, h("tr", {}, [spec.what, ...spec.series.map((each) => each[0])].map((t) => h("th", { scope: "col" }, t))));
  const scroll = h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": spec.caption }, h("table", {}, head, body));
  const node = h("section", {}, h("h2", {}, spec.caption), picture, legend(spec.series.map((each) => [each[0], each[2]])), scroll);
  const [low, high] = spec.span.split("-").map(Number);
  const [from, count] = [low - spec.first, high - low + 1];
  node.update = (values) => {
    const found = spec.series.map(([name, key, mark]) => [name, numbers(pick(values, key), from, count), mark]);
    picture.replaceChildren(bars(found, low));
    const rows = Array.from({ length: count }, (_, i) =>
      h("tr", {}, h("th", { scope: "row" }, String(low + i)), found.map((each) => h("td", {}, shown(each[1][i])))),
    );
    body.replaceChildren(...rows);
  };
  return node;
};

// Arrows: {groups: [[[name, key of the magnitude, key of the angle or null for 0, class]]]}; with `pairs` the keys
// are of real and imaginary parts.
BLOCKS.phasor = (spec) => {
  const picture = h("div", { role: "img", "aria-label": spec.caption });
  const node = h("section", { class: "card" }, h("h2", {}, spec.caption), picture);
  node.update = (values) => {
    const of = ([name, size, lag, mark, turn]) => {
      if (!spec.pairs) return [name, pick(values, size), lag ? pick(values, lag) : 0, mark];
      const pair = pick(values, size);
      return pair ? [name, Math.hypot(...pair), (-Math.atan2(pair[1], pair[0]) * 180) / Math.PI + (turn || 0), mark] : [name, null, null, mark];
    };
    picture.replaceChildren(phasors(spec.groups.map((group) => group.map(of))));
  };
  return node;
};

// Since when the module is there.
BLOCKS.since = () => {
  const node = h("p", {});
  node.refresh = async () => {
    if (node.textContent) return null;
    const answer = await ask("/api/diagnostics");
    const now = Date.parse(clock.replace(" ", "T") + "Z");
    if (answer.status === 200 && now) {
      const since = new Date(now - 1000 * answer.body.up_s).toISOString().slice(0, 19).replace("T", " ");
      node.textContent = `Module up since ${since}, by the clock of the meter`;
    }
    return answer;
  };
  return node;
};

// Rows that a path gives: {path, list, columns: [[head, key, digits]], empty}.
BLOCKS.rows = (spec) => {
  const body = h("tbody", {});
  const none = h("p", { hidden: true }, spec.empty || "Nothing yet.");
  const head = h("thead", {}, h("tr", {}, spec.columns.map((each) => h("th", { scope: "col" }, each[0]))));
  const scroll = h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": spec.caption || "Table" }, h("table", {}, spec.caption ? h("caption", {}, spec.caption) : null, head, body));
  const node = h("section", {}, scroll, none);
  node.refresh = async () => {
    const answer = await ask(spec.path);
    if (answer.status !== 200) return answer;
    const rows = await (DECODERS[spec.decode] || ((found) => found))(pick(answer.body, spec.list) || [], spec);
    body.replaceChildren(...rows.map((row) => h("tr", {}, spec.columns.map(([, key, digits]) => h("td", {}, shown(pick(row, key), digits ?? 0))))));
    none.hidden = rows.length > 0;
    scroll.hidden = rows.length === 0;
    return answer;
  };
  return node;
};

// Records that a board gives as words, made readable.
const DECODERS = {};
