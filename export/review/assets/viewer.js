// The large view: the same picture and overlay, drawn again as vectors.
const overlay = {
  toggle() {
    const off = document.documentElement.classList.toggle("no-overlay");
    for (const b of all(".overlay-toggle")) b.setAttribute("aria-pressed", String(!off));
    say(off ? "Overlay off" : "Overlay on");
  },
};

const viewer = (() => {
  const dialog = find("#viewer");
  const stage = find("#stage");
  const svgNS = "http://www.w3.org/2000/svg";
  let buttons = []; // of the frames of the open session
  let at = 0;
  let svg = null;
  let whole = null; // the view box of the whole picture
  let view = null;

  const element = (name, attributes) => {
    const e = document.createElementNS(svgNS, name);
    for (const [k, v] of Object.entries(attributes)) e.setAttribute(k, v);
    return e;
  };
  const draw = () => {
    svg.setAttribute("viewBox", [view.x, view.y, view.w, view.h].join(" "));
    const scale = whole.w / view.w;
    find("#zoom").textContent = Math.round(100 * scale) + " %";
    svg.classList.toggle("near", scale >= 6);
  };
  // zoom changes the scale about a point of the stage, its middle by default.
  const zoom = (by, x = 0.5, y = 0.5) => {
    const scale = Math.min(32, Math.max(1, (whole.w / view.w) * by));
    const w = whole.w / scale;
    const h = whole.h / scale;
    pan(view.x + (view.w - w) * x, view.y + (view.h - h) * y, w, h);
  };
  const pan = (x, y, w = view.w, h = view.h) => {
    const inside = (v, size, from, most) => Math.min(Math.max(v, from - size / 2), from + most - size / 2);
    view = { x: inside(x, w, whole.x, whole.w), y: inside(y, h, whole.y, whole.h), w, h };
    if (w === whole.w) view = { ...whole };
    draw();
  };
  // point returns where a pointer is in the stage's picture, as shares.
  const point = (event) => {
    const box = stage.getBoundingClientRect();
    const unit = Math.max(view.w / box.width, view.h / box.height);
    return {
      x: 0.5 + ((event.clientX - box.left - box.width / 2) * unit) / view.w,
      y: 0.5 + ((event.clientY - box.top - box.height / 2) * unit) / view.h,
      unit,
    };
  };
  const show = (n) => {
    at = (n + buttons.length) % buttons.length;
    const source = find("svg", buttons[at]);
    const key = buttons[at].dataset.frame;
    const [x, y, w, h] = source.getAttribute("viewBox").split(" ").map(Number);
    whole = { x, y, w, h };
    view = { ...whole };
    svg = element("svg", { "aria-hidden": "true" });
    const empty = find(".void", source);
    if (empty) svg.append(empty.cloneNode());
    svg.append(element("use", { href: "#f" + key }), element("use", { href: "#o" + key, class: "overlay" }));
    stage.replaceChildren(svg);
    const caption = find("figcaption", buttons[at].parentElement);
    find("#viewer-title").textContent = find("b", caption).textContent + " (" + (at + 1) + " of " + buttons.length + ")";
    find("#viewer-words").textContent = all("span", caption).map((s) => s.textContent).join(" · ");
    stage.setAttribute("aria-label", source.getAttribute("aria-label"));
    draw();
  };
  const open = (n) => {
    buttons = all(".session.current .open");
    if (n < 0 || n >= buttons.length) {
      toast("There is no such frame.");
      return;
    }
    buttons[n].focus({ preventScroll: true }); // where the dialog gives the focus back to
    dialog.showModal();
    show(n);
    stage.focus();
  };
  const actions = {
    before: () => show(at - 1),
    after: () => show(at + 1),
    in: () => zoom(1.4),
    out: () => zoom(1 / 1.4),
    fit: () => zoom(0),
    overlay: overlay.toggle,
    close: () => dialog.close(),
  };
  const keys = {
    PageUp: "before", PageDown: "after", "+": "in", "=": "in", "-": "out", 0: "fit", o: "overlay", O: "overlay", z: "close", Z: "close",
  };

  for (const b of all("[data-do]", dialog)) b.addEventListener("click", () => actions[b.dataset.do]());
  dialog.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (by) pan(view.x + (by[0] * view.w) / 10, view.y + (by[1] * view.h) / 10);
    else if (keys[event.key]) actions[keys[event.key]]();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  // One pointer pans, two zoom.
  const pointers = new Map();
  const distance = () => {
    const [a, b] = [...pointers.values()];
    return Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
  };
  stage.addEventListener("pointerdown", (event) => {
    stage.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, event);
    stage.classList.add("moving");
  });
  stage.addEventListener("pointermove", (event) => {
    const before = pointers.get(event.pointerId);
    if (!before) return;
    const { unit } = point(event);
    const was = pointers.size === 2 ? distance() : 0;
    pointers.set(event.pointerId, event);
    if (pointers.size === 2) {
      const [a, b] = [...pointers.values()];
      const middle = point({ clientX: (a.clientX + b.clientX) / 2, clientY: (a.clientY + b.clientY) / 2 });
      if (was > 0) zoom(distance() / was, middle.x, middle.y);
    } else {
      pan(view.x - (event.clientX - before.clientX) * unit, view.y - (event.clientY - before.clientY) * unit);
    }
  });
  for (const end of ["pointerup", "pointercancel"]) {
    stage.addEventListener(end, (event) => {
      pointers.delete(event.pointerId);
      stage.classList.toggle("moving", pointers.size > 0);
    });
  }
  stage.addEventListener("wheel", (event) => {
    event.preventDefault();
    const { x, y } = point(event);
    zoom(Math.exp(-event.deltaY / 400), x, y);
  }, { passive: false });
  stage.addEventListener("dblclick", (event) => {
    const { x, y } = point(event);
    zoom(view.w < whole.w ? 0 : 3, x, y);
  });
  find("#main").addEventListener("click", (event) => {
    const b = event.target.closest(".open");
    if (b) open(all(".session.current .open").indexOf(b));
  });
  return { open };
})();
