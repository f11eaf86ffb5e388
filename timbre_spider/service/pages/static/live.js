// Parts of a page that change by themselves: what data-live names is fetched again when the service tells of news.
"use strict";
{
  const part = document.querySelector("[data-live]");
  const LEAST_MS = 1500;
  const SETTLED_MS = 2500; // what the service tells may be some moments old
  let asked = 0, asking = false, shown = "", later;

  async function refresh() {
    if (asking || document.hidden || Date.now() - asked < LEAST_MS) return;
    asking = true;
    asked = Date.now();
    try {
      const answer = await fetch(part.dataset.live);
      const text = answer.ok ? await answer.text() : shown;
      if (text !== shown) {
        const focused = document.activeElement?.id;
        part.innerHTML = shown = text;
        if (focused) document.getElementById(focused)?.focus();
      }
    } catch {
      // The service is away: the page stays as it was, and EventSource asks again.
    } finally {
      asking = false;
    }
  }

  function news() {
    refresh();
    clearTimeout(later);
    later = setTimeout(refresh, SETTLED_MS);
  }

  if (part) {
    const events = new EventSource("/events");
    events.onerror = () => {
      if (events.readyState === EventSource.CLOSED) setInterval(refresh, 3000); // nothing is told: ask now and then
    };
    events.onopen = news;
    events.addEventListener("status", news);
    document.addEventListener("visibilitychange", news);
  }
}
