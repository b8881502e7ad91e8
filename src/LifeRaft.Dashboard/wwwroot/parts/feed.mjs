// What happened, the newest first.
import { html } from '../html.mjs';
import { model, changed } from '../model.mjs';
import { exact, number, time } from '../format.mjs';
import { Shape } from '../shapes.mjs';
import { familyOf, families, shapeOf } from '../kinds.mjs';

const shown = 200;

export function Feed() {
  const { feed } = model;
  const all = feed.held ?? model.events;
  const events = all.filter(event => (!feed.ofGroup || event.group === model.chosen) && !feed.hidden.has(familyOf(event.kind)));
  const last = Date.parse(feed.held?.at(-1)?.at ?? 0);
  const waiting = feed.held ? model.events.filter(event => Date.parse(event.at) > last).length : 0;
  return html`
    <section class="panel feed" aria-labelledby="feed-title">
      <div class="head">
        <h2 id="feed-title">Events</h2>
        <button type="button" class="toggle" aria-pressed=${feed.ofGroup} onClick=${() => { feed.ofGroup = !feed.ofGroup; changed(); }}>This group only</button>
        <button type="button" class="toggle" aria-pressed=${feed.held !== null} onClick=${pause}>${feed.held ? `Paused (${number(waiting)} new)` : 'Pause'}</button>
      </div>
      <div class="kinds" role="group" aria-label="Kinds of events that are shown">
        ${Object.entries(families).map(([family, words]) => html`
          <button type="button" class="toggle" key=${family} aria-pressed=${!feed.hidden.has(family)} onClick=${() => toggle(family)}>${words}</button>`)}
      </div>
      <ol class="scroll" tabindex="0" aria-labelledby="feed-title">
        ${events.slice(-shown).reverse().map(event => html`
          <li key=${event.number} class=${event.kind}>
            <time class="figure" datetime=${event.at} title=${exact(event.at)}>${time(event.at)}</time>
            <${Shape} of=${shapeOf(event.kind)} size="12"/>
            <p>${!feed.ofGroup && event.group && html`<span class="where">${event.group}</span> `}<${Text} event=${event}/></p>
          </li>`)}
        ${events.length === 0 && html`<li class="faint">Nothing is remembered of what is chosen here.</li>`}
      </ol>
    </section>`;
}

// Some begin with whom they are about; the others are about the node, or the silo, that tells.
const Text = ({ event }) => /^\S+@\S/.test(event.text)
  ? event.text
  : html`<b>${event.node ?? event.silo}</b> ${event.text[0].toLowerCase()}${event.text.slice(1)}`;

function pause() {
  model.feed.held = model.feed.held ? null : model.events;
  changed();
}

function toggle(family) {
  const { hidden } = model.feed;
  if (!hidden.delete(family)) {
    hidden.add(family);
  }

  changed();
}
