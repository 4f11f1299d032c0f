// What is recorded while a page is open: it is told, and a page about now is brought up to it.
import { bring, fetched } from "./bring.js";
import { stream } from "./listen.js";

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
  let connection = "connecting";
  let held = ""; // why the page is not brought up
  let waiting = [];
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
  state.textContent = connection;
  news.append(lines);
  document.body.append(news);
  (document.querySelector("#time-ways, #live") ?? news).prepend(state); // where it lies over nothing

  const behind = () => Math.max(0, seen - Number(about()?.dataset.seen ?? seen));

  const lacks = () => {
    if (!behind() || isForm() || (isNow() && !held)) return "";
    return held ? `${behind()} new, ${held}` : `${behind()} new`;
  };

  const says = () => {
    const why = connection || lacks();
    const text = why || "up to date";
    if (isEnded || text === state.textContent) return;
    state.textContent = text;
    state.classList.toggle("away", Boolean(why));
    state.setAttribute("role", "status"); // only now, as how a page begins is no news
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

  // Listening: only while somebody looks

  const live = stream({
    seen: () => seen,
    record: (each) => {
      seen = each.position;
      if (!waiting.length) setTimeout(flush, TOGETHER);
      waiting.push(each);
    },
    state: (text) => {
      if (text === "out") return end();
      connection = text === "open" ? "" : "reconnecting";
      says();
    },
  });

  const listen = () => {
    if (!document.hidden && !isEnded) live.start();
  };

  const end = () => {
    if (isEnded) return;
    live.stop();
    connection = "signed out: ";
    says();
    isEnded = true;
    const link = document.createElement("a");
    link.href = `/sign-in?to=${encodeURIComponent(location.pathname + location.search)}`;
    link.textContent = "Sign in";
    state.append(link);
  };

  const flush = () => {
    const records = waiting;
    waiting = [];
    if (about()) tell(records); // else it shows an error
    refresh();
    document.dispatchEvent(new CustomEvent("roadlog:recorded"));
  };

  document.addEventListener("visibilitychange", () => (document.hidden ? live.stop() : listen()));
  addEventListener("pagehide", live.stop);
  addEventListener("pageshow", listen);

  document.addEventListener("htmx:sendError", (event) => {
    const said = document.createElement("p");
    said.setAttribute("role", "alert");
    said.textContent = "The server does not answer. Load the page again when it does.";
    event.detail.target.append(said);
  });

  // The page brought up to now

  const isBusy = () =>
    document.activeElement?.matches("#page :is(input, textarea, select)") ||
    [...document.querySelectorAll("#page textarea")].some((field) => field.value !== field.defaultValue);

  const refresh = async () => {
    if (isWorking) return;
    isWorking = true;
    for (let tries = 0; isNow() && behind() && !isEnded; ) {
      if (isBusy()) {
        await holds("shown when you stop typing", 1000);
      } else if (!(await isRefreshed())) {
        await holds("not shown yet", PAUSES[Math.min(tries++, PAUSES.length - 1)]);
      }
    }
    isWorking = false;
    held = "";
    says();
  };

  const holds = async (why, time) => {
    held = why;
    says();
    await sleep(time);
  };

  const isRefreshed = async () => {
    const address = location.href;
    try {
      const { answer, page } = await fetched(address);
      if (answer.redirected) end(); // whoever reads is signed in no more
      if (answer.redirected || !answer.ok || address !== location.href || isBusy()) return false;
      update(page);
      return true;
    } catch {
      return false; // the server is away
    }
  };

  document.addEventListener("roadlog:shown", refresh); // what was on its way may be older

  const update = (made) => {
    const old = document.getElementById("page");
    const changed = new Set();
    const marked = [...old.querySelectorAll(".changed")];
    for (const each of marked) each.classList.remove("changed"); // not what the server says
    bring(made, (node) => mark(node, changed));
    for (const each of marked) each.classList.add("changed");
    for (const each of calm(changed)) {
      each.classList.add("changed");
      setTimeout(() => each.classList.remove("changed"), MARKED);
    }
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

  const mark = (node, changed) => {
    if (!node.textContent.trim()) return;
    const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
    const whole = element.matches(".panel") ? element : element.closest("#main :is(article, li, tr)");
    const block = whole ?? element.closest("#main :is(p, dd, h1, h3)");
    if (block) changed.add(block);
  };

  document.querySelector(".top nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" }); // on a phone it is a row
  listen();
})();
