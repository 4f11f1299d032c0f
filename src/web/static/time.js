// The time machine: the line of the log's life, moved along by hand, by key or by itself.
import { show } from "./show.js";

const MOMENT = ["as-of", "known-at", "position"];
const NEWS = "recorded"; // what somebody recorded here is said once
const SVG = "http://www.w3.org/2000/svg";
const REST = 1500; // milliseconds without a move, after which the next one is another page to go back to
const RECORD = 1000, LOOK = 100; // milliseconds: a record is shown; between two looks while time runs
const LANES = { approval: 0, return: 10, milestone: 20 }; // pixels from above, so that none covers another
const ROOM = 11; // pixels of a mark
const named = (id) => document.getElementById(`time-${id}`);
const bar = document.getElementById("time");
const slider = named("slider");
const modes = [...bar.querySelectorAll("input[name=mode]")];
const mode = () => modes.find((each) => each.checked).value;
let here = null; // the stop one is at, as /time/step tells it
let address = place(location.href);
let asking = null, gesture = 0, held = false, playing = 0;

function place(href) {
  const url = new URL(href, location.href);
  return url.pathname + url.search;
}

function changed(names, values) {
  const url = new URL(address, location.href);
  names.forEach((name) => url.searchParams.delete(name));
  for (const [name, value] of Object.entries(values)) url.searchParams.set(name, value);
  return place(url);
}

const inAddress = () => Object.fromEntries(
  [...new URL(address, location.href).searchParams].filter(([name, value]) => value && MOMENT.includes(name)));

class SignedOut extends Error {}

async function asked(what, query, signal) {
  const given = new URLSearchParams({ mode: mode(), ...query });
  if (bar.dataset.key) given.set("key", bar.dataset.key);
  const answer = await fetch(`/time/${what}?${given}`, { signal });
  if (answer.redirected) throw new SignedOut();
  if (!answer.ok) throw new Error(answer.statusText);
  return answer.json();
}

// Asks for a stop and tells what it is; whether it was the last that was asked for.
async function step(query) {
  asking?.abort();
  const mine = asking = new AbortController();
  try {
    const found = await asked("step", query, mine.signal);
    if (mine !== asking) return false;
    asking = null;
    tell(found);
    return true;
  } catch (error) {
    if (error.name === "AbortError") return false;
    asking = null;
    failed(error);
    return false;
  }
}

function failed(error) {
  stop();
  const why = error instanceof SignedOut ? "You are signed out." : "The server does not answer.";
  named("what").textContent = named("what").title = why;
  slider.setAttribute("aria-valuetext", `${named("when").textContent}: ${why}`);
  if (!held && here) slider.value = here.place;
}

function tell(found) {
  here = found;
  const effect = found.effective && `, took effect ${found.effective}`;
  const time = found.now ? "Now" : `${saying(found)}${found.when}${effect}`;
  if (document.activeElement !== named("day")) named("day").value = found.when.slice(0, "2026-03-01".length); // typed in
  if (!held) slider.value = found.place;
  slider.style.setProperty("--place", `${found.place * 100}%`);
  slider.setAttribute("aria-valuetext", found.sentence ? `${time}: ${found.sentence}` : time);
  named("when").textContent = time;
  named("what").textContent = named("what").title = found.sentence;
  bar.classList.toggle("past", !found.now);
  named("now").hidden = named("compare").hidden = found.now;
}

function saying(found) {
  if (mode() === "as-of" || !found.position) return "";
  return "known-at" in found.address ? "Known at " : "Recorded ";
}

// To a stop, the page with it. Moves without a rest between them are one page to go back from.
async function go(query) {
  if (!await step(query)) return;
  const next = changed([...MOMENT, NEWS, ...(here.now ? ["compare"] : [])], here.address);
  if (next === address) return;
  history[gesture ? "replaceState" : "pushState"](null, "", next);
  clearTimeout(gesture);
  gesture = setTimeout(rested, REST);
  await lead(next);
}

function rested() {
  gesture = held || playing ? setTimeout(rested, REST) : 0;
}

async function lead(next) {
  address = next;
  links();
  try {
    await show(address);
  } catch (error) {
    failed(error);
  }
}

function links() {
  const compares = new URL(address, location.href).searchParams.has("compare");
  named("compare").href = changed(["compare"], compares ? {} : { compare: "now" });
  named("compare").textContent = compares ? "Compare no more" : "Compare with now";
  named("now").href = changed([...MOMENT, "compare"], {});
  named("form").elements.from.value = address;
}

// The card of what just happened.
document.addEventListener("roadlog:shown", () => {
  if (here?.key && !here.now) document.querySelector(`.card[data-key="${CSS.escape(here.key)}"]`)?.classList.add("just");
});

// Marks

