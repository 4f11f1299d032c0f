// Showing another address of this site in place of the page: what was scrolled, unfolded and focused stays so, and
// cards glide to where they are now. Never more than one request; the newest wins.
import { bring, fetched } from "./bring.js";

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
    const { answer, page } = await fetched(shown);
    if (answer.redirected) return location.assign(answer.url); // whoever reads is signed in no more
    put(page);
    if (wanted !== shown) document.getElementById("page").setAttribute("aria-busy", "true");
  }
}

function put(made) {
  const page = document.getElementById("page"), places = cards(page);
  bring(made);
  glide(page, places);
  document.dispatchEvent(new CustomEvent("roadlog:shown"));
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
