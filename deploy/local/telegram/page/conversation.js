/* The log of messages: each in its place by message_id, days apart, the newest in view.
 *
 * The newest message is followed until the person scrolls up; from then on new ones are counted on
 * a button that leads back. Edits replace in place and keep the keyboard focus where it was.
 */

import { bubble } from "./bubbles.js";
import { byId, make } from "./elements.js";

const [log, scroller, back] = [byId("log"), byId("scroller"), byId("to-end")];
const all = () => [...log.querySelectorAll(".message")];
const find = (id) => log.querySelector(`.message[data-id="${Number(id)}"]`);
const controls = (message) => [...message.querySelectorAll("button, a")];

/** Make the log show exactly these messages; nothing of it counts as new. */
export function reconcile(messages) {
  const known = new Set(messages.map((message) => String(message.message_id)));
  all().forEach((shown) => known.has(shown.dataset.id) || shown.remove());
  messages.forEach(place);
  separateDays();
  log.setAttribute("aria-busy", "false"); // from here on screen readers say what is added
}

/** Show a new message or a new version of one; says whether it is new. */
export function show(message) {
  const element = place(message);
  separateDays();
  if (!element) return false;
  element.classList.add("fresh");
  if (message.from === "user") toEnd();
  else if (!following || document.hidden) count(unseen + 1);
  return true;
}

export function forget(id) {
  find(id)?.remove();
  separateDays();
}

/** Put a message where it belongs; gives its element unless it replaced a former version. */
function place(message) {
  const quoted = message.reply_to && find(message.reply_to)?.querySelector(".text")?.textContent;
  const element = bubble(message, quoted);
  const former = find(message.message_id);
  if (former) return replace(former, element);
  const before = all().findLast((shown) => Number(shown.dataset.id) < message.message_id);
  if (before) before.after(element);
  else log.prepend(element);
  return element;
}

function replace(former, element) {
  const [photo, next] = [former, element].map((each) => each.querySelector(".photo img"));
  if (photo && photo.src === next?.src) next.replaceWith(photo); // the same picture never flickers
  const focused = controls(former).indexOf(document.activeElement);
  former.replaceWith(element);
  if (focused >= 0) controls(element)[focused]?.focus();
}

function separateDays() {
  log.querySelectorAll(".day").forEach((separator) => separator.remove());
  let day = "";
  for (const message of all()) {
    if (message.dataset.day !== day) message.before(make("h2", { class: "day" }, message.dataset.day));
    day = message.dataset.day;
  }
  byId("welcome").hidden = day !== "";
}

// ---- what is in view ----------------------------------------------------------------------------

const NEAR = 48; // pixels from the end that still count as reading the newest message
let following = true;
let unseen = 0;
let lastTop = 0;

export function toEnd(behavior = "instant") {
  following = true;
  count(0);
  scroller.scrollTo({ top: scroller.scrollHeight, behavior });
}

function followScroll() {
  const { scrollTop, scrollHeight, clientHeight } = scroller;
  following = scrollHeight - scrollTop - clientHeight < NEAR || (following && scrollTop >= lastTop);
  lastTop = scrollTop;
  count(following && !document.hidden ? 0 : unseen);
}

function count(messages) {
  unseen = messages;
  back.hidden = following;
  const words = unseen === 1 ? "1 nova mensagem" : `${unseen} novas mensagens`;
  back.lastElementChild.textContent = unseen ? words : "";
  back.setAttribute("aria-label", unseen ? words : "Ir para o fim da conversa");
  document.title = unseen ? `(${unseen}) Fechamento` : "Fechamento";
}

export function startFollowing() {
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  back.addEventListener("click", () => toEnd(calm.matches ? "instant" : "smooth"));
  scroller.addEventListener("scroll", followScroll, { passive: true });
  document.addEventListener("visibilitychange", followScroll);
  const growth = new ResizeObserver(() => following && keepEnd());
  [log, scroller, byId("typing")].forEach((element) => growth.observe(element));
}

function keepEnd() {
  scroller.scrollTop = scroller.scrollHeight;
}
