// A quiet note when something new came. Focus is never stolen; counts only; every page works without this.
(() => {
  const note = document.getElementById("news");
  if (!note || !window.EventSource) return;
  const source = new EventSource("/changes");
  let waiting = null;
  source.addEventListener("change", () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const typing = document.activeElement && ["TEXTAREA", "INPUT", "SELECT"].includes(document.activeElement.tagName);
      const answer = await fetch(location.href, { headers: { accept: "text/html" } });
      if (!answer.ok) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const part of [".rows", ".bubbles", "nav"]) {
        const mine = document.querySelector(part);
        const theirs = fresh.querySelector(part);
        if (mine && theirs && mine.innerHTML !== theirs.innerHTML && !mine.contains(document.activeElement)) {
          mine.innerHTML = theirs.innerHTML;
          if (typing) { note.hidden = false; note.textContent = "Something new came."; }
        }
      }
    }, 150);
  });
})();
