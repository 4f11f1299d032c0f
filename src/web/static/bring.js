// The page made like another one: what is equal stays the same node, so that what is scrolled, unfolded and focused
// stays so.

const MOMENT = ["as-of", "known-at", "position"];
const ONCE = ["run", "wait"]; // what has the server work long, for whoever asked for it once
const PATIENCE = 45_000; // milliseconds
const FOCUSED = "a, summary, button, input, select, textarea, [tabindex]";

// What the server answers at an address now, and the page in it. Throws where it does not answer.
export async function fetched(address) {
  const answer = await fetch(without(address, ONCE), { headers: { Accept: "text/html" }, signal: AbortSignal.timeout(PATIENCE) });
  return { answer, page: new DOMParser().parseFromString(await answer.text(), "text/html") };
}

// Makes the page that is shown like one that was fetched; `mark` is called with each node that is new or reads otherwise.
export function bring(made, mark = () => {}) {
  const page = document.getElementById("page");
  const focused = page.contains(document.activeElement) ? document.activeElement : null;
  const name = focused && nameOf(focused);
  document.title = made.title;
  stamp(made);
  children(page, made.getElementById("page"), mark);
  window.htmx?.process(page);
  if (!focused || document.activeElement === focused) return;
  const again = focused.isConnected ? focused : [...page.querySelectorAll(FOCUSED)].find((each) => nameOf(each) === name);
  again?.focus({ preventScroll: true });
}

// Gives pictures other addresses when something was recorded, or they would stay as they are.
function stamp(made) {
  const seen = made.querySelector("[data-seen]")?.dataset.seen;
  for (const each of made.querySelectorAll("#page :is(img:not([src^='/static/']), source[srcset])")) {
    const attribute = each.localName === "img" ? "src" : "srcset", address = each.getAttribute(attribute);
    each.setAttribute(attribute, `${address}${address.includes("?") ? "&" : "?"}seen=${seen}`);
  }
}

function without(address, names) {
  const url = new URL(address, location.href);
  for (const each of names) url.searchParams.delete(each);
  return url.href;
}

// What makes a node the same at every moment.
function keyOf(node) {
  if (node.nodeType !== Node.ELEMENT_NODE) return node.nodeName;
  const own = node.dataset.key || node.id || node.getAttribute("aria-labelledby");
  const link = !own && node.matches("article, li, tr") && node.querySelector("a[href]");
  return `${node.nodeName} ${own || (link && without(link.getAttribute("href"), MOMENT)) || ""}`;
}

// The same of what is focused: where it leads, or which of its kind it is, within what has a name.
function nameOf(element) {
  if (element.id) return keyOf(element);
  const within = element.parentElement.closest("[id], [aria-labelledby], [data-key]");
  const href = element.getAttribute("href");
  const own = href ? without(href, MOMENT) : [...within.querySelectorAll(element.localName)].indexOf(element);
  return `${keyOf(within)} ${element.localName} ${own}`;
}

function children(old, made, mark) {
  const pairs = paired(old.childNodes, made.childNodes);
  const staying = new Set(pairs.values());
  for (const each of [...old.childNodes]) if (!staying.has(each)) each.remove();
  let place = old.firstChild;
  for (const one of made.childNodes) {
    const found = pairs.get(one);
    const node = found ?? document.importNode(one, true);
    if (node === place) place = place.nextSibling;
    else old.insertBefore(node, place);
    if (!found) mark(node);
    else if (!found.isEqualNode(one)) like(found, one, mark);
  }
}

// Which of some nodes becomes which of those that are wanted: one that is equal, else one of the same key.
function paired(nodes, wanted) {
  const left = byKey(nodes), pairs = new Map();
  for (const [key, ones] of byKey(wanted)) {
    const several = left.get(key) ?? [], areMany = several.length > 1 || ones.length > 1;
    for (const fits of areMany ? [(each, one) => each.isEqualNode(one), () => true] : [() => true]) {
      for (const one of ones) {
        const place = pairs.has(one) ? -1 : several.findIndex((each) => fits(each, one));
        if (place >= 0) pairs.set(one, ...several.splice(place, 1));
      }
    }
  }
  return pairs;
}

function byKey(nodes) {
  const found = new Map();
  for (const each of nodes) {
    const key = keyOf(each);
    if (!found.has(key)) found.set(key, []);
    found.get(key).push(each);
  }
  return found;
}

function like(old, made, mark) {
  if (old.nodeType !== Node.ELEMENT_NODE) {
    old.data = made.data;
    mark(old);
    return;
  }
  const isTheirs = (name) => name === "open" && old.localName === "details"; // who reads unfolds it
  for (const { name } of [...old.attributes]) if (!made.hasAttribute(name) && !isTheirs(name)) old.removeAttribute(name);
  for (const { name, value } of made.attributes) {
    if (old.getAttribute(name) !== value && !isTheirs(name)) old.setAttribute(name, value);
  }
  children(old, made, mark);
}