async function marked() {
  try {
    const found = await asked("marks", { places: Math.max(10, Math.floor(named("marks").clientWidth / ROOM)) });
    const most = Math.max(...found.marks.map((each) => each.count), 1);
    const marks = found.marks.map((each) => {
      const mark = document.createElementNS(SVG, "use"), title = document.createElementNS(SVG, "title");
      mark.setAttribute("href", `#mark-${each.kind}`);
      mark.setAttribute("class", each.kind);
      mark.setAttribute("x", `${each.place * 100}%`);
      mark.setAttribute("y", LANES[each.kind]);
      mark.style.scale = 0.5 + 0.5 * Math.sqrt(each.count / most);
      title.textContent = each.text;
      mark.append(title);
      mark.addEventListener("click", () => go({ record: each.position }));
      return mark;
    });
    named("marks").replaceChildren(named("marks").querySelector("defs"), ...marks);
    named("ticks").replaceChildren(...found.ticks.map((each) => {
      const tick = document.createElement("span");
      tick.textContent = each.text;
      tick.style.left = `${each.place * 100}%`;
      return tick;
    }));
  } catch (error) {
    failed(error);
  }
}

// Whoever brings the page up to what is recorded says so.
document.addEventListener("roadlog:recorded", () => {
  marked();
  if (here?.now) step({ place: 1 });
});

// By hand and by key

// Wherever it was let go, the handle goes to the stop that one is at, or the one that is asked for once it is known.
function released() {
  if (!held) return;
  held = false;
  if (!asking && here) slider.value = here.place;
}

slider.addEventListener("pointerdown", () => { held = true; stop(); });
slider.addEventListener("input", () => { stop(); go({ place: slider.value }); });
for (const each of ["pointerup", "pointercancel"]) addEventListener(each, released);
const by = (number, marked) => go({ ...here?.address, by: number, ...(marked && { marked: "" }) });
const KEYS = {
  ArrowLeft: (event) => by(-1, event.shiftKey), ArrowDown: (event) => by(-1, event.shiftKey),
  ArrowRight: (event) => by(1, event.shiftKey), ArrowUp: (event) => by(1, event.shiftKey),
  PageDown: () => by(-1, true), PageUp: () => by(1, true),
  Home: () => go({ place: 0 }), End: () => go({ place: 1 }),
};
slider.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const key = KEYS[event.key];
  if (event.key === " ") toggle();
  else if (key) { stop(); key(event); } else return;
  event.preventDefault();
});
named("back").addEventListener("click", () => { stop(); by(-1); });
named("on").addEventListener("click", () => { stop(); by(1); });
named("now").addEventListener("click", (event) => { event.preventDefault(); stop(); slider.focus(); go({ place: 1 }); });
named("form").addEventListener("submit", (event) => {
  event.preventDefault();
  stop();
  go({ day: named("day").value });
});
for (const each of modes) each.addEventListener("change", async () => {
  stop();
  marked();
  await go(here && !here.now ? { record: here.position } : {});
});

// By itself

const pause = (milliseconds) => new Promise((done) => { setTimeout(done, milliseconds); });
const toggle = () => (playing ? stop() : run());

function stop() {
  playing = 0;
  named("play").setAttribute("aria-label", "Play");
  named("play").firstElementChild.textContent = "▶";
}

async function run() {
  const mine = playing = performance.now();
  named("play").setAttribute("aria-label", "Pause");
  named("play").firstElementChild.textContent = "❚❚";
  if (!here || here.now) await go({ place: 0 });
  let seconds = null, since = 0, from = 0;
  while (playing === mine) {
    if (seconds !== speed()) [seconds, since, from] = [speed(), performance.now(), here.place];
    await pause(seconds ? LOOK : RECORD);
    if (playing !== mine) return;
    const reached = from + (performance.now() - since) / 1000 / seconds;
    await (seconds ? go({ place: Math.min(1, reached) }) : by(1));
    if (playing === mine && here.now) stop();
  }
}

const speed = () => Number(named("speed").value);
named("play").addEventListener("click", toggle);
addEventListener("pagehide", stop);

// Back and forward

addEventListener("popstate", async () => {
  if (place(location.href) === address) return; // another part of the same page
  stop();
  address = place(location.href);
  chosen();
  await Promise.all([step(inAddress()), lead(address)]);
});

function chosen() {
  const names = Object.keys(inAddress()), before = mode();
  if (names.length) modes.find((each) => (each.value === "as-of") === (names.join() === "as-of")).checked = true;
  if (mode() !== before) marked();
}

// What scrolls into sight stops above the bar.
new ResizeObserver(() => {
  document.documentElement.style.setProperty("--time-height", `${bar.offsetHeight}px`);
}).observe(bar);

const narrow = matchMedia("(max-width: 760px)");
const fold = () => { named("more").open = !narrow.matches; }; // of a phone it would cover much
narrow.addEventListener("change", fold);
fold();
for (const id of ["line", "speed-label", "legend"]) named(id).hidden = false;
chosen();
step(inAddress());
marked();
