// Decisions: the buttons, the reasons, the note, and the file.
const decide = !data.decides ? null : (() => {
  const buttons = all(".choice");
  const boxes = all(".reasons input");
  const note = find("#note");
  const reviewer = find("#reviewer");

  const tally = () => {
    const counts = { approve: 0, reject: 0, resubmit: 0 };
    for (const { n } of data.sessions) {
      const { choice } = store.get(n);
      if (choice) counts[choice]++;
    }
    const total = data.sessions.length;
    const done = counts.approve + counts.reject + counts.resubmit;
    const parts = choices.filter((c) => counts[c] > 0).map((c) => c + " " + counts[c]);
    find("#tally").textContent = done + " of " + total + " decided" + (parts.length > 0 ? ": " + parts.join(", ") : "");
    for (const c of choices) find("#meter ." + c).style.width = (100 * counts[c]) / total + "%";
  };
  const show = (n) => {
    find("#decide").hidden = n === 0;
    if (n === 0) return;
    const r = store.get(n);
    for (const b of buttons) b.setAttribute("aria-pressed", String(b.dataset.choice === r.choice));
    for (const box of boxes) box.checked = r.reasons.includes(box.value);
    note.value = r.note;
    describe(n);
    find("#undo").disabled = !store.undoable;
  };
  // describe says what has been decided, and whether there is more below.
  const describe = (n) => {
    const r = store.get(n);
    const parts = [r.choice ? "Decision: " + choiceWords[r.choice] : "Not decided"];
    if (r.reasons.length > 0) parts.push(r.reasons.length + (r.reasons.length === 1 ? " reason" : " reasons"));
    if (r.note) parts.push("a note");
    find("#state").textContent = parts.join(" · ") + (find("#more").open ? "" : " · reasons and note");
  };
  // give writes the decision into the session itself, where it prints.
  const give = (n) => {
    const r = store.get(n);
    const texts = r.reasons.map((code) => (data.reasons.find((reason) => reason.code === code) || { text: code }).text);
    const by = reviewer.value.trim();
    const place = find("#d" + n);
    place.textContent = "Reviewer’s decision: " + choiceWords[r.choice] + (by ? ", by " + by : "") +
      (texts.length > 0 ? " · " + texts.join(", ") : "") + (r.note ? " · " + r.note : "");
    place.hidden = !r.choice;
    place.className = "given js " + r.choice;
  };
  const changed = (n) => {
    queue.mark(n);
    give(n);
    tally();
    progress();
    if (n === queue.current) show(n);
  };
  // progress says what has become of the decisions, where they are saved.
  let saving = false;
  let failed = false;
  const progress = () => {
    if (!saveTo) return;
    const words = saving ? "Saving…" : !store.pending ? (store.version > 0 ? "Saved" : "") : failed ? "Not saved" : "Not saved yet";
    find("#saved").textContent = words;
    find("#saved").classList.toggle("failed", failed && !saving && store.pending);
    find("#export").setAttribute("aria-busy", String(saving));
  };
  const choose = (choice) => {
    const n = queue.current;
    if (n === 0) return;
    if (store.get(n).choice === choice) {
      toast("Decision stays: " + choiceWords[choice] + ".");
      return;
    }
    store.change(n, { choice });
    changed(n);
    toast("Decision: " + choiceWords[choice] + ", session " + n + (store.kept ? "." : ". Not kept by this browser: export before you close the page."));
  };
  const undo = () => {
    saveNote();
    const n = store.undo();
    if (n === 0) {
      toast("There is nothing to undo.");
      return;
    }
    changed(n);
    queue.open(n);
    const { choice } = store.get(n);
    toast("Undone. " + (choice ? "Decision: " + choiceWords[choice] : "Not decided") + ", session " + n + ".");
  };
  let noteOf = 0;
  const saveNote = () => {
    if (noteOf && note.value !== store.get(noteOf).note) {
      const n = noteOf;
      store.change(n, { note: note.value });
      changed(n);
    }
  };
  const named = () => {
    saveNote();
    if (cleanName(reviewer.value)) return true;
    toast("Enter your name first: the file says whose decisions it holds.");
    reviewer.focus();
    return false;
  };
  const download = () => {
    if (!named()) return;
    const url = URL.createObjectURL(new Blob([toFile()], { type: "application/json" }));
    const link = document.createElement("a");
    link.href = url;
    link.download = "review.json";
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
    store.wasExported();
    progress();
    toast("Exported review.json.");
  };
  const exportFile = () => {
    if (!saveTo) download();
    else if (named()) saveFile();
  };
  // saveFile posts the decisions to the program that gave out the page. What is
  // decided meanwhile is posted after that.
  let again = false;
  const saveFile = async () => {
    again = saving;
    if (saving) return;
    saving = true;
    progress();
    const at = store.version;
    const error = await post(toFile());
    saving = false;
    failed = error !== "";
    if (!failed) store.wasExported(at);
    progress();
    if (failed) toast("Not saved: " + error, true);
    else if (again) saveFile();
    else toast("Saved.");
  };
  // post returns why decisions were not taken, "" where they were.
  const post = async (body) => {
    let answer;
    try {
      const headers = { "Content-Type": "application/json" };
      answer = await fetch(saveTo, { method: "POST", headers, body, redirect: "error", signal: AbortSignal.timeout(60000) });
    } catch {
      return "lvtool does not answer any more. Nothing is lost: your decisions are on this page until you close it, and Export " +
        "puts them into a file.";
    }
    if (answer.ok) return "";
    const reason = (await answer.text().catch(() => "")).trim().slice(0, 400) || "lvtool answered " + answer.status;
    return reason + (/[.!?]$/.test(reason) ? " " : ". ") + "Your decisions are still on this page.";
  };
  const importFile = async () => {
    const file = find("#file").files[0];
    if (!file) return;
    try {
      const { taken, left } = fromFile(await file.text());
      reviewer.value = store.reviewer;
      for (const { n } of data.sessions) changed(n);
      toast(taken + " decisions taken" + (left > 0 ? ", " + left + " are about something else and were left." : "."));
    } catch (error) {
      toast("This file cannot be read: " + error.message);
    }
    find("#file").value = "";
  };

  for (const b of buttons) b.addEventListener("click", () => choose(b.dataset.choice));
  for (const box of boxes) {
    box.addEventListener("change", () => {
      const n = queue.current;
      store.change(n, { reasons: boxes.filter((b) => b.checked).map((b) => b.value) });
      changed(n);
    });
  }
  note.addEventListener("focus", () => { noteOf = queue.current; });
  note.addEventListener("blur", () => { saveNote(); noteOf = 0; });
  // Its event comes late, when a note may have been begun.
  find("#more").addEventListener("toggle", () => describe(queue.current));
  find("#undo").addEventListener("click", undo);
  find("#export").addEventListener("click", exportFile);
  if (saveTo) find("#export-file").addEventListener("click", download);
  find("#import").addEventListener("click", () => find("#file").click());
  find("#file").addEventListener("change", importFile);
  reviewer.value = store.reviewer;
  reviewer.addEventListener("input", () => {
    store.reviewer = reviewer.value;
    for (const { n } of data.sessions) if (store.get(n).choice) give(n);
  });
  addEventListener("beforeunload", (event) => {
    saveNote();
    if (store.unsaved) event.preventDefault();
  });
  for (const { n } of data.sessions) {
    queue.mark(n);
    give(n);
  }
  tally();
  progress();
  store.onShared(() => {
    if (document.activeElement !== reviewer) reviewer.value = store.reviewer;
    for (const { n } of data.sessions) {
      queue.mark(n);
      give(n);
    }
    tally();
    progress();
    if (document.activeElement === note) describe(queue.current);
    else show(queue.current);
  });
  queue.onOpen((n) => { saveNote(); noteOf = document.activeElement === note ? n : 0; show(n); });
  return {
    choose, undo, exportFile,
    note() { find("#more").open = true; note.focus(); },
  };
})();
