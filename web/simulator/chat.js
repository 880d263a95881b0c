// The citizen's phone: shows the chat and sends what the citizen does. Everything is text or an element
// made here; nothing that comes in is ever read as HTML.

const words = document.body.dataset;
const get = id => document.getElementById(id);
const [log, scroll, text, wrong, presence, choose] = ['log', 'scroll', 'text', 'wrong', 'presence', 'choose'].map(get);
const ticks = new Map();
let phone = load();
let generation = 0;

function load() {
  try {
    const kept = JSON.parse(localStorage.getItem('mohar-phone'));
    if (kept && kept.user) return kept;
  } catch { /* a new phone, then */ }
  return renew();
}

function renew() {
  const digits = crypto.getRandomValues(new Uint32Array(3)).join('').padEnd(20, '7');
  const made = { user: `IN.${digits.slice(0, 16)}`, phone: `9198${digits.slice(-8)}` };
  localStorage.setItem('mohar-phone', JSON.stringify(made));
  return made;
}

function make(tag, content, more = {}) {
  const element = Object.assign(document.createElement(tag), more);
  if (typeof content === 'string') element.textContent = content;
  else element.append(...content.filter(Boolean));
  return element;
}

// As on a phone: *bold*.
function prose(text) {
  const parts = text.split(/\*([^*\n]+)\*/);
  return make('p', parts.map((part, n) => (n % 2 ? make('strong', part) : part)));
}

async function post(path, body, type = 'application/json') {
  wrong.textContent = '';
  try {
    const answer = await fetch(path, { method: 'POST', headers: { 'Content-Type': type }, body });
    if (!answer.ok) throw new Error(answer.status);
    return true;
  } catch {
    wrong.textContent = words.failed;
    return false;
  }
}

const send = message => post('/simulator/api/send', JSON.stringify({ ...phone, message }));

function attach(file) {
  const query = new URLSearchParams({ ...phone, filename: file.name, caption: text.value.trim() });
  return post(`/simulator/api/attach?${query}`, file, file.type || 'application/octet-stream');
}

function place() {
  const where = (latitude, longitude) => send({ type: 'location', location: { latitude, longitude } });
  // Without leave, the middle of Delhi.
  const without = () => where(28.6448, 77.2167).then(() => { wrong.textContent = words.placeFailed; });
  if (!navigator.geolocation) return without();
  navigator.geolocation.getCurrentPosition(p => where(p.coords.latitude, p.coords.longitude), without, { timeout: 5000 });
}

function shareNumber() {
  const number = `+${phone.phone}`;
  return send({ type: 'contacts', contacts: [{ origin: 'contact_request', phones: [{ phone: number }] }] });
}

function openList(action) {
  get('choose-title').textContent = action.button;
  const row = r => {
    const button = make('button', [r.title, r.description ? make('small', r.description) : null], { type: 'button' });
    button.onclick = () => {
      choose.close();
      send({ type: 'interactive', interactive: { type: 'list_reply', list_reply: { id: r.id, title: r.title } } });
    };
    return make('li', [button]);
  };
  get('rows').replaceChildren(...action.sections.flatMap(s => s.rows.map(row)));
  choose.showModal();
}

function tap(label, act) {
  return make('button', label, { type: 'button', onclick: act });
}

function answers(interactive) {
  const { type, action } = interactive;
  if (type === 'button') {
    return action.buttons.map(({ reply }) => tap(reply.title, () =>
      send({ type: 'interactive', interactive: { type: 'button_reply', button_reply: reply } })));
  }
  if (type === 'list') return [tap(`☰ ${action.button}`, () => openList(action))];
  if (type === 'cta_url') {
    const { display_text: label, url } = action.parameters;
    const safe = /^https?:\/\//.test(url) ? url : '#';
    return [make('a', `${label} ↗`, { className: 'tap', href: safe, target: '_blank', rel: 'noreferrer' })];
  }
  if (type === 'location_request_message') return [tap(words.share, place)];
  if (type === 'request_contact_info') return [tap(words.contact, shareNumber)];
  return [];
}

