// The list of sessions: which are shown, in what order, and which is open. All
// of it stands in the address behind #.
const say = (text) => { find("#say").textContent = text; };
let toastTimer = 0;
const toast = (text, stays = false) => {
  say(text);
  const box = find("#toast");
  box.textContent = text;
  box.hidden = false;
  clearTimeout(toastTimer);
  if (!stays) toastTimer = setTimeout(() => { box.hidden = true; }, 3500);
};

const queue = (() => {
  const list = find("#queue");
  const rows = all("#queue > li");
  const controls = ["q", "status", "met", "problems", "decided", "sort"].map((id) => find("#" + id)).filter(Boolean);
  const opened = []; // listeners
  let visible = rows;
  let current = 1;

  const number = (row) => Number(row.dataset.n);
  const value = (id) => { const c = controls.find((e) => e.id === id); return c ? c.value : ""; };
  const fits = (row) => {
    const d = row.dataset;
    const choice = store.get(number(row)).choice;
    const decided = value("decided");
    return value("q").toLowerCase().split(/\s+/).every((word) => d.search.includes(word)) &&
      (!value("status") || d.status === value("status")) &&
      (!value("met") || d.met === value("met")) &&
      (!value("problems") || (value("problems") === "some") === (d.problems !== "0")) &&
      (!decided || (decided === "yes" && choice !== "") || (decided === "no" && choice === "") || decided === choice);
  };
  const score = (row) => (row.dataset.confidence ? Number(row.dataset.confidence) : Infinity);
  const orders = {
    status: (a, b) => (a.dataset.status < b.dataset.status ? -1 : Number(a.dataset.status > b.dataset.status)),
    confidence: (a, b) => (score(a) === score(b) ? 0 : score(a) - score(b)),
    problems: (a, b) => Number(b.dataset.problems) - Number(a.dataset.problems),
    decided: (a, b) => Number(store.get(number(a)).choice !== "") - Number(store.get(number(b)).choice !== ""),
  };

  const mark = (n) => {
    const row = find("#q" + n);
    const { choice } = store.get(n);
    if (choice) row.dataset.choice = choice;
    else delete row.dataset.choice;
    find(".verdict", row).textContent = choice ? ", decision: " + choiceWords[choice] : "";
  };
  const apply = () => {
    visible = rows.filter(fits);
    const order = orders[value("sort")];
    if (order) visible = [...visible].sort((a, b) => order(a, b) || number(a) - number(b));
    const shown = new Set(visible);
    for (const row of rows) row.hidden = !shown.has(row);
    list.append(...visible);
    find("#shown").textContent = visible.length === rows.length
      ? rows.length + (rows.length === 1 ? " session" : " sessions")
      : visible.length + " of " + rows.length + " sessions";
    find("#nothing").hidden = visible.length > 0;
    show();
  };
  const show = () => {
    const open = visible.length > 0 ? current : 0;
    for (const article of all(".session.current")) article.classList.remove("current");
    for (const link of all("#queue a[aria-current]")) link.removeAttribute("aria-current");
    if (open) {
      find("#s" + open).classList.add("current");
      const link = find("#q" + open + " a");
      link.setAttribute("aria-current", "true");
      link.scrollIntoView({ block: "nearest" });
    }
    for (const listener of opened) listener(open);
  };
  const write = () => {
    const hash = new URLSearchParams({ s: current });
    for (const c of controls) if (c.value) hash.set(c.id, c.value);
    history.replaceState(null, "", "#" + hash);
  };
  const read = () => {
    const text = location.hash.slice(1);
    const plain = /^s(\d+)$/.exec(text); // as the links have it that work without script
    const hash = new URLSearchParams(plain ? "" : text);
    for (const c of controls) c.value = hash.get(c.id) || "";
    for (const c of controls) if (c.selectedIndex === -1) c.value = "";
    const n = Number(plain ? plain[1] : hash.get("s"));
    current = rows.some((row) => number(row) === n) ? n : 1;
    apply();
    if (!visible.some((row) => number(row) === current) && visible.length > 0) open(number(visible[0]));
  };
  const open = (n) => {
    current = n;
    write();
    show();
    find("#main").scrollTo(0, 0);
    if (matchMedia("(max-width: 51.99rem)").matches) scrollTo(0, 0);
  };
  // step opens the session that comes so many after the open one.
  const step = (by) => {
    const at = visible.findIndex((row) => number(row) === current);
    const next = visible[at < 0 ? 0 : at + by];
    if (!next) {
      toast(by > 0 ? "This is the last session shown." : "This is the first session shown.");
      return;
    }
    open(number(next));
    const article = find("#s" + current);
    say("Session " + (visible.indexOf(next) + 1) + " of " + visible.length + ": " + find("h2", article).textContent +
      find("#q" + current + " .verdict").textContent);
  };

  for (const c of controls) {
    c.addEventListener("input", () => {
      apply();
      if (!visible.some((row) => number(row) === current) && visible.length > 0) current = number(visible[0]);
      show();
      write();
    });
  }
  find("#filters").addEventListener("submit", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    drawer(false);
    open(number(link.parentElement));
  });
  const button = find("#drawer");
  const drawer = (wide) => {
    find("#nav").classList.toggle("open", wide);
    button.setAttribute("aria-expanded", String(wide));
  };
  button.addEventListener("click", () => drawer(!find("#nav").classList.contains("open")));
  addEventListener("hashchange", read);
  return {
    mark, open, step, read,
    search() {
      drawer(true);
      find("#q").focus();
    },
    get current() { return visible.length > 0 ? current : 0; },
    onOpen(listener) { opened.push(listener); },
  };
})();
