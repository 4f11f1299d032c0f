// Showing another address of this site in place of the page, without loading all of it anew: what was scrolled, unfolded
// and focused stays so, and cards glide to where they are now. Never more than one request; the newest wins.

const still = matchMedia("(prefers-reduced-motion: reduce)");
const GLIDE = 260, CARDS = 300;
let wanted = null, running = null;

export function show(address) {
  wanted = address;
  document.getElementById("page").setAttribute("aria-busy", "true");
  running ??= run().finally(() => {
    running = null;
    document.getElementById("page").removeAttribute("aria-busy");
  });
  return running;
}

async function run() {
  let shown = null;
  while (wanted !== shown) {
    shown = wanted;
    const answer = await fetch(shown, { headers: { Accept: "text/html" } });
    if (answer.redirected) return location.assign(answer.url); // whoever reads is signed in no more
    put(new DOMParser().parseFromString(await answer.text(), "text/html"));
    if (wanted !== shown) document.getElementById("page").setAttribute("aria-busy", "true");
  }
}

function put(made) {
  const old = document.getElementById("page"), page = made.getElementById("page");
  const top = scrollY, places = cards(old), open = unfolded(old), scrolled = slid(old), focus = named(document.activeElement);
  document.title = made.title;
  old.replaceWith(document.adoptNode(page));
  window.htmx?.process(page);
  for (const each of page.querySelectorAll("details")) if (open.has(place(each))) each.open = open.get(place(each));
  for (const each of page.querySelectorAll("[tabindex]")) each.scrollLeft = scrolled.get(place(each)) ?? 0;
  scrollTo({ top, behavior: "instant" });
  if (focus && document.activeElement === document.body) page.querySelector(focus)?.focus({ preventScroll: true });
  glide(page, places);
  document.dispatchEvent(new CustomEvent("roadlog:shown"));
}

// Where something stands among its like, under the nearest thing that has a name.
function place(element) {
  const within = element.parentElement.closest("[id], [aria-labelledby], [data-key]");
  const name = ["id", "aria-labelledby", "data-key"].map((each) => within.getAttribute(each)).join(" ");
  return `${name} ${element.tagName} ${[...within.querySelectorAll(element.tagName)].indexOf(element)}`;
}

const unfolded = (page) => new Map([...page.querySelectorAll("details")].map((each) => [place(each), each.open]));
const slid = (page) => new Map([...page.querySelectorAll("[tabindex]")].map((each) => [place(each), each.scrollLeft]));

function named(element) {
  if (!element?.closest("#page")) return null;
  if (element.id) return `#${CSS.escape(element.id)}`;
  return element.tagName === "A" ? `a[href^="${CSS.escape(element.pathname)}"]` : null;
}

function cards(page) {
  const found = [...page.querySelectorAll(".card[data-key]")];
  return found.length > CARDS ? null : new Map(found.map((each) => [each.dataset.key, each.getBoundingClientRect()]));
}

function glide(page, places) {
  if (still.matches || !places) return;
  for (const card of page.querySelectorAll(".card[data-key]")) {
    const before = places.get(card.dataset.key), now = card.getBoundingClientRect();
    if (!before) card.animate([{ opacity: 0 }, { opacity: 1 }], GLIDE);
    else if (before.left !== now.left || before.top !== now.top) {
      const way = `translate(${before.left - now.left}px, ${before.top - now.top}px)`;
      card.animate([{ transform: way }, { transform: "none" }], { duration: GLIDE, easing: "ease-out" });
    }
  }
}
