// The frame: log-in, menu, and one page at a time by the fragment of the address.
let page = null; // what is shown: {route, alive, timer}
let clock = ""; // of the meter, as it said last

const HOME = "dashboard";

function notice(text, kind) {
  const place = byId("notice");
  if (place) place.replaceChildren(...(text ? [h("p", { class: kind || "warn" }, text)] : []));
}

function head() {
  const parts = [h("strong", { class: "brand" }, session.title || (layout ? layout.name : "Meter"))];
  if (session.level) {
    parts.push(h("span", { id: "clock" }, clock));
    parts.push(h("span", {}, isAdmin() ? "Administrator" : "User"));
    parts.push(h("button", { type: "button", id: "logout", onclick: logout }, "Log out"));
  }
  byId("head").replaceChildren(...parts);
}

function menu() {
  const nav = byId("menu");
  nav.hidden = !session.level;
  if (!session.level) return;
  const open = (list, button) => {
    list.classList.toggle("open");
    button.setAttribute("aria-expanded", list.classList.contains("open"));
  };
  const list = h(
    "div",
    { class: "pages" },
    layout.menu.map(([title, routes]) =>
      h(
        "section",
        {},
        title ? h("h2", {}, title) : null,
        h("ul", {}, routes.filter((route) => isAdmin() || !layout.pages[route].admin).map((route) => h("li", {}, link(route, layout.pages[route].menu || layout.pages[route].title)))),
      ),
    ),
  );
  const button = h("button", { type: "button", class: "burger", "aria-expanded": "false", onclick: () => open(list, button) }, "Menu");
  list.addEventListener("click", (event) => event.target.closest("a") && list.classList.contains("open") && open(list, button));
  nav.replaceChildren(button, list);
}

async function logout() {
  await ask("/api/logout", {});
  session = { level: null };
  show();
}

function login(message) {
  stop();
  head();
  menu();
  document.title = "Log in";
  const error = h("p", { role: "alert", id: "error" }, message || "");
  const level = h("select", { id: "level", name: "level" }, h("option", { value: "user" }, "User"), h("option", { value: "admin" }, "Administrator"));
  const password = h("input", { id: "password", type: "password", autocomplete: "current-password", maxlength: 32, required: true });
  const enter = h("button", { type: "submit" }, "Log in");
  const submit = async (event) => {
    event.preventDefault();
    error.textContent = "";
    if (!password.value) {
      error.textContent = "Enter the password.";
      password.focus();
      return;
    }
    enter.disabled = true;
    const answer = await ask("/api/login", { level: level.value, password: password.value });
    enter.disabled = false;
    if (answer.status === 200) {
      await begin(answer.body);
      return;
    }
    error.textContent = answer.status === 401 ? REFUSALS.password : reason(answer);
    password.value = "";
    password.focus();
  };
  byId("main").replaceChildren(
    h(
      "form",
      { class: "login card", onsubmit: submit, novalidate: true },
      h("h1", {}, "Log in"),
      h("div", { class: "field" }, h("label", { for: "level" }, "Access level"), level),
      h("div", { class: "field" }, h("label", { for: "password" }, "Password"), password),
      error,
      enter,
    ),
  );
  level.focus();
}

function stop() {
  if (page) {
    page.alive = false;
    clearTimeout(page.timer);
  }
  page = null;
}

// Show what the address says.
function show() {
  stop();
  if (!session.level) {
    login();
    return;
  }
  const route = location.hash.startsWith(ROUTES) && location.hash.length > 2 ? location.hash.slice(2) : HOME;
  const spec = layout.pages[route];
  head();
  for (const each of byId("menu").querySelectorAll("a")) {
    const here = each.getAttribute("href") === ROUTES + route;
    if (here) each.setAttribute("aria-current", "page");
    else each.removeAttribute("aria-current");
  }
  if (!spec || (spec.admin && !isAdmin())) {
    byId("main").replaceChildren(h("h1", { tabindex: -1 }, spec ? "Only for administrators" : "There is no such page"), h("p", {}, link(HOME, "Dashboard")));
    return;
  }
  document.title = `${spec.title} – ${session.title || layout.name}`;
  delete byId("main").dataset.ready;
  page = { route, spec, alive: true, choice: {}, blocks: [] };
  for (const each of spec.choices || []) choose(page, each, each.options[0]);
  const title = h("h1", { tabindex: -1 }, spec.title);
  page.room = h("div", { class: "blocks" });
  byId("main").replaceChildren(title, h("div", { id: "notice", role: "status" }), warnings(), choices(page), page.room);
  build(page);
  title.focus({ preventScroll: true });
  scrollTo(0, 0);
}

