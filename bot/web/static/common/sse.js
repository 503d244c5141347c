/**
 * Server-sent events over fetch: unlike EventSource it sees the status code, hears the heartbeat (so a connection that
 * died in a sleeping laptop is noticed) and lets us choose the pauses. The last id travels as `Last-Event-ID`.
 */

const STALLED = 40_000;
const PAUSES = [300, 1000, 2000, 4000, 8000, 15_000];

/**
 * Follow `url` until `stop()`. `onEvent(kind, data)` gets each event; `onState` gets `"open"`, `"lost"` or, when the
 * login is over, `"ended"`. `nudge()` tries again at once.
 */
export function follow(url, { onEvent, onState }) {
  const stream = new Stream(url, onEvent, onState);
  const wake = () => document.hidden || stream.nudge();
  const cut = () => stream.cut();
  addEventListener("online", wake);
  addEventListener("offline", cut);
  document.addEventListener("visibilitychange", wake);
  stream.run();
  return {
    nudge: () => stream.nudge(),
    stop() {
      removeEventListener("online", wake);
      removeEventListener("offline", cut);
      document.removeEventListener("visibilitychange", wake);
      stream.stop();
    },
  };
}

class Stream {
  constructor(url, onEvent, onState) {
    Object.assign(this, { url, onEvent, onState, last: "", tries: 0, open: false, stopped: false, heard: 0 });
  }

  async run() {
    while (!this.stopped) {
      const ended = await this.connect();
      if (this.stopped) return;
      if (ended) {
        this.stopped = true;
        this.onState("ended");
        return;
      }
      await this.pause();
    }
  }

  /** Read one connection to its end; true when the server says that this login is over. */
  async connect() {
    this.abort = new AbortController();
    const watchdog = setInterval(
      () => this.heard && performance.now() - this.heard > STALLED && this.abort.abort(),
      5000,
    );
    try {
      const headers = { Accept: "text/event-stream", ...(this.last ? { "Last-Event-ID": this.last } : {}) };
      const response = await fetch(this.url, {
        headers,
        credentials: "same-origin",
        cache: "no-store",
        signal: this.abort.signal,
      });
      if (response.status === 401) return true;
      if (!response.ok) return false;
      this.opened();
      await this.read(response.body.getReader());
    } catch {
      // Only the network speaks here, and a lost connection is an ordinary event: `pause` shows it.
    } finally {
      clearInterval(watchdog);
      this.heard = 0;
    }
    return false;
  }

  opened() {
    this.tries = 0;
    this.open = true;
    this.heard = performance.now();
    this.onState("open");
  }

  async read(reader) {
    const decoder = new TextDecoder();
    let rest = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      this.heard = performance.now();
      const blocks = (rest + decoder.decode(value, { stream: true })).split("\n\n");
      rest = blocks.pop();
      for (const block of blocks) this.take(block);
    }
  }

  take(block) {
    let kind = "message";
    let data = "";
    for (const line of block.split("\n")) {
      if (line.startsWith("event: ")) kind = line.slice(7);
      else if (line.startsWith("data: ")) data += line.slice(6);
      else if (line.startsWith("id: ")) this.last = line.slice(4);
    }
    if (!data) return;
    try {
      this.onEvent(kind, JSON.parse(data));
    } catch (failure) {
      // A listener's own mistake: reported like any other, and no reason to hang up.
      reportError(failure);
    }
  }

  /** The first pause is short and silent: the server closes a quiet stream now and then, which is no loss. */
  pause() {
    const base = PAUSES[Math.min(this.tries, PAUSES.length - 1)];
    if (this.tries > 0 || !this.open) this.onState("lost");
    this.tries += 1;
    this.open = false;
    return new Promise((resume) => {
      const timer = setTimeout(resume, base * (0.75 + Math.random() / 2));
      this.resume = () => {
        clearTimeout(timer);
        resume();
      };
    });
  }

  nudge() {
    if (this.resume) this.resume();
    if (this.heard && performance.now() - this.heard > STALLED / 2) this.abort.abort();
  }

  /** The machine says that it has no network: waiting for the connection to notice would only hide it. */
  cut() {
    this.tries = Math.max(1, this.tries);
    this.abort?.abort();
  }

  stop() {
    this.stopped = true;
    this.abort?.abort();
    if (this.resume) this.resume();
  }
}
