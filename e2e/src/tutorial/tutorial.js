// A client as in the classic WebRTC tutorials: plain fields only, no call ids, no perfect negotiation.
window.tutorial = (() => {
  const socket = new WebSocket(`ws://${location.host}`);
  const told = [];
  let other = null;
  let peer = null;
  let loggedIn = null;

  const send = (message) => socket.send(JSON.stringify(other ? { name: other, ...message } : message));
  const opened = new Promise((resolve) => socket.addEventListener("open", resolve));

  const prepare = async () => {
    peer = new RTCPeerConnection();
    peer.onicecandidate = ({ candidate }) => candidate && send({ type: "candidate", candidate });
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
    for (const track of stream.getTracks()) peer.addTrack(track, stream);
  };

  const handle = {
    login: ({ success }) => loggedIn(success),
    offer: async ({ offer, name }) => {
      other = name;
      if (!peer) await prepare();
      await peer.setRemoteDescription(offer);
      const answer = await peer.createAnswer();
      await peer.setLocalDescription(answer);
      send({ type: "answer", answer });
    },
    answer: ({ answer }) => peer && peer.setRemoteDescription(answer),
    candidate: ({ candidate }) => peer && peer.addIceCandidate(candidate),
    leave: () => {
      other = null;
      if (peer) peer.close();
      peer = null;
    },
  };
  // Handles one message after the other, in the order of their arrival.
  let queue = Promise.resolve();
  socket.addEventListener("message", ({ data }) => {
    const message = JSON.parse(data);
    queue = queue.then(async () => {
      await (handle[message.type] || (() => {}))(message);
      told.push(message.type);
    });
  });

  return {
    told,
    logIn: async (name) => {
      await opened;
      const answered = new Promise((resolve) => { loggedIn = resolve; });
      send({ type: "login", name });
      if (!(await answered)) throw new Error("the name was refused");
    },
    call: async (name) => {
      other = name;
      await prepare();
      const offer = await peer.createOffer();
      await peer.setLocalDescription(offer);
      send({ type: "offer", offer });
    },
    leave: () => {
      send({ type: "leave" });
      handle.leave();
    },
  };
})();
