/* The page of the local chat: a conversation with the bot, without an account anywhere.
 *
 *     server.js ──messages, events──▶ chat.js ──▶ conversation.js ──▶ bubbles.js
 *         ◀── what is said and pressed ──┘ ◀── composer.js
 *
 * Here the parts meet, and here is what the page says about the bot itself: presence, typing,
 * answers to pressed buttons. No storage, no request to any other origin.
 */

import { learn, startComposer } from "./composer.js";
import { forget, reconcile, show, startFollowing } from "./conversation.js";
import { byId, make } from "./elements.js";
import { connect, press, readBot, readMessages, reason, write } from "./server.js";

const TYPING_MS = 5000; // Bot API, sendChatAction: the status is set "for 5 seconds or less"
const ANSWER_MS = 15_000; // after that a button stops turning
const AWAY_MS = 3000; // between looks for a bot that is not connected
const BLIP_MS = 700; // shorter losses of the connection are no news

/** A timer that starts over: at most one of its kind runs. */
function alarm(ring, milliseconds) {
  let running;
  const stop = () => clearTimeout(running);
  const start = (after = milliseconds) => {
    stop();
    running = setTimeout(ring, after);
  };
  return { start, stop };
}

async function say(text) {
  try {
    await write(text);
    return true;
  } catch (error) {
    toast(`A mensagem não foi enviada: ${reason(error)}.`);
    return false;
  }
}

// ---- the bot: name, commands, presence ----------------------------------------------------------

let connected = false;
const presence = alarm(() => meet().catch(() => presence.start()), AWAY_MS);

async function meet() {
  const bot = await readBot();
  connected = bot.connected;
  for (const text of document.querySelectorAll("[data-bot]")) {
    text.textContent = bot[text.dataset.bot] || text.dataset.otherwise || "";
  }
  learn(bot.commands);
  offerShortcuts(bot.commands);
  showStatus();
  if (connected) presence.stop();
  else presence.start();
}

function offerShortcuts(commands) {
  const fresh = commands.map(({ command, description }) => {
    const name = make("b", { class: "command" }, `/${command}`);
    return make("li", {}, make("button", { type: "button" }, name, " ", description));
  });
  const list = byId("shortcuts");
  const same = list.textContent === fresh.map((item) => item.textContent).join("");
  if (!same) list.replaceChildren(...fresh); // else the focus on one of them would be lost
  byId("shortcuts-section").hidden = fresh.length === 0;
}

function showStatus(doing) {
  byId("status").textContent = doing ?? (connected ? "on-line" : "aguardando o bot iniciar…");
  byId("status").classList.toggle("away", !connected);
}

const idle = alarm(() => showTyping(), TYPING_MS);

function showTyping(action) {
  byId("typing").hidden = !action;
  if (action) idle.start();
  else idle.stop();
  showStatus(action && (action === "upload_photo" ? "preparando o gráfico…" : "digitando…"));
}

const lost = alarm(() => (byId("offline").hidden = false), BLIP_MS);

function showConnection(there) {
  if (!there) return lost.start();
  lost.stop();
  byId("offline").hidden = true;
}

// ---- pressed buttons ----------------------------------------------------------------------------

const waiting = new Map(); // callback_id → what takes its answer
const early = new Map(); // answers that overtook the reply to the press

async function pressKey(key) {
  if (key.getAttribute("aria-busy") === "true") return;
  key.setAttribute("aria-busy", "true");
  try {
    const id = Number(key.closest(".message").dataset.id);
    showAnswer(await answerTo((await press(id, key.dataset.callback)).callback_id));
  } catch (error) {
    toast(`O toque não foi enviado: ${reason(error)}.`);
  }
  key.removeAttribute("aria-busy");
}

function answerTo(callback) {
  if (early.has(callback)) return early.get(callback);
  return new Promise((resolve) => {
    waiting.set(callback, resolve);
    setTimeout(resolve, ANSWER_MS, { text: "O bot ainda não respondeu a este toque." });
  });
}

function answered(answer) {
  if (waiting.has(answer.callback_id)) waiting.get(answer.callback_id)(answer);
  else early.set(answer.callback_id, answer);
  waiting.delete(answer.callback_id);
}

function showAnswer({ text, show_alert: asDialog }) {
  if (!text) return;
  if (!asDialog) return toast(text);
  byId("alert-text").textContent = text;
  byId("alert").showModal();
}

const fade = alarm(() => byId("toast").classList.remove("shown"));

function toast(text) {
  byId("toast").textContent = text;
  byId("toast").classList.add("shown");
  fade.start(3000 + 40 * text.length); // long enough to read
}

// ---- start --------------------------------------------------------------------------------------

function clicked({ target }) {
  const button = target.closest("button");
  if (button?.matches("#start")) say("/start");
  else if (button?.matches(".photo")) enlarge(button.querySelector("img"));
  else if (button?.matches("[data-callback]")) pressKey(button);
  else if (button?.matches(".command, #shortcuts button")) {
    say((button.querySelector(".command") ?? button).textContent);
  }
}

function enlarge(picture) {
  byId("enlarged").src = picture.src;
  byId("enlarged").alt = picture.alt;
  byId("viewer").classList.remove("whole");
  byId("viewer").showModal();
}

function startViewer() {
  const viewer = byId("viewer");
  viewer.addEventListener("click", ({ target }) => {
    if (target === byId("enlarged")) viewer.classList.toggle("whole");
    else viewer.close();
  });
}

const reactions = {
  message: (message) => show(message) && message.from === "bot" && showTyping(),
  deleted: ({ message_id: id }) => forget(id),
  typing: ({ action }) => showTyping(action),
  callback_answer: answered,
  commands: () => meet().catch(() => presence.start()),
};

const synchronise = () => Promise.all([readMessages().then(reconcile), meet()]);

document.addEventListener("click", clicked);
startViewer();
startFollowing();
startComposer(say);
connect(reactions, synchronise, showConnection);
