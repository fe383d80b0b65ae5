// Measures from inside the page for how long nobody sees anything new of somebody. Runs after probe.js.
(() => {
  if (window.tincanFaults) return;
  const EVERY_MS = 20;
  const faults = { gaps: {} };
  window.tincanFaults = faults;

  const pictures = (name) => {
    const called = (video) => video.getAttribute("aria-label") === name;
    const video = [...document.querySelectorAll("video")].find(called);
    return video ? video.getVideoPlaybackQuality().totalVideoFrames : null;
  };

  // From now on. Whatever element shows the pictures: one that is made anew counts from 0.
  faults.watch = (names) => {
    for (const name of names) {
      let seen = pictures(name);
      let last = performance.now();
      faults.gaps[name] = 0;
      setInterval(() => {
        const now = performance.now();
        faults.gaps[name] = Math.max(faults.gaps[name], now - last);
        const latest = pictures(name);
        if (latest !== null && latest !== seen) [seen, last] = [latest, now];
      }, EVERY_MS);
    }
  };
})();
