/* Where people type: the field, the send button and the menu of commands.
 *
 * Typing "/" opens the menu and filters it; the focus stays in the field and the chosen command is
 * told to screen readers by aria-activedescendant, as the ARIA pattern for such lists asks.
 */

import { byId, make } from "./elements.js";

const [field, send, menu, options, opener] = ["text", "send", "menu", "options", "commands"].map(byId);
const finePointer = matchMedia("(pointer: fine)").matches;
let commands = [];
let offered = [];
let active = 0;

/** `say` sends a text and tells whether that worked; a text that was not sent comes back. */
export function startComposer(say) {
  const submit = async (text) => {
    if (text.trim() === "") return;
    const draft = field.value;
    fill("");
    if (!(await say(text)) && field.value === "") fill(draft);
  };
  byId("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    submit(field.value);
  });
  byId("composer").addEventListener("keydown", (event) => pressed(event, submit));
  field.addEventListener("input", edited);
  options.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps focus
  options.addEventListener("click", ({ target }) => {
    const item = target.closest("li");
    if (item) submit(item.dataset.command);
  });
  startOpener();
  if (finePointer) field.focus();
}

function startOpener() {
  opener.addEventListener("pointerdown", (event) => event.preventDefault());
  opener.addEventListener("click", ({ detail }) => {
    if (finePointer || detail === 0) field.focus(); // on phones that would bring the keyboard up
    offer(menu.hidden ? commands : []);
  });
  document.addEventListener("pointerdown", ({ target }) => {
    if (!target.closest("#menu, #composer")) offer([]);
  });
  document.addEventListener("keydown", ({ key }) => key === "Escape" && offer([]));
}

export function learn(newCommands) {
  commands = newCommands;
  if (!menu.hidden) edited();
}

function fill(text) {
  field.value = text;
  edited();
}

function edited() {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight + 2}px`; // and its border
  send.disabled = field.value.trim() === "";
  const typed = /^\/(\w*)$/.exec(field.value)?.[1].toLowerCase();
  offer(typed == null ? [] : commands.filter(({ command }) => command.startsWith(typed)));
}

function offer(list) {
  offered = list;
  active = 0;
  menu.hidden = offered.length === 0;
  opener.setAttribute("aria-expanded", String(!menu.hidden));
  options.replaceChildren(...offered.map(option));
  mark();
}

function option({ command, description }, index) {
  const attributes = { role: "option", id: `option-${index}`, "data-command": `/${command}` };
  return make("li", attributes, make("b", {}, `/${command}`), make("span", {}, description));
}

function mark() {
  [...options.children].forEach((item, index) => item.setAttribute("aria-selected", index === active));
  options.children[active]?.scrollIntoView({ block: "nearest" });
  if (offered.length) field.setAttribute("aria-activedescendant", `option-${active}`);
  else field.removeAttribute("aria-activedescendant");
}

const menuKeys = {
  ArrowDown: () => (active = (active + 1) % offered.length),
  ArrowUp: () => (active = (active + offered.length - 1) % offered.length),
  Tab: () => fill(`/${offered[active].command} `),
  Enter: (submit) => submit(`/${offered[active].command}`),
};

function pressed(event, submit) {
  if (event.isComposing || event.shiftKey) return;
  const inField = event.target === field;
  const inMenu = !menu.hidden && (inField || event.key.startsWith("Arrow"));
  const choice = inMenu && Object.hasOwn(menuKeys, event.key) && menuKeys[event.key];
  if (!choice && !(inField && event.key === "Enter")) return;
  event.preventDefault();
  if (!choice) return submit(field.value);
  choice(submit);
  mark();
}
