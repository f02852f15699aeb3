// Keys, and what is left.
if (data.sessions.length > 0) {
  const help = find("#keys");
  const shortcuts = find("#shortcuts");
  const keys = {
    j: () => queue.step(1), ArrowRight: () => queue.step(1), k: () => queue.step(-1), ArrowLeft: () => queue.step(-1),
    z: () => viewer.open(0), o: overlay.toggle, "?": () => help.showModal(),
    "/": queue.search,
  };
  if (decide) {
    Object.assign(keys, {
      a: () => decide.choose("approve"), r: () => decide.choose("reject"), s: () => decide.choose("resubmit"),
      u: decide.undo, n: decide.note, e: decide.exportFile,
    });
  }
  const typing = (e) => e.matches("textarea, select, input:not([type=checkbox])") || e.isContentEditable;
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && typing(event.target)) event.target.blur();
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || typing(event.target)) return;
    if (document.querySelector("dialog[open]") || !shortcuts.checked) return;
    if (event.key.startsWith("Arrow") && event.target.closest("[tabindex='0'], .reasons")) return; // scrolls
    const frame = /^[1-9]$/.test(event.key) ? Number(event.key) - 1 : -1;
    const action = frame >= 0 ? () => viewer.open(frame) : keys[event.key] || keys[event.key.toLowerCase()];
    if (!action) return;
    event.preventDefault();
    action();
  });
  find("#prev").addEventListener("click", () => queue.step(-1));
  find("#next").addEventListener("click", () => queue.step(1));
  find("#help").addEventListener("click", () => help.showModal());
  find("#keys-close").addEventListener("click", () => help.close());
  for (const b of all("h3 .overlay-toggle")) b.addEventListener("click", overlay.toggle);
  const fold = (open) => () => { for (const d of all(".digests")) d.open = open; };
  addEventListener("beforeprint", fold(true));
  addEventListener("afterprint", fold(false));
  queue.read();
  if (!store.kept) toast("This browser does not keep decisions: export before you close the page.");
}
