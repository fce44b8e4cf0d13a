/* Elements of the page, found and made. Text given to `make` stays text: nothing here parses. */

export const byId = (id) => document.getElementById(id);

export function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** One of the symbols of index.html; `title` says it to those who do not see it. */
export function icon(name, title) {
  const space = "http://www.w3.org/2000/svg";
  const [picture, use] = ["svg", "use"].map((tag) => document.createElementNS(space, tag));
  use.setAttribute("href", `#icon-${name}`);
  picture.setAttribute("role", "img");
  picture.setAttribute("aria-label", title);
  picture.append(use);
  return picture;
}
