// Keys and seconds. Every page works without this; focus is never stolen; keys can be switched off under "My settings".
(() => {
  const off = () => { try { return localStorage.getItem("homeword-keys") === "off"; } catch { return false; } };
  const typing = () => ["INPUT", "TEXTAREA", "SELECT"].includes(document.activeElement?.tagName);
  const links = () => [...document.querySelectorAll("#main .rows > li > a:first-of-type")];
  const press = (selector) => document.querySelector(selector)?.click();

  const step = (by) => {
    const all = links();
    const at = all.indexOf(document.activeElement);
    all[Math.max(0, Math.min(all.length - 1, at + by))]?.focus();
  };
  const keys = {
    j: () => step(1),
    k: () => step(-1),
    c: () => { location.href = "/compose"; },
    r: () => document.querySelector("textarea[name=text]")?.focus(),
    "/": () => document.querySelector("input[type=search]")?.focus(),
    e: () => press("[data-key=done]"),
    z: () => press("[data-key=undo]"),
    "?": () => { location.href = "/me#keys"; },
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && typing()) { document.activeElement.blur(); return; }
    if (off() || typing() || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });

  const box = document.querySelector("#keys-on");
  if (box) {
    box.checked = !off();
    box.addEventListener("change", () => {
      try { localStorage.setItem("homeword-keys", box.checked ? "on" : "off"); } catch { /* without storage the keys stay on */ }
    });
  }

  // The seconds in which a message can be taken back.
  const left = document.querySelector("[data-seconds]");
  if (left) {
    const end = Date.now() + 1000 * Number(left.dataset.seconds);
    const tick = () => {
      const seconds = Math.max(0, Math.round((end - Date.now()) / 1000));
      left.textContent = seconds;
      if (seconds > 0) setTimeout(tick, 250);
      else {
        left.closest(".preview")?.remove();
        document.querySelectorAll("[data-after-undo]").forEach((stop) => { stop.hidden = false; });
      }
    };
    tick();
  }
})();
