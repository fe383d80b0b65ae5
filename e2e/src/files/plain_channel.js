// A data channel that has nothing to do with Tincan: how fast this browser and this machine can be.
(() => {
  const probe = window.tincanProbe;
  if (probe.plain) return;

  const CHUNK = 256 * 1024;
  const plain = {
    peer: null,
    channel: null,
    described: null,
    began: null,
    ended: null,

    // Offers, or answers the offer.
    describe(offer) {
      Object.assign(plain, { described: null, began: null, ended: null });
      const peer = new RTCPeerConnection();
      plain.peer = peer;
      const gathered = new Promise((done) => {
        peer.addEventListener("icegatheringstatechange", () => {
          if (peer.iceGatheringState === "complete") done();
        });
      });
      (async () => {
        if (offer) {
          await peer.setRemoteDescription({ type: "offer", sdp: offer });
        } else {
          plain.channel = peer.createDataChannel("plain");
        }
        await peer.setLocalDescription();
        await gathered;
        plain.described = peer.localDescription.sdp;
      })();
    },

    // Records when so many bytes have arrived.
    receive(size) {
      let left = size;
      plain.peer.addEventListener("datachannel", ({ channel }) => {
        channel.binaryType = "arraybuffer";
        channel.addEventListener("message", ({ data }) => {
          left -= data.byteLength;
          if (left <= 0) plain.ended = Date.now();
        });
        plain.channel = channel;
      });
    },

    // Sends so many bytes as fast as the channel takes them.
    push(answer, size) {
      const { channel, peer } = plain;
      const chunk = new Uint8Array(CHUNK);
      channel.bufferedAmountLowThreshold = 4 * CHUNK;
      let left = size;
      const push = () => {
        while (left > 0 && channel.bufferedAmount < 16 * CHUNK) {
          channel.send(chunk);
          left -= CHUNK;
        }
      };
      channel.addEventListener("bufferedamountlow", push);
      channel.addEventListener("open", () => {
        plain.began = Date.now();
        push();
      });
      peer.setRemoteDescription({ type: "answer", sdp: answer });
    },

    close() {
      plain.peer.close();
      Object.assign(plain, { peer: null, channel: null });
    },
  };
  probe.plain = plain;
})();
