// The part of a page that changes by itself: what data-live names sends it each time it has changed.
"use strict";
{
  const part = document.querySelector("[data-live]");
  const AGAIN_MS = 3000;
  let events;

  function draw({ data }) {
    const focused = document.activeElement?.id;
    part.innerHTML = data;
    if (focused) document.getElementById(focused)?.focus();
  }

  function follow() {
    events?.close();
    if (document.hidden) return; // nobody looks
    events = new EventSource(part.dataset.live);
    events.addEventListener("drawn", draw);
    events.onerror = () => {
      // A service that is away is asked again by itself; one that refuses is not.
      if (events.readyState === EventSource.CLOSED) setTimeout(follow, AGAIN_MS);
    };
  }

  if (part) {
    follow();
    document.addEventListener("visibilitychange", follow);
  }
}
