// Looks at a call from inside the page. Runs after probe.js, before the call.
(() => {
  if (window.tincanLab) return;
  const lab = { accepted: null, made: null, connected: null, peer: null };
  window.tincanLab = lab;
  // As many pictures as a usual camera gives.
  window.tincanProbe.pattern = { everyMs: 33, rate: 30 };

  lab.forget = () => Object.assign(lab, { accepted: null, made: null, connected: null, peer: null });

  // All browsers of a network are on one machine, so they have one clock.
  const now = () => performance.timeOrigin + performance.now();

  document.addEventListener(
    "click",
    (event) => {
      const button = event.target.closest?.("button");
      if (button?.textContent.trim().startsWith("Accept")) lab.accepted ??= now();
    },
    true,
  );

  window.RTCPeerConnection = new Proxy(window.RTCPeerConnection, {
    construct(target, args, newTarget) {
      const peer = Reflect.construct(target, args, newTarget);
      lab.made ??= now();
      lab.peer = peer;
      peer.addEventListener("connectionstatechange", () => {
        if (peer.connectionState === "connected") lab.connected ??= now();
      });
      return peer;
    },
  });

  const reports = async () => [...(await lab.peer.getStats()).values()];

  // By which candidates the call goes, as the browser's own statistics say.
  lab.path = async () => {
    if (!lab.peer) return null;
    const all = await reports();
    const byId = new Map(all.map((report) => [report.id, report]));
    const transport = all.find(({ type, selectedCandidatePairId }) => type === "transport" && selectedCandidatePairId);
    const pair = transport
      ? byId.get(transport.selectedCandidatePairId)
      : all.find(({ type, selected }) => type === "candidate-pair" && selected);
    if (!pair) return null;
    const [local, remote] = [byId.get(pair.localCandidateId), byId.get(pair.remoteCandidateId)];
    return {
      local: local.candidateType,
      remote: remote.candidateType,
      over: local.candidateType === "relay" ? local.relayProtocol || "" : local.protocol,
    };
  };

  // What has come in so far.
  lab.received = async () => {
    const all = await reports();
    const incoming = (kind) => all.filter((report) => report.type === "inbound-rtp" && report.kind === kind);
    const sum = (kind, name) => incoming(kind).reduce((sum, report) => sum + (report[name] || 0), 0);
    return {
      at: performance.now(),
      frames: sum("video", "framesDecoded"),
      frozen: sum("video", "totalFreezesDuration"),
      samples: sum("audio", "totalSamplesReceived"),
      concealed: sum("audio", "concealedSamples") - sum("audio", "silentConcealedSamples"),
      energy: sum("audio", "totalAudioEnergy"),
      audioLost: sum("audio", "packetsLost"),
      audioPackets: sum("audio", "packetsReceived"),
      bytes: sum("video", "bytesReceived"),
      height: Math.max(0, ...incoming("video").map((report) => report.frameHeight || 0)),
    };
  };

  // Each side's candidates, for whoever wants to know why there is no path.
  lab.candidates = async () => {
    if (!lab.peer) return [];
    const names = { "local-candidate": "local", "remote-candidate": "remote" };
    return (await reports())
      .filter(({ type }) => names[type])
      .map((it) => `${names[it.type]} ${it.candidateType} ${it.relayProtocol || it.protocol} ${it.address}:${it.port}`);
  };
})();
