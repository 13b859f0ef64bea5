/*
 * As much of Office as the pane uses, in place of Microsoft's library: a document in slices, of which two may be open, and
 * Word's objects, which must be loaded and synced before they are read. What Word would show is noted in `calls`.
 */
(() => {
  const { bytes, paragraphs, footnotes, api, host } = window.given;
  const data = Uint8Array.from(atob(bytes), (sign) => sign.charCodeAt(0));
  let open = 0;
  window.calls = [];

  const done = (callback, value) => setTimeout(() => callback({ status: "succeeded", value }), 0);

  window.Office = {
    onReady: async () => ({ host, platform: "PC" }),
    HostType: { Word: "Word" },
    PlatformType: { iOS: "iOS" },
    FileType: { Compressed: "compressed" },
    AsyncResultStatus: { Succeeded: "succeeded" },
    context: {
      platform: "PC",
      requirements: { isSetSupported: (set, version) => set === "WordApi" && Number(version) <= api },
      document: {
        url: "C:\\Users\\a b\\My%20thesis.docx",
        getFileAsync(type, { sliceSize }, callback) {
          if (type !== "compressed" || sliceSize > 4194304 || open === 2) {
            return setTimeout(() => callback({ status: "failed", error: { message: "Internal error" } }), 0);
          }
          open += 1;
          window.calls.push(["open"]);
          const size = Math.min(sliceSize, 1000);
          const file = {
            size: data.length,
            sliceCount: Math.ceil(data.length / size),
            getSliceAsync: (index, then) => done(then, { data: [...data.slice(index * size, (index + 1) * size)] }),
            closeAsync(then) {
              open -= 1;
              window.calls.push(["close"]);
              done(then);
            },
          };
          return done(callback, file);
        },
      },
    },
  };

  /** Things that are there after load and sync only. */
  class Collection {
    #items;
    #state = "new";

    constructor(context, items) {
      this.#items = items;
      context.collections.push(this);
    }

    load() {
      this.#state = "loading";
    }

    sync() {
      this.#state = this.#state === "loading" ? "there" : this.#state;
    }

    get items() {
      if (this.#state !== "there") {
        throw new Error("PropertyNotLoaded");
      }
      return this.#items;
    }
  }

  class Place {
    constructor(context, where, text) {
      Object.assign(this, { context, where, text });
    }

    search(needle, { matchCase }) {
      if (needle.length > 255 || !matchCase) {
        throw new Error("SearchStringInvalidOrTooLong");
      }
      const plain = needle.replaceAll("^^", "^");
      const places = this.parts().flatMap(({ where, text }) =>
        text.split(plain).slice(1).map((_rest, nth) => new Place(this.context, `${where} #${nth}`, plain)),
      );
      return new Collection(this.context, places);
    }

    parts() {
      return [this];
    }

    getRange() {
      return this;
    }

    select() {
      this.context.queue.push(["select", this.where, this.text]);
    }

    insertComment(text) {
      this.context.queue.push(["comment", this.where, this.text, text]);
    }
  }

  class Body extends Place {
    parts() {
      return paragraphs.map((text, index) => new Place(this.context, `¶${index}`, text));
    }

    get paragraphs() {
      return new Collection(this.context, this.parts());
    }

    get footnotes() {
      const notes = footnotes.map((text, index) => ({ body: new Place(this.context, `note ${index}`, text) }));
      return new Collection(this.context, notes);
    }
  }

  window.Word = {
    run: async (action) => {
      const context = { collections: [], queue: [] };
      context.document = { body: new Body(context, "body", "") };
      context.sync = async () => {
        context.collections.forEach((one) => one.sync());
        window.calls.push(...context.queue.splice(0));
      };
      return action(context);
    },
  };
})();
