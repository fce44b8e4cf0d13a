/* One message, as it looks: an article with a bubble and its buttons.
 *
 * Formatted text is rebuilt from an allow-list of elements and everything else becomes text, although
 * the server escapes already: a message must never become part of the page by one mistake.
 * What a click does is not known here; the elements carry what others need for it.
 */

import { icon, make } from "./elements.js";

const KEPT = "B I U S CODE PRE BLOCKQUOTE".split(" ");
const SAFE_LINK = /^(https?:|mailto:|tg:)/i;
const zone = { timeZone: "America/Sao_Paulo" };
const dayParts = { ...zone, weekday: "short", day: "2-digit", month: "2-digit" };
const dayFormat = new Intl.DateTimeFormat("pt-BR", dayParts);
const timeFormat = new Intl.DateTimeFormat("pt-BR", { ...zone, hour: "2-digit", minute: "2-digit" });

/** `quoted` is the text of the message that this one answers, if it answers one. */
export function bubble(message, quoted) {
  const sent = new Date(typeof message.date === "number" ? message.date * 1000 : message.date);
  const kind = `message ${message.from}${message.photo ? " pictured" : ""}`;
  const article = make("article", { class: kind, "data-id": message.message_id });
  article.dataset.day = dayFormat.format(sent);
  article.append(make("div", { class: "bubble" }, ...content(message, quoted), meta(message, sent)));
  if (message.buttons?.length) article.append(keyboard(message.buttons));
  return article;
}

function content(message, quoted) {
  const author = message.sender ?? (message.from === "bot" ? "Fechamento" : "Você");
  const parts = [make("span", { class: "author" }, `${author}: `)];
  if (quoted) parts.push(make("p", { class: "quoted" }, quoted));
  if (message.photo) parts.push(photo(message));
  if (message.document) parts.push(attachment(message.document));
  const text = rebuilt(new DOMParser().parseFromString(message.html ?? "", "text/html").body);
  if (text.length) parts.push(make("div", { class: "text" }, ...text));
  return parts;
}

/** The children of `parent` again, out of known elements only. */
function rebuilt(parent) {
  return [...parent.childNodes].flatMap((node) => {
    // A block ends its line by itself; Telegram does not show the line break after it either.
    const afterBlock = ["PRE", "BLOCKQUOTE"].includes(node.previousSibling?.tagName);
    if (node.nodeType === Node.TEXT_NODE) return [afterBlock ? node.data.replace("\n", "") : node.data];
    if (node.nodeType !== Node.ELEMENT_NODE) return [];
    const address = node.getAttribute("href") ?? "";
    if (node.tagName === "A" && SAFE_LINK.test(address)) return [link(address, ...rebuilt(node))];
    if (node.className === "command") {
      return [make("button", { type: "button", class: "command" }, node.textContent)];
    }
    if (node.className === "spoiler") {
      return [make("span", { class: "spoiler", tabindex: 0 }, ...rebuilt(node))];
    }
    return KEPT.includes(node.tagName) ? [make(node.tagName, {}, ...rebuilt(node))] : rebuilt(node);
  });
}

function link(href, ...children) {
  return make("a", { href, target: "_blank", rel: "noopener noreferrer" }, ...children);
}

function photo({ photo: src, caption, width, height }) {
  const alt = (caption ?? "").split("\n")[0] || "Imagem enviada pelo bot";
  const picture = make("img", { src, alt });
  const shape = (across, down) => (picture.style.aspectRatio = `${across} / ${down}`);
  if (width && height) shape(width, height); // reserved before the picture is there
  picture.addEventListener("load", () => shape(picture.naturalWidth, picture.naturalHeight));
  return make("button", { type: "button", class: "photo", title: "Ampliar" }, picture);
}

function attachment({ name, url, size }) {
  const weight = `${Math.ceil(size / 1024).toLocaleString("pt-BR")} KB`;
  return make("a", { class: "document", href: url, download: name }, make("b", {}, name), ` ${weight}`);
}

function meta(message, sent) {
  const notes = make("footer", { class: "meta" });
  if (message.thread) notes.append(make("span", {}, `tópico ${message.thread}`));
  if (message.silent) notes.append(icon("silent", "enviada sem som"));
  if (message.edited) notes.append(make("span", {}, "editada"));
  notes.append(make("time", { datetime: sent.toISOString() }, timeFormat.format(sent)));
  return notes;
}

function keyboard(buttons) {
  const rows = buttons.map((row) => make("div", { class: "row" }, ...row.map(key)));
  return make("div", { class: "keyboard" }, ...rows);
}

function key({ text, data, url }) {
  if (data != null) return make("button", { type: "button", class: "key", "data-callback": data }, text);
  if (!SAFE_LINK.test(url)) return make("button", { type: "button", class: "key", disabled: "" }, text);
  const address = link(url, text, icon("out", "abre em outra aba"));
  address.className = "key";
  return address;
}
