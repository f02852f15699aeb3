// What the reviewer has decided, kept in this browser under the page's digest.
const find = (selector, from = document) => from.querySelector(selector);
const all = (selector, from = document) => [...from.querySelectorAll(selector)];
const data = JSON.parse(find("#data").textContent);
const saveTo = document.documentElement.dataset.save; // of a page that lvtool serves
const page = document.documentElement.dataset.page;
const choices = ["approve", "reject", "resubmit"];
const choiceWords = { approve: "approve", reject: "reject", resubmit: "ask for resubmission" };

const store = (() => {
  const key = "lvtool.review/1:" + page;
  let reviewer = "";
  let records = {}; // by the number of the session
  let history = []; // what undo goes back to
  let kept = true;
  let pending = false; // whether there is something that is in no file and not saved
  let version = 0; // counts changes
  let shared = () => {};

  const valid = (r) => r && (r.choice === "" || choices.includes(r.choice)) && Array.isArray(r.reasons) &&
    r.reasons.every((c) => typeof c === "string") && typeof r.note === "string" && typeof r.time === "string";
  const keep = () => {
    try {
      localStorage.setItem(key, JSON.stringify({ reviewer, records, history, pending }));
      kept = true;
    } catch {
      kept = false;
    }
  };
  const save = () => {
    pending = true;
    version++;
    keep();
  };
  const load = () => {
    try {
      const was = JSON.parse(localStorage.getItem(key) || "{}");
      reviewer = typeof was.reviewer === "string" ? was.reviewer : "";
      pending = was.pending === true;
      for (const s of data.sessions) {
        const r = was.records && was.records[s.n];
        if (valid(r)) records[s.n] = r;
      }
      const past = Array.isArray(was.history) ? was.history : [];
      history = past.filter((h) => h && Number.isInteger(h.n) && (h.before === null || valid(h.before)));
    } catch {
      kept = false; // storage is off, or holds something else
    }
  };
  const empty = { choice: "", reasons: [], note: "", time: "" };
  const get = (n) => records[n] || empty;
  // change makes a new record of a session, and remembers the old one.
  const change = (n, part) => {
    history.push({ n, before: records[n] || null });
    if (history.length > 500) history.shift();
    records[n] = { ...get(n), ...part, time: new Date().toISOString().replace(/\.\d+Z$/, "Z") };
    save();
  };
  const undo = () => {
    const last = history.pop();
    if (!last) return 0;
    if (last.before) records[last.n] = last.before;
    else delete records[last.n];
    save();
    return last.n;
  };
  load();
  // Another window with this page has changed something: nothing of it may be
  // lost when this one writes.
  addEventListener("storage", (event) => {
    if (event.key !== key) return;
    records = {};
    history = [];
    version++;
    load();
    shared();
  });
  return {
    get, change, undo,
    get reviewer() { return reviewer; },
    set reviewer(name) { reviewer = name; save(); },
    get kept() { return kept; },
    get undoable() { return history.length > 0; },
    get version() { return version; },
    get pending() { return pending && Object.keys(records).length > 0; },
    // unsaved says that closing the page would lose something: the next page that
    // is served has another address, and knows nothing of what this one kept.
    get unsaved() { return this.pending && (!kept || Boolean(saveTo)); },
    // wasExported says that what there was at a version is in a file, or saved.
    wasExported(at = version) {
      if (at !== version) return;
      pending = false;
      keep();
    },
    onShared(f) { shared = f; },
  };
})();

// What no text field has, and what does not show in a name: the file is refused
// with such.
const cleanNote = (s) => s.replace(/[^\P{Cc}\n\r\t]/gu, "");
const cleanName = (s) => s.replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, "").trim();

// toFile returns the decisions as review.json has them.
const toFile = () => {
  const decisions = data.sessions.flatMap(({ n, ...binding }) => {
    const { choice, reasons, note, time } = store.get(n);
    return choice ? [{ ...binding, decision: choice, reasons, note: cleanNote(note), time }] : [];
  });
  const file = { schema: data.schema, page, reviewer: cleanName(store.reviewer), blind: data.blind, decisions };
  return JSON.stringify(file, null, 2) + "\n";
};

// fromFile takes the decisions of a review.json that are about this page's
// reports, and returns how many there were and how many were not.
const fromFile = (text) => {
  const file = JSON.parse(text);
  if (file.schema !== data.schema || !Array.isArray(file.decisions)) throw new Error("not a " + data.schema + " file");
  let taken = 0;
  for (const d of file.decisions) {
    const about = data.sessions.find((s) => s.report_sha256 === d.report_sha256);
    const fits = about && about.source_sha256 === d.source_sha256 && JSON.stringify(about.images) === JSON.stringify(d.images);
    if (!fits || !choices.includes(d.decision) || !Array.isArray(d.reasons)) continue;
    store.change(about.n, { choice: d.decision, reasons: d.reasons.map(String), note: String(d.note) });
    taken++;
  }
  if (!store.reviewer && typeof file.reviewer === "string") store.reviewer = file.reviewer;
  return { taken, left: file.decisions.length - taken };
};
