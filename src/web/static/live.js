// What is recorded while a page is open: it is told, and a page about now is brought up to it, changing only
// what differs, so that scrolling, focus and what is unfolded stay as they are.
"use strict";

(() => {
  const TOGETHER = 400; // milliseconds in which records count as one lot
  const MOST = matchMedia("(max-width: 760px)").matches ? 1 : 5; // lines at one time
  const LONG = 90; // letters of a sentence, of which the trail has all
  const STAYS = 15000; // milliseconds for which a line can be read
  const MARKED = 6000; // milliseconds for which a change is marked
  const FEW = 3; // marks within one part of a page; of more the whole part is marked
  const PAUSES = [1000, 2000, 4000, 8000, 15000]; // milliseconds before something is tried again

  const about = () => document.querySelector("[data-seen]");
  const isNow = () => about()?.dataset.shows === "now";
  const isForm = () => about()?.dataset.shows === "form"; // which stays as it is until it is sent
  const sleep = (time) => new Promise((done) => setTimeout(done, time));
  if (!about()) return;

  let seen = Number(about().dataset.seen);
  let source = null;
  let failed = 0;
  let waiting = [];
  let isDue = false;
  let isWorking = false;
  let isEnded = false;

  // What the reader sees of it

  const news = document.createElement("aside");
  news.className = "news";
  news.setAttribute("aria-label", "What is new");
  const lines = document.createElement("div");
  lines.setAttribute("role", "log");
  lines.setAttribute("aria-live", "polite");
  lines.setAttribute("aria-label", "New records");
  const state = document.createElement("span");
  state.className = "state away";
  state.textContent = "connecting";
  news.append(lines);
  document.body.append(news);
  (document.getElementById("time-ways") ?? news).prepend(state); // where it lies over nothing

  const says = (text, away) => {
    state.textContent = text;
    state.classList.toggle("away", away);
  };

  const line = (first, last, count, ...content) => {
    const made = document.createElement("p");
    made.className = "line";
    Object.assign(made.dataset, { first, last, count });
    const said = document.createElement("span");
    said.className = "clamped";
    said.append(...content);
    made.append(said, closing(made));
    lines.append(made);
    while (lines.children.length > MOST) lines.firstElementChild.remove();
    if (isForm()) return;
    const leave = () => (made.matches(":hover, :focus-within") ? setTimeout(leave, 2000) : made.remove());
    setTimeout(leave, STAYS);
  };

  const closing = (made) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "close";
    button.setAttribute("aria-label", "Close");
    button.addEventListener("click", () => {
      const next = made.nextElementSibling ?? made.previousElementSibling;
      made.remove();
      (next?.querySelector(".close") ?? document.getElementById("main")).focus({ preventScroll: true });
    });
    return button;
  };

  const keyed = (key) => {
    if (!key.includes("-")) return key;
    const link = document.createElement("a");
    link.href = `/initiatives/${encodeURIComponent(key)}`;
    link.textContent = key;
    return link;
  };

  const tell = (records) => {
    const told = isForm() ? records.filter((each) => each.key === about().dataset.of) : records;
    const last = told.at(-1);
    if (!last) return;
    if (!isForm() && !isNow()) {
      const known = Number(about().dataset.seen);
      const count = last.position - known;
      lines.replaceChildren();
      line(known + 1, last.position, count, `${count} new ${count === 1 ? "record" : "records"} since this page was made`);
      return;
    }
    const before = MOST === 1 ? lines.firstElementChild : null; // which goes, and is counted in
    const count = told.length + Number(before?.dataset.count ?? 0);
    if (count > MOST) {
      line(before?.dataset.first ?? told[0].position, last.position, count, `${count} new records, the last: `, ...sentence(last));
    } else {
      for (const each of told) line(each.position, each.position, 1, ...sentence(each));
    }
  };

  const sentence = (record) => [`${record.actor} ${cut(record.sentence)} (`, keyed(record.key), ")"];
  const cut = (text) => (text.length > LONG ? `${[...text].slice(0, LONG).join("")}…` : text);

  // Listening: only while somebody looks, as a browser has six connections to one server

  const listen = () => {
    if (source || document.hidden || isEnded) return;
    source = new EventSource(`/live?after=${seen}`);
    source.onopen = () => {
      failed = 0;
      says("up to date", false);
    };
    source.onerror = async () => {
      stop();
      says("reconnecting", true);
      if (await isSignedOut()) return end();
      setTimeout(listen, PAUSES[Math.min(failed++, PAUSES.length - 1)]);
    };
    source.addEventListener("record", (event) => {
      const record = JSON.parse(event.data);
      if (record.position <= seen) return;
      seen = record.position;
      if (!waiting.length) setTimeout(flush, TOGETHER);
      waiting.push(record);
    });
  };

  const stop = () => {
    source?.close();
    source = null;
  };

  const isSignedOut = async () => {
    try {
      const answer = await fetch("/live", { method: "HEAD", redirect: "manual" }); // a stream tells no status
      return answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403;
    } catch {
      return false; // the server is away
    }
  };

  const end = () => {
    isEnded = true;
    stop();
    const link = document.createElement("a");
    link.href = `/sign-in?to=${encodeURIComponent(location.pathname + location.search)}`;
    link.textContent = "Sign in";
    says("signed out: ", true);
    state.append(link);
  };

  const flush = () => {
    const records = waiting;
    waiting = [];
    if (about()) tell(records); // else it shows an error
    refresh();
    document.dispatchEvent(new CustomEvent("roadlog:recorded"));
  };

  document.addEventListener("visibilitychange", () => (document.hidden ? stop() : listen()));
  addEventListener("pagehide", stop);
  addEventListener("pageshow", listen);

  document.addEventListener("htmx:sendError", (event) => {
    const said = document.createElement("p");
    said.setAttribute("role", "alert");
    said.textContent = "The server does not answer. Load the page again when it does.";
    event.detail.target.append(said);
  });

  // The page brought up to now

  const isTyped = (field) => {
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (field.localName !== "select") return field.value !== field.defaultValue;
    return field.selectedIndex !== Math.max(0, [...field.options].findIndex((each) => each.defaultSelected));
  };

  const isBusy = () =>
    document.activeElement?.matches("#page :is(input, textarea, select)") ||
    [...document.querySelectorAll("#page :is(input:not([type=hidden]), textarea, select)")].some(isTyped);

  const refresh = async () => {
    isDue = true;
    if (isWorking) return;
    isWorking = true;
    for (let tries = 0; isDue && isNow(); ) {
      if (isBusy()) {
        await sleep(1000);
        continue;
      }
      isDue = false;
      if (!(await isRefreshed())) {
        isDue = true;
        await sleep(PAUSES[Math.min(tries++, PAUSES.length - 1)]);
      }
    }
    isWorking = false;
  };

  const isRefreshed = async () => {
    const address = location.href;
    try {
      const answer = await fetch(address);
      if (answer.redirected) {
        end(); // whoever reads is signed in no more
        return true;
      }
      const made = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!answer.ok || address !== location.href || isBusy()) return false;
      document.title = made.title;
      bring(document.getElementById("page"), made.getElementById("page"));
      return true;
    } catch {
      return false; // the server is away
    }
  };

  const bring = (old, made) => {
    for (const each of made.querySelectorAll("img:not([src^='/static/'])")) {
      const address = each.getAttribute("src"); // another one, or the picture would stay as it is
      each.setAttribute("src", `${address}${address.includes("?") ? "&" : "?"}seen=${seen}`);
    }
    const changed = new Set();
    const marked = [...old.querySelectorAll(".changed")];
    for (const each of marked) each.classList.remove("changed"); // not what the server says
    children(old, made, changed);
    for (const each of marked) each.classList.add("changed");
    for (const each of calm(changed)) {
      each.classList.add("changed");
      setTimeout(() => each.classList.remove("changed"), MARKED);
    }
    window.htmx?.process(old);
  };

  // What is marked: a part for many of its blocks, and nothing within something that is marked itself
  const calm = (changed) => {
    const parts = new Map();
    for (const each of changed) {
      const part = each.closest(".panel");
      parts.set(part, [...(parts.get(part) ?? []), each]);
    }
    const found = [...parts].flatMap(([part, blocks]) => (part && blocks.length > FEW ? [part] : blocks));
    return found.filter((each) => !found.some((one) => one !== each && one.contains(each)));
  };

  // One tree made like another: what is equal stays the same node

  const keyOf = (node) =>
    node.id ||
    node.dataset?.key ||
    node.getAttribute?.("aria-labelledby") ||
    (node.matches?.("article, li, tr") && node.querySelector("a[href]")?.getAttribute("href")) ||
    null;

  const isSame = (old, made) => old.nodeName === made.nodeName && keyOf(old) === keyOf(made);

  const children = (old, made, changed) => {
    const left = new Set(old.childNodes);
    const wanted = [...made.childNodes];
    const pairs = new Map();
    for (const fits of [(each, one) => each.isEqualNode(one), isSame]) {
      for (const one of wanted) {
        const found = pairs.has(one) ? null : [...left].find((each) => fits(each, one));
        if (!found) continue;
        left.delete(found);
        pairs.set(one, found);
      }
    }
    for (const each of left) each.remove();
    let place = old.firstChild;
    for (const one of wanted) {
      const found = pairs.get(one);
      const node = found ?? document.importNode(one, true);
      if (node === place) place = place.nextSibling;
      else old.insertBefore(node, place);
      if (!found) mark(node, changed);
      else if (!found.isEqualNode(one)) like(found, one, changed);
    }
  };

  const like = (old, made, changed) => {
    if (old.nodeType !== Node.ELEMENT_NODE) {
      old.data = made.data;
      mark(old, changed);
      return;
    }
    const isOurs = (name) => name === "open" && old.localName === "details";
    for (const { name } of [...old.attributes]) {
      if (!made.hasAttribute(name) && !isOurs(name)) old.removeAttribute(name);
    }
    for (const { name, value } of made.attributes) {
      if (old.getAttribute(name) !== value && !isOurs(name)) old.setAttribute(name, value);
    }
    children(old, made, changed);
  };

  const mark = (node, changed) => {
    if (!node.textContent.trim()) return;
    const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
    const whole = element.matches(".panel") ? element : element.closest("#main :is(article, li, tr)");
    const block = whole ?? element.closest("#main :is(p, dd, h1, h3)");
    if (block) changed.add(block);
  };

  listen();
})();
