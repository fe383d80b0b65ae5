// Files that a test makes, chooses and looks for again. They are handled in pieces, so that large files don't fill the
// page's memory.
(() => {
  const probe = window.tincanProbe;
  if (probe.files) return;

  const PIECE = 8 * 1024 * 1024;
  const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const digest = async (bytes) => hex(await crypto.subtle.digest("SHA-256", bytes));

  // The hash of the pieces' hashes.
  const hashOf = async (blob) => {
    const hashes = [];
    for (let at = 0; at === 0 || at < blob.size; at += PIECE) {
      hashes.push(await digest(await blob.slice(at, at + PIECE).arrayBuffer()));
    }
    return digest(new TextEncoder().encode(hashes.join()));
  };

  // Bytes that follow from the seed (the linear congruential generator of Numerical Recipes).
  const blobOf = (seed, size) => {
    let x = seed >>> 0;
    const parts = [];
    for (let at = 0; at < size; at += PIECE) {
      const length = Math.min(PIECE, size - at);
      const words = new Uint32Array(Math.ceil(length / 4));
      for (let i = 0; i < words.length; i += 1) {
        x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
        words[i] = x;
      }
      parts.push(new Blob([new Uint8Array(words.buffer, 0, length)]));
    }
    return new Blob(parts);
  };

  // The channels that this page has opened.
  probe.channels = [];
  const { createDataChannel } = window.RTCPeerConnection?.prototype ?? {};
  if (createDataChannel) {
    RTCPeerConnection.prototype.createDataChannel = function (...args) {
      const channel = createDataChannel.apply(this, args);
      probe.channels.push(channel);
      return channel;
    };
  }

  const stored = async () => {
    const hashes = [];
    const root = await navigator.storage.getDirectory();
    try {
      for await (const handle of (await root.getDirectoryHandle("incoming")).values()) {
        hashes.push(await hashOf(await handle.getFile()));
      }
    } catch (error) {
      // Nothing was ever stored.
      if (error.name !== "NotFoundError") throw error;
    }
    return hashes;
  };

  const files = {
    made: null,
    sent: 0,
    took: null,
    answer: null,

    // Begins work that may take longer than a script may. `answer` is set when it is done.
    begin(work) {
      files.answer = null;
      work.then(
        (value) => { files.answer = { value }; },
        (error) => { files.answer = { error: String(error) }; },
      );
    },

    make(name, type, seed, size) {
      files.begin((async () => {
        const blob = blobOf(seed, size);
        files.made = new File([blob], name, { type, lastModified: 1 });
        return hashOf(blob);
      })());
    },

    // A picture of one colour, which looks the same at any size.
    picture(name, width, height) {
      files.begin((async () => {
        const canvas = new OffscreenCanvas(width, height);
        const context = canvas.getContext("2d");
        context.fillStyle = "teal";
        context.fillRect(0, 0, width, height);
        const blob = await canvas.convertToBlob({ type: "image/png" });
        files.made = new File([blob], name, { type: "image/png", lastModified: 1 });
        return hashOf(blob);
      })());
    },

    offerInput() {
      const input = document.createElement("input");
      input.type = "file";
      input.id = "a-file-of-the-test";
      document.body.append(input);
    },

    take() {
      const input = document.getElementById("a-file-of-the-test");
      [files.made] = input.files;
      input.remove();
      files.begin(hashOf(files.made));
    },

    stored() {
      files.begin(stored());
    },

    transfer() {
      const transfer = new DataTransfer();
      transfer.items.add(files.made);
      return transfer;
    },

    // As the browser does once the user has chosen.
    choose(input) {
      input.files = files.transfer().files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    },

    // Returns whether the page keeps the browser from leaving it to show the file.
    drop(target) {
      const kept = ["dragenter", "dragover", "drop"].map((type) => {
        const event = new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: files.transfer() });
        return !target.dispatchEvent(event);
      });
      return kept[1] && kept[2];
    },

    // `others` are other forms of the same, by media type. Returns whether the browser itself goes on to paste it.
    paste(target, others) {
      const clipboardData = files.transfer();
      Object.entries(others).forEach(([type, text]) => clipboardData.setData(type, text));
      return target.dispatchEvent(new ClipboardEvent("paste", { bubbles: true, cancelable: true, clipboardData }));
    },

    // Measures the time from the next click to when a file can be saved.
    clock() {
      files.took = null;
      document.addEventListener("click", () => {
        const start = performance.now();
        const observer = new MutationObserver(() => {
          if ([...document.querySelectorAll(".file button")].some((button) => button.innerText === "Save file")) {
            files.took = performance.now() - start;
            observer.disconnect();
          }
        });
        observer.observe(document.body, { childList: true, subtree: true });
      }, { capture: true, once: true });
    },

    // From now on, counts the bytes that go into data channels. Text doesn't count.
    count() {
      const { send } = RTCDataChannel.prototype;
      RTCDataChannel.prototype.send = function counted(data) {
        send.call(this, data);
        if (typeof data !== "string") files.sent += data.byteLength;
      };
    },
  };
  probe.files = files;
})();