function media(kind, part) {
  const src = part.id ? `/simulator/api/media/${encodeURIComponent(part.id)}` : part.link;
  if (kind === 'image') return make('img', [], { src, alt: part.caption || words.picture });
  if (kind === 'video') return make('video', [], { src, controls: true });
  const name = part.filename || words.document;
  return make('a', `📄 ${name}`, { href: src, target: '_blank', rel: 'noreferrer', className: 'tap' });
}

/** The parts of a bubble. */
function bubble(message) {
  const kind = message.type || 'text';
  const part = message[kind] || {};
  if (kind === 'text') return [prose(part.body)];
  if (['image', 'video', 'document', 'audio'].includes(kind)) {
    return [media(kind, part), part.caption ? prose(part.caption) : null];
  }
  if (kind === 'template') return [make('p', `${words.template}: ${part.name}`)];
  if (kind === 'location') return [make('p', `📍 ${words.place}: ${part.latitude.toFixed(4)}, ${part.longitude.toFixed(4)}`)];
  if (kind === 'contacts') return [make('p', `☎ ${message.contacts[0].phones[0].phone}`)];
  if (kind === 'interactive') {
    const reply = part.button_reply || part.list_reply;
    if (reply) return [make('p', reply.title)];
    const taps = make('div', answers(part), { className: 'answers' });
    return [part.header ? make('strong', part.header.text || '') : null, prose(part.body.text),
      part.footer ? make('small', part.footer.text) : null, taps];
  }
  return [make('p', kind)];
}

function time(at) {
  const format = { hour: '2-digit', minute: '2-digit' };
  return new Date(at * 1000).toLocaleTimeString(document.documentElement.lang === 'hi' ? 'hi-IN' : 'en-IN', format);
}

function show(entry) {
  if (entry.by === 'news') {
    const tick = ticks.get(entry.id);
    if (entry.what.status === 'read' && tick) {
      tick.textContent = ' ✓✓';
      tick.setAttribute('aria-label', words.read);
    }
    presence.textContent = entry.what.typing ? words.typing : words.online;
    return;
  }
  const mine = entry.by === 'citizen';
  const tick = mine ? make('span', ' ✓') : null;
  if (tick) {
    tick.setAttribute('role', 'img');
    tick.setAttribute('aria-label', words.sent);
    ticks.set(entry.id, tick);
  } else {
    presence.textContent = words.online;
  }
  const who = make('span', `${mine ? words.you : words.service}: `, { className: 'who' });
  const item = make('li', [who, ...bubble(entry.what), make('footer', [time(entry.at_s), tick])]);
  item.className = mine ? 'mine' : 'theirs';
  item.dataset.id = entry.id;
  log.append(item);
  scroll.scrollTop = scroll.scrollHeight;
}

/** Waits for what is new, again and again, until another phone is taken. */
async function listen() {
  const mine = ++generation;
  let after = 0;
  while (mine === generation) {
    try {
      const query = new URLSearchParams({ user: phone.user, after });
      const answer = await fetch(`/simulator/api/messages?${query}`);
      if (!answer.ok) throw new Error(answer.status);
      const entries = await answer.json();
      if (mine !== generation) return;
      if (wrong.textContent === words.offline) wrong.textContent = '';
      for (const entry of entries) {
        show(entry);
        after = entry.n;
      }
    } catch {
      wrong.textContent = words.offline;
      await new Promise(done => setTimeout(done, 1500));
    }
  }
}

get('write').addEventListener('submit', async event => {
  event.preventDefault();
  const body = text.value.trim();
  if (body && await send({ type: 'text', text: { body } })) text.value = '';
  text.focus();
});
text.addEventListener('keydown', event => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  get('write').requestSubmit();
});
get('file').addEventListener('change', async event => {
  const [file] = event.target.files;
  if (file && await attach(file)) text.value = '';
  event.target.value = '';
});
get('again').addEventListener('click', () => {
  phone = renew();
  log.replaceChildren();
  ticks.clear();
  listen();
});
const strength = { duplicates: 2, reorder: true, delay_ms: 2000, fail_after: 1, expire_urls: 1, limit_rates: 3, closed: true };
get('unkind').addEventListener('change', () => {
  const chosen = [...new FormData(get('unkind')).keys()];
  post('/simulator/api/unkind', JSON.stringify(Object.fromEntries(chosen.map(k => [k, strength[k]]))));
});
listen();