// An option may have more words of its own than its value.
const choose = (of, each, [value, , more]) => Object.assign(of.choice, { [each.name]: value }, more);

// Pages where a choice says what is shown: a circuit, a quantity.
function choices(of) {
  if (!of.spec.choices) return "";
  return h(
    "div",
    { class: "choices" },
    of.spec.choices.map((each) => {
      const select = h("select", { id: "choice-" + each.name }, each.options.map(([value, text]) => h("option", { value }, text)));
      select.addEventListener("change", () => {
        choose(of, each, each.options[select.selectedIndex]);
        clearTimeout(of.timer);
        build(of);
      });
      return h("div", { class: "field" }, h("label", { for: "choice-" + each.name }, each.label), select);
    }),
  );
}

function warnings() {
  const list = [];
  const weak = session.defaults || [];
  if (weak.length) {
    const who = weak.map((each) => (each === "admin" ? "the administrator" : "the user")).join(" and ");
    const text = `The password of ${who} is still the one that everybody knows. `;
    list.push(h("p", { class: "warn" }, text, isAdmin() ? link("settings/users", "Change it") : "Ask the administrator to change it."));
  }
  if (sessionStorage.getItem("pending")) {
    const about = "Saved settings wait for a reset of the network module. ";
    list.push(h("p", { class: "warn" }, about, isAdmin() ? link("settings/management", "Management") : ""));
  }
  return h("div", { class: "warnings" }, list);
}

function build(of) {
  of.blocks = of.spec.blocks.filter((each) => !each.admin || isAdmin()).map((each) => BLOCKS[each.t](chosen(each, of.choice), of));
  of.room.replaceChildren(...of.blocks);
  of.round = (of.round || 0) + 1;
  poll(of, of.round);
}

// Ask for the values of the page, again and again while it is shown.
async function poll(of, round) {
  const spec = of.spec;
  const current = () => of.alive && of.round === round;
  let last = { status: 200, body: {} };
  if (spec.source) {
    last = await ask("/api/values/" + chosen({ s: spec.source }, of.choice).s);
    if (current() && last.status === 200) {
      clock = last.body.time || clock;
      if (byId("clock")) byId("clock").textContent = clock;
      for (const each of of.blocks) if (each.update) each.update(last.body.values || {}, last.body);
    }
  }
  for (const each of of.blocks) {
    if (!current() || last.status === 401) break;
    if (each.refresh) last = (await each.refresh()) || last;
  }
  if (!current()) return;
  if (last.status === 401) {
    session = { level: null };
    login("You were logged out, because nothing was done or the meter began anew.");
    return;
  }
  const failed = last.status !== 200;
  if (failed || round > 1 || of.failed) notice(failed ? reason(last) + (spec.refresh ? " Trying again." : "") : "");
  of.failed = failed;
  byId("main").dataset.ready = of.route;
  if (spec.refresh) of.timer = setTimeout(() => poll(of, round), 1000 * spec.refresh);
}

// Take over who we are, and the layout of the meter that it is.
async function begin(found) {
  session = found;
  if (session.level && !layout) {
    const answer = await ask(`/${encodeURIComponent(session.model)}.json`);
    if (answer.status !== 200) {
      session = { level: null };
      login("The pages of this meter are missing: " + reason(answer));
      return;
    }
    layout = answer.body;
    let id = 0; // of the settings each has how far it is from the one before
    layout.settings = Object.fromEntries(layout.settings.map(([step, about]) => [(id += step), about]));
    prune(session);
  }
  menu();
  show();
}

// Leave out the pages that only other versions of the meter have.
function prune(of) {
  const there = (spec) => !spec.only || spec.only === of.version || (of.options || []).includes(spec.only);
  for (const [route, spec] of Object.entries(layout.pages)) if (!there(spec)) delete layout.pages[route];
  layout.menu = layout.menu.map(([title, routes]) => [title, routes.filter((each) => layout.pages[each])]);
  layout.menu = layout.menu.filter((each) => each[1].length);
}

async function start() {
  const answer = await ask("/api/session");
  if (answer.status === 200) await begin(answer.body);
  else {
    byId("main").replaceChildren(h("h1", {}, "No answer"), h("p", {}, reason(answer)), h("button", { type: "button", onclick: start }, "Try again"));
  }
}

document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  byId("main").focus();
});
addEventListener("hashchange", show);
start();
