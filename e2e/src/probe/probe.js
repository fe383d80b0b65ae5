// Watches what the page takes from the browser: peer connections, devices, listeners, sockets.
// Runs before the page's own code where the browser allows it (Chromium), or right after loading (Firefox).
// It changes nothing of what the page sees, except for the faults that a test asks for.
(() => {
  if (window.tincanProbe) return;

  const probe = {
    peers: [],
    tracks: [],
    sockets: [],
    listeners: {},
    errors: [],
    // What the devices fail with, by kind of media, as DOMException names: { video: "NotReadableError" }.
    faults: {},
    // The constraints of every getUserMedia, in order.
    asked: [],
    // The tracks of screens.
    screens: [],
    // The elements that play sound. They are in no document.
    sounds: [],
    audioContexts: [],
    // The ids of the devices that a test has pulled out.
    pulledOut: new Set(),
    // How often Firefox's pattern moves, in milliseconds, and how often it is looked at in a second.
    pattern: { everyMs: 60, rate: 15 },
  };
  window.tincanProbe = probe;
  const isFirefox = navigator.userAgent.includes("Firefox/");

  // --- objects that must be given back ---

  const recordConstruction = (name, list) => {
    const Native = window[name];
    if (!Native) return;
    window[name] = new Proxy(Native, {
      construct(target, args, newTarget) {
        const made = Reflect.construct(target, args, newTarget);
        list.push(made);
        return made;
      },
    });
  };
  recordConstruction("RTCPeerConnection", probe.peers);
  recordConstruction("WebSocket", probe.sockets);
  recordConstruction("Audio", probe.sounds);
  recordConstruction("AudioContext", probe.audioContexts);

  // Firefox's fake camera shows one colour at a time, as a broken picture does. In its place the page gets a
  // pattern that moves. The pattern ends when the page ends the camera.
  const withPattern = (stream) => {
    const [camera] = stream.getVideoTracks();
    if (!camera) return stream;
    const canvas = document.createElement("canvas");
    canvas.width = 640;
    canvas.height = 480;
    const context = canvas.getContext("2d");
    let step = 0;
    const paint = () => {
      for (let x = 0; x < 8; x += 1) {
        context.fillStyle = `hsl(${(x * 45 + step * 7) % 360} 90% ${20 + ((x * 9 + step) % 60)}%)`;
        context.fillRect(x * 80, 0, 80, 480);
      }
      context.fillStyle = "white";
      context.fillRect((step * 11) % 600, 200, 40, 80);
      step += 1;
    };
    paint();
    const timer = setInterval(paint, probe.pattern.everyMs);
    const [pattern] = canvas.captureStream(probe.pattern.rate).getVideoTracks();
    const stop = pattern.stop;
    pattern.stop = () => {
      clearInterval(timer);
      camera.stop();
      stop.call(pattern);
    };
    probe.tracks.push(camera);
    return new MediaStream([...stream.getAudioTracks(), pattern]);
  };

  // Returns constraints that leave out the devices that were pulled out, as a browser would.
  const withoutThosePulledOut = async (constraints) => {
    const allowed = { ...constraints };
    for (const [kind, deviceKind] of [["audio", "audioinput"], ["video", "videoinput"]]) {
      const wish = allowed[kind];
      if (!wish || !probe.pulledOut.size) continue;
      const chosen = wish.deviceId && wish.deviceId.exact;
      if (probe.pulledOut.has(chosen)) throw new OverconstrainedError("deviceId", "it was pulled out");
      const left = await navigator.mediaDevices.enumerateDevices();
      // The last, since Chromium's second fake camera gives depths (Y16), which no connection sends.
      const any = left.findLast((device) => device.kind === deviceKind);
      if (!any) throw new DOMException("all were pulled out", "NotFoundError");
      allowed[kind] = { ...wish, deviceId: { exact: chosen || any.deviceId } };
    }
    return allowed;
  };
  const { enumerateDevices } = window.MediaDevices ? MediaDevices.prototype : {};
  if (enumerateDevices) {
    MediaDevices.prototype.enumerateDevices = async function () {
      const devices = await enumerateDevices.call(this);
      return devices.filter((device) => !probe.pulledOut.has(device.deviceId));
    };
  }

  const recordTracks = (method) => {
    const native = window.MediaDevices && MediaDevices.prototype[method];
    if (!native) return;
    MediaDevices.prototype[method] = async function (constraints) {
      if (method === "getUserMedia") {
        probe.asked.push(constraints);
        constraints = await withoutThosePulledOut(constraints);
      }
      for (const [kind, name] of Object.entries(probe.faults)) {
        if (method === "getUserMedia" && constraints && constraints[kind]) {
          throw new DOMException("a fault that the test asked for", name);
        }
      }
      let stream = await native.call(this, constraints);
      if (isFirefox && method === "getUserMedia") stream = withPattern(stream);
      probe.tracks.push(...stream.getTracks());
      if (method === "getDisplayMedia") probe.screens.push(...stream.getTracks());
      return stream;
    };
  };
  recordTracks("getUserMedia");
  recordTracks("getDisplayMedia");

  // A clone is one more track that keeps the device busy until it is stopped.
  const recordClones = (name, tracksOf) => {
    if (!window[name]) return;
    const native = window[name].prototype.clone;
    window[name].prototype.clone = function () {
      const clone = native.call(this);
      probe.tracks.push(...tracksOf(clone));
      return clone;
    };
  };
  recordClones("MediaStreamTrack", (track) => [track]);
  recordClones("MediaStream", (stream) => stream.getTracks());

  // Ends a track as if it ended by itself.
  const end = (track) => {
    track.stop();
    track.dispatchEvent(new Event("ended"));
  };
  const live = (tracks) => tracks.filter((track) => track.readyState === "live");

  // Pulls out the device of this kind ("audio", "video") that is in use.
  probe.pullOut = (kind) => {
    const used = live(probe.tracks).filter((track) => track.kind === kind && !probe.screens.includes(track));
    used.forEach((track) => probe.pulledOut.add(track.getSettings().deviceId));
    used.forEach(end);
    navigator.mediaDevices.dispatchEvent(new Event("devicechange"));
    return used.length;
  };
  // The system mutes the device of this kind that is in use, or gives it back: for good, that is, until then.
  probe.systemMutes = (kind, muted) => {
    const used = live(probe.tracks).filter((track) => track.kind === kind && !probe.screens.includes(track));
    for (const track of used) {
      Object.defineProperty(track, "muted", { configurable: true, value: muted });
      track.dispatchEvent(new Event(muted ? "mute" : "unmute"));
    }
    return used.length;
  };
  // From now on, this throws: a function ("Owner.prototype.name"), what reads an attribute (the same), or what
  // sets it ("Owner.prototype.name="). If it `rejects`, it returns a promise that does. What code of the test
  // throws, the browser hides from the page, so a function of the browser's own throws its TypeError.
  probe.breaks = (path, rejects) => {
    const names = path.replace(/=$/, "").split(".");
    const name = names.pop();
    const owner = names.reduce((object, name) => object[name], window);
    const before = Object.getOwnPropertyDescriptor(owner, name);
    const thrown = Symbol.prototype.valueOf;
    const faulty = rejects ? () => Promise.reject(new DOMException("the test asked", "OperationError")) : thrown;
    const get = () => {
      probe.reached = true;
      return faulty;
    };
    const { configurable, enumerable } = before;
    const after = path.endsWith("=") ? { ...before, set: thrown }
      : before.get ? { ...before, get: thrown } : { configurable, enumerable, get };
    // Whether somebody comes upon it is known of functions only.
    probe.reached = !after.get || after.get === thrown || path.endsWith("=");
    Object.defineProperty(owner, name, after);
    probe.mend = () => Object.defineProperty(owner, name, before);
  };
  // Ends screen sharing as the user does by the browser's own bar.
  probe.endScreens = () => live(probe.screens).map(end).length;
  // The devices in use, by kind.
  probe.devicesInUse = (kind) => [
    ...new Set(live(probe.tracks).filter((track) => track.kind === kind && !probe.screens.includes(track))
      .map((track) => track.getSettings().deviceId)),
  ];

  // --- listeners that must be removed ---

  const WATCHED = [
    "RTCPeerConnection", "RTCDataChannel", "RTCRtpSender", "MediaStreamTrack", "MediaStream", "MediaDevices",
    "WebSocket", "Window", "Document",
  ].filter((name) => window[name]);
  // `window.RTCPeerConnection` is a Proxy by now. `instanceof` sees through it. A test may break it later.
  const classes = WATCHED.map((name) => [name, window[name]]);
  const classOf = (target) => (classes.find(([, known]) => target instanceof known) || ["other"])[0];
  const count = (target, by) => {
    const name = classOf(target);
    probe.listeners[name] = (probe.listeners[name] || 0) + by;
  };

  const known = new WeakMap();
  const keysOf = (target, type, options) => {
    const capture = typeof options === "object" && options ? !!options.capture : !!options;
    if (!known.has(target)) known.set(target, new Map());
    const byType = known.get(target);
    const key = `${type}/${capture}`;
    if (!byType.has(key)) byType.set(key, new Set());
    return byType.get(key);
  };
  const { addEventListener, removeEventListener } = EventTarget.prototype;
  EventTarget.prototype.addEventListener = function (type, callback, options) {
    const target = this || window;
    addEventListener.call(target, type, callback, options);
    if (!callback || (options && options.signal && options.signal.aborted)) return;
    const callbacks = keysOf(target, type, options);
    if (callbacks.has(callback)) return;
    callbacks.add(callback);
    count(target, 1);
    const gone = () => {
      if (callbacks.delete(callback)) count(target, -1);
    };
    if (options && options.once) addEventListener.call(target, type, gone, { ...options, signal: undefined });
    if (options && options.signal) addEventListener.call(options.signal, "abort", gone, { once: true });
  };
  EventTarget.prototype.removeEventListener = function (type, callback, options) {
    const target = this || window;
    removeEventListener.call(target, type, callback, options);
    if (callback && keysOf(target, type, options).delete(callback)) count(target, -1);
  };

  // `target.onsomething = callback` is a listener too.
  for (const name of WATCHED) {
    if (name === "Window" || name === "Document") continue;
    const { prototype } = window[name];
    for (const property of Object.getOwnPropertyNames(prototype)) {
      const accessor = Object.getOwnPropertyDescriptor(prototype, property);
      if (!property.startsWith("on") || !accessor.set) continue;
      Object.defineProperty(prototype, property, {
        ...accessor,
        set(callback) {
          const before = accessor.get.call(this) ? 1 : 0;
          accessor.set.call(this, callback);
          const after = accessor.get.call(this) ? 1 : 0;
          if (after !== before) count(this, after - before);
        },
      });
    }
  }

  // --- what went wrong in the page ---

  const note = (what) => probe.errors.push(String(what));
  addEventListener.call(window, "error", (event) => note(event.message));
  addEventListener.call(window, "unhandledrejection", (event) => note(event.reason));
  const consoleError = console.error;
  console.error = (...what) => {
    note(what.join(" "));
    consoleError.apply(console, what);
  };

  // --- answers to the tests ---

  // As text: chromedriver fails to carry over an object whose keys are names of classes.
  probe.counts = () => JSON.stringify({
    peersMade: probe.peers.length,
    peersOpen: probe.peers.filter((peer) => peer.connectionState !== "closed").length,
    tracksLive: probe.tracks.filter((track) => track.readyState === "live").length,
    socketsOpen: probe.sockets.filter((socket) => socket.readyState <= 1).length,
    listeners: { ...probe.listeners },
  });

  const openPeers = () => probe.peers.filter((peer) => peer.connectionState !== "closed");

  probe.restartIce = () => openPeers().forEach((peer) => peer.restartIce());

  // Of all media sections the same, since they share a transport.
  probe.ufrag = () => {
    const [peer] = openPeers();
    return peer?.currentLocalDescription?.sdp.match(/a=ice-ufrag:(\S+)/)?.[1] || "";
  };

  // Sums over every stream that comes in, of every peer connection that is not closed.
  probe.received = async () => {
    const sum = { framesDecoded: 0, audioEnergy: 0, audioSamples: 0 };
    for (const peer of probe.peers.filter((peer) => peer.connectionState !== "closed")) {
      for (const report of (await peer.getStats()).values()) {
        if (report.type !== "inbound-rtp") continue;
        if (report.kind === "video") sum.framesDecoded += report.framesDecoded || 0;
        if (report.kind === "audio") {
          sum.audioEnergy += report.totalAudioEnergy || 0;
          sum.audioSamples += report.totalSamplesReceived || 0;
        }
      }
    }
    return sum;
  };

  const inFrontOf = (box) => document.elementsFromPoint(box.x + box.width / 2, box.y + box.height / 2)[0];

  // Whether a user sees the video: large enough, not transparent, and with nothing in front of its middle.
  const isSeen = (video, box) =>
    box.width >= 40 && box.height >= 30
    && video.checkVisibility({ opacityProperty: true, visibilityProperty: true })
    && inFrontOf(box) === video;

  // What a video shows, by a small copy of it: how much its brightness varies (not at all in one colour), and a
  // checksum of the picture.
  probe.picture = (video) => {
    const canvas = document.createElement("canvas");
    canvas.width = 64;
    canvas.height = 48;
    const context = canvas.getContext("2d", { willReadFrequently: true });
    if (video.videoWidth) context.drawImage(video, 0, 0, canvas.width, canvas.height);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    let sum = 0, squares = 0, mark = 0;
    for (let i = 0; i < data.length; i += 4) {
      const brightness = 0.3 * data[i] + 0.6 * data[i + 1] + 0.1 * data[i + 2];
      sum += brightness;
      squares += brightness * brightness;
      mark = (mark * 31 + data[i] + data[i + 1] + data[i + 2]) % 1_000_000_007;
    }
    const pixels = data.length / 4;
    const transform = new DOMMatrix(getComputedStyle(video).transform);
    const box = video.getBoundingClientRect();
    return {
      seen: isSeen(video, box),
      inFront: inFrontOf(box) ? inFrontOf(box).outerHTML.slice(0, 80) : "nothing",
      width: video.videoWidth,
      height: video.videoHeight,
      variance: squares / pixels - (sum / pixels) ** 2,
      mark,
      muted: video.muted || video.volume === 0,
      mirrored: transform.a < 0,
      paused: video.paused,
    };
  };
})();
