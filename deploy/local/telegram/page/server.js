/* Speaking with the local chat's server about one chat: `?chat=ID` in the address, else 1.
 *
 * The server's list of messages is the truth: on every (re)connection `synchronise` reads it whole,
 * and between two connections the event stream carries each change. Events that arrive while the
 * list is being read wait for it, so that an old list never undoes an edit.
 */

const chatId = Number(new URLSearchParams(location.search).get("chat")) || 1;
const me = { id: chatId > 0 ? chatId : 1, first_name: "Você" }; // a private chat has its person's id
const [FIRST_WAIT, LONGEST_WAIT] = [500, 8000]; // milliseconds between attempts to connect

export const readBot = () => ask(`/bot?chat=${chatId}`);
export const readMessages = () => ask(`/chats/${chatId}/messages?after=0`);
export const write = (text) => ask(`/chats/${chatId}/messages`, { text, from: me });
export const press = (id, data) =>
  ask(`/chats/${chatId}/callbacks`, { message_id: id, data, from: me });

/** Why a request failed, for people: no answer at all is a TypeError of fetch. */
export const reason = (error) =>
  error instanceof TypeError ? "o Fechamento está fora do ar" : "o chat não aceitou";

async function ask(path, body) {
  const headers = { "Content-Type": "application/json" };
  const post = body && { method: "POST", headers, body: JSON.stringify(body) };
  const response = await fetch(path, post);
  if (!response.ok) throw new Error(`${path}: HTTP ${response.status}`);
  return response.json();
}

/** Stay connected for ever: `reactions` by kind of event, `shown` hears of connections and losses. */
export function connect(reactions, synchronise, shown, wait = FIRST_WAIT) {
  const events = new EventSource(`/chats/${chatId}/events`);
  let synchronised;
  let over = false;
  const retry = () => {
    if (over) return; // the stream and the reading may both fail
    over = true;
    events.close();
    shown(false);
    setTimeout(connect, wait, reactions, synchronise, shown, Math.min(2 * wait, LONGEST_WAIT));
  };
  events.onerror = retry;
  events.onopen = () => {
    wait = FIRST_WAIT;
    synchronised = synchronise();
    synchronised.then(() => over || shown(true), retry);
  };
  for (const [kind, react] of Object.entries(reactions)) {
    events.addEventListener(kind, ({ data }) => {
      synchronised?.then(() => react(JSON.parse(data)), () => {}); // a failed one reads all again
    });
  }
}
