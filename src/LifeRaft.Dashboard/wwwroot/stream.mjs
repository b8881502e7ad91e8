// The stream of what happens: connects, notices when it falls silent, and connects again, for as long as the page is open.
import { model, changed } from './model.mjs';
import { recall } from './operator.mjs';

const silence = 4000; // Longer than the host takes to say that the silos do not answer.
const opening = 10_000;
const again = 1000;
const remembered = 2000;

let source = null;
let watchdog = 0;
let retry = 0;
let commits = [];

export function choose(name) {
  if (name !== model.chosen) {
    model.chosen = name;
    model.group = model.groupFailure = model.rate = null;
    commits = [];
    connect();
    changed();
  }
}

export function connect() {
  source?.close();
  clearTimeout(retry);
  source = new EventSource(model.chosen ? `api/stream?group=${encodeURIComponent(model.chosen)}` : 'api/stream');
  source.addEventListener('hello', message => {
    model.hello = JSON.parse(message.data);
    recall();
  });
  source.addEventListener('state', message => heard(() => take(JSON.parse(message.data))));
  source.addEventListener('events', message => heard(() => remember(JSON.parse(message.data).events)));
  source.onerror = () => {
    const isRefused = source.readyState === EventSource.CLOSED; // Else the browser would try again by itself: nobody answered.
    lost();
    if (isRefused) {
      ask();
    }
  };
  guard(model.link.isUp ? silence : opening);
}

// Why the host refuses the stream, which an EventSource does not tell.
async function ask() {
  const asking = new AbortController();
  try {
    const response = await fetch(source.url, { signal: asking.signal });
    model.link.refusal = response.ok ? null : (await response.json().catch(() => ({}))).error ?? `It answers ${response.status}.`;
  } catch {
    model.link.refusal = null;
  } finally {
    asking.abort();
    changed();
  }
}

function guard(patience) {
  clearTimeout(watchdog);
  watchdog = setTimeout(lost, patience);
}

function heard(take) {
  guard(silence);
  if (!model.link.isUp) {
    model.link = { isUp: true, since: new Date(), wasUp: true };
  }

  take();
  changed();
}

function lost() {
  source.close();
  clearTimeout(watchdog);
  clearTimeout(retry);
  if (model.link.isUp || !model.link.wasUp) {
    model.link = { isUp: false, since: model.link.isUp ? new Date() : model.link.since, wasUp: model.link.wasUp, hasFailed: true, refusal: model.link.refusal };
  }

  retry = setTimeout(connect, again);
  changed();
}

function take(state) {
  model.at = new Date(state.at);
  model.clock = { theirs: Date.parse(state.receivedAt), ours: performance.now() };
  model.failure = state.failure ?? null;
  model.silos = state.silos;
  model.silent = state.silent;
  if (state.isWhole) {
    model.groups = state.groups;
  } else if (state.groups.length > 0) {
    const newer = new Map(state.groups.map(group => [group.name, group]));
    model.groups = model.groups.map(group => newer.get(group.name) ?? group);
  }

  if (state.group && (model.chosen === null || model.chosen === state.group.name)) {
    model.chosen = state.group.name;
    measure(state.group);
    model.group = state.group;
  }

  model.groupFailure = state.groupFailure ?? null;
}

// Commits per second over the last five seconds.
function measure(group) {
  const at = performance.now();
  commits = commits.filter(one => at - one.at < 5000);
  commits.push({ at, commit: group.commit });
  const first = commits[0];
  model.rate = at - first.at > 900 ? Math.max(0, (group.commit - first.commit) * 1000 / (at - first.at)) : model.rate;
}

// The same events come again after a new connection, under other numbers when another silo serves it.
function remember(events) {
  const known = new Set(model.events.map(key));
  const added = events.filter(event => !known.has(key(event)));
  if (added.length > 0) {
    model.events = [...model.events, ...added].sort((a, b) => Date.parse(a.at) - Date.parse(b.at)).slice(-remembered);
  }
}

function key(event) {
  return `${event.at} ${event.silo} ${event.group ?? ''} ${event.node ?? ''} ${event.kind} ${event.text}`;
}
