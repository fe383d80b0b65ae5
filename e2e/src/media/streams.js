// Watches what comes from each person and what goes to them, by the name on their `<video>`. Runs after probe.js.
(() => {
  const probe = window.tincanProbe;
  if (probe.arriving) return;

  const called = (video) => video.getAttribute("aria-label");
  const videoCalled = (name) => [...document.querySelectorAll("video")].find((video) => called(video) === name);
  const openPeers = () => probe.peers.filter((peer) => peer.connectionState !== "closed");

  // The connection and its transceiver whose picture the video shows, if it comes in over a connection.
  const wayOf = (video) => {
    const [track] = video && video.srcObject ? video.srcObject.getVideoTracks() : [];
    if (!track) return null;
    for (const peer of openPeers()) {
      const transceiver = peer.getTransceivers().find(({ receiver }) => receiver.track === track);
      if (transceiver) return { peer, transceiver };
    }
    return null;
  };

  const reports = async (source, type, kind) =>
    [...(await source.getStats()).values()].filter((report) => report.type === type && report.kind === kind);

  // How many pictures were decoded of each video that comes in. As text: names may be anything.
  probe.arriving = async () => {
    const decoded = {};
    for (const video of document.querySelectorAll("video")) {
      const way = wayOf(video);
      if (!way) continue;
      const [report] = await reports(way.transceiver.receiver, "inbound-rtp", "video");
      decoded[called(video)] = report ? report.framesDecoded || 0 : 0;
    }
    return JSON.stringify(decoded);
  };

  // The energy of all sound that has come from somebody so far.
  probe.loudness = async (name) => {
    const way = wayOf(videoCalled(name));
    const incoming = way ? await reports(way.peer, "inbound-rtp", "audio") : [];
    return incoming.reduce((sum, report) => sum + (report.totalAudioEnergy || 0), 0);
  };

  // What is sent to the person of whom the video called `name` is: camera for camera, screen for screen.
  probe.departing = async (name) => {
    const way = wayOf(videoCalled(name));
    const sender = way?.transceiver.sender;
    const [report] = sender ? await reports(sender, "outbound-rtp", "video") : [];
    const [encoding] = sender?.getParameters().encodings ?? [];
    const camera = sender?.track?.getSettings().height ?? 0;
    return {
      frames: report?.framesSent || 0,
      height: report?.frameHeight || 0,
      asked: Math.round(camera / (encoding?.scaleResolutionDownBy || 1)),
    };
  };

  // --- pictures without a pause ---

  const watches = new Map();
  // From now on, measures the time between any two pictures that the video shows.
  probe.watchPictures = (name) => {
    const watch = { video: videoCalled(name), last: performance.now(), longest: 0, shown: 0 };
    watches.set(name, watch);
    const shown = (now) => {
      if (watches.get(name) !== watch) return;
      watch.longest = Math.max(watch.longest, now - watch.last);
      watch.last = now;
      watch.shown += 1;
      watch.video.requestVideoFrameCallback(shown);
    };
    watch.video.requestVideoFrameCallback(shown);
  };
  // The longest time without a new picture since then, the present one included, and how many there were.
  probe.longestPause = (name) => {
    const watch = watches.get(name);
    return { pause: Math.max(watch.longest, performance.now() - watch.last), shown: watch.shown };
  };
})();
