// The stream of what is recorded, for all pages of a browser that are looked at: one of them listens and tells the others,
// as a browser has six connections to one server. A lock says which one; when that page goes, the next takes over.

const NAME = "roadlog";
const SILENCE = 45_000; // milliseconds; a server that is there says something every 15 seconds
const PATIENCE = 5_000; // milliseconds for an answer to whether somebody is signed in
const PAUSES = [1000, 2000, 4000, 8000, 15000]; // milliseconds before it is tried again

// What a page is told by: `seen()` is the position up to which it knows, `record(each)` takes the next one,
// `state(text)` is "open", "away" or "out". `start` and `stop` may be called at any time.
export function stream(page) {
  let channel = null, turn = null, leave = null, source = null;
  let upto = 0, state = "", failed = 0, watch = 0, retry = 0;

  function start() {
    if (channel) return;
    channel = new BroadcastChannel(NAME);
    channel.onmessage = ({ data }) => ("knows" in data ? missing(data.knows) : hear(data));
    channel.postMessage({ knows: page.seen() });
    wait();
    take();
  }

  function stop() {
    channel?.close();
    turn?.abort();
    channel = turn = null;
    resign();
  }

  // Who listens

  async function take(options) {
    turn?.abort();
    const mine = turn = new AbortController();
    try {
      await navigator.locks.request(NAME, options ?? { signal: mine.signal }, () => mine === turn && lead());
    } catch {
      if (mine !== turn) return; // given up
      resign(); // to one that heard nothing of this page
      wait();
      take();
    }
  }

  const lead = () => new Promise((done) => {
    leave = done;
    state = "";
    listen(page.seen());
  });

  function resign() {
    source?.close();
    clearTimeout(watch);
    clearTimeout(retry);
    leave?.();
    source = leave = null;
  }

  function listen(after) {
    source?.close();
    upto = after;
    source = new EventSource(`/live?after=${after}`);
    source.onopen = () => {
      failed = 0;
      tell("open");
    };
    source.addEventListener("beat", () => tell("open"));
    source.addEventListener("record", ({ data }) => {
      const record = JSON.parse(data);
      tell("open", record);
      upto = record.position;
    });
    source.onerror = lost;
    wait();
  }

  async function lost() {
    const mine = leave;
    source.close();
    tell("away");
    const isOut = await isSignedOut();
    if (mine !== leave) return;
    if (isOut) tell("out");
    else retry = setTimeout(() => listen(upto), PAUSES[Math.min(failed++, PAUSES.length - 1)]);
  }

  // What all are told. `after` is what they know already; who does not says so, and the stream begins there again.

  function tell(text, record) {
    const message = { state: state = text, after: upto, record };
    channel.postMessage(message);
    hear(message);
  }

  function hear({ state, after, record }) {
    wait();
    if (after > page.seen()) channel.postMessage({ knows: page.seen() });
    else if (record && record.position > page.seen()) page.record(record);
    page.state(state);
  }

  function missing(position) {
    if (!leave) return;
    if (position < upto && state === "open") listen(position);
    upto = Math.min(upto, position);
    if (state) tell(state);
  }

  function wait() {
    clearTimeout(watch);
    watch = leave ? setTimeout(lost, SILENCE) : setTimeout(() => take({ steal: true }), 2 * SILENCE);
  }

  return { start, stop };
}

async function isSignedOut() {
  try {
    const options = { method: "HEAD", redirect: "manual", signal: AbortSignal.timeout(PATIENCE) };
    const answer = await fetch("/live", options); // a stream tells no status
    return answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403;
  } catch {
    return false; // the server is away
  }
}
