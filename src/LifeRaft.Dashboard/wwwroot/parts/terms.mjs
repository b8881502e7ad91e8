// The group's terms, from the journals: who led, from when to when, and why each began and ended; and who came and went.
import { html } from '../html.mjs';
import { model, now } from '../model.mjs';
import { dash, exact, span, time } from '../format.mjs';
import { Shape } from '../shapes.mjs';

export function Terms() {
  const events = model.events.filter(event => event.group === model.chosen);
  const terms = history(events);
  const changes = events.filter(event => event.kind === 'memberJoined' || event.kind === 'memberLeft');
  return html`
    <section class="panel terms" aria-labelledby="terms-title">
      <h2 id="terms-title">Terms, elections and members</h2>
      <${Axis} terms=${terms} changes=${changes}/>
      <div class="scroll" tabindex="0" role="region" aria-labelledby="terms-title">
        <table>
          <thead><tr><th scope="col">Term</th><th scope="col">Leader</th><th scope="col">From</th><th scope="col" class="number">For</th><th scope="col">Why it began</th><th scope="col">Why it ended</th></tr></thead>
          <tbody>
            ${rows(terms, changes).map(row => row.kind
              ? html`<tr key=${row.number} class="change"><td></td><td colspan="5"><${Shape} of="change" size="12"/> <time class="figure" title=${exact(row.at)}>${time(row.at)}</time> ${row.text}</td></tr>`
              : html`
                <tr key=${`t${row.term}`}>
                  <th scope="row"><span class=${`swatch t${row.term % 6}`} aria-hidden="true"></span><span class="figure">${row.term}</span></th>
                  <td>${row.leader ?? html`<span class="faint">nobody won</span>`}</td>
                  <td class="figure" title=${row.from && exact(row.from)}>${row.from ? time(row.from) : dash}</td>
                  <td class="number figure">${row.leader && row.from ? span((row.to ? Date.parse(row.to) : now()) - Date.parse(row.from)) : dash}</td>
                  <td class="why">${row.began ?? dash}</td>
                  <td class="why">${row.ended ?? (row.isCurrent ? html`<span class="tag">leads</span>` : dash)}</td>
                </tr>`)}
            ${terms.length === 0 && html`<tr><td colspan="6" class="faint">The silos that answer remember no election of this group.</td></tr>`}
          </tbody>
        </table>
      </div>
    </section>`;
}

// The newest first, as in the feed.
const rows = (terms, changes) => [...terms, ...changes]
  .sort((a, b) => Date.parse(b.from ?? b.asked ?? b.at) - Date.parse(a.from ?? a.asked ?? a.at))
  .slice(0, 40);

function history(events) {
  const terms = new Map();
  const of = term => terms.get(term) ?? terms.set(term, { term }).get(term);
  for (const event of events) {
    if (event.kind === 'electionStarted') {
      const term = of(event.term);
      term.asked ??= event.at;
      term.requests = { ...term.requests, [event.node]: reason(event.text) };
    } else if (event.kind === 'leaderElected') {
      Object.assign(of(event.term), { leader: event.node, from: event.at });
    } else if (event.kind === 'leadershipEnded') {
      const term = [...terms.values()].filter(one => one.leader === event.node).at(-1);
      Object.assign(term ?? {}, { to: event.at, ended: reason(event.text) });
    }
  }

  // What the silos have forgotten, or have never told because they are silent.
  const { group } = model;
  if (group?.leader && !terms.get(group.term)?.leader) {
    Object.assign(of(group.term), { leader: group.leader, from: group.leaderSince, began: 'Not told: it is longer ago than the journals reach.' });
  }

  const all = [...terms.values()].sort((a, b) => a.term - b.term);
  all.forEach((term, index) => {
    const next = all.slice(index + 1).find(one => one.leader);
    term.began ??= term.requests?.[term.leader] ?? Object.values(term.requests ?? {})[0];
    if (term.leader && !term.to && next) {
      term.to = next.from;
      term.ended = 'Not told: its silo does not answer, or has started anew.';
    }

    term.isCurrent = term.leader !== undefined && !next && !term.to && term.leader === model.group?.leader;
  });
  return all;
}

// "Asks for votes in term 5: it heard no leader." has its reason after the colon.
function reason(text) {
  const said = text.slice(text.indexOf(':') + 1).trim();
  return said[0]?.toUpperCase() + said.slice(1);
}

const reach = [[5, 'min'], [15, 'min'], [60, 'min'], [6 * 60, 'h'], [24 * 60, 'h'], [7 * 24 * 60, 'd']];

function Axis({ terms, changes }) {
  const end = now();
  const oldest = Math.min(...terms.map(term => Date.parse(term.from ?? term.asked ?? model.at)), ...changes.map(change => Date.parse(change.at)), end - 1000);
  const minutes = (reach.find(([length]) => end - oldest < length * 60_000) ?? reach.at(-1))[0];
  const start = end - minutes * 60_000;
  const x = at => `${100 * Math.max(0, (Date.parse(at) - start) / (end - start))}%`;
  const reigns = terms.filter(term => term.leader && (!term.to || Date.parse(term.to) > start));
  return html`
    <div class="axis" aria-hidden="true">
      <div class="bar">
        ${reigns.map(term => html`
          <span key=${term.term} class=${`run t${term.term % 6}`} title=${`Term ${term.term}: ${term.leader}`}
            style=${{ left: x(term.from), width: `max(2px, ${100 * ((term.to ? Date.parse(term.to) : end) - Math.max(start, Date.parse(term.from))) / (end - start)}%)` }}><b>${term.term}</b></span>`)}
        ${terms.filter(term => term.asked).map(term => html`<i key=${`e${term.term}`} class="election" title=${`Election of term ${term.term}`} style=${{ left: x(term.asked) }}></i>`)}
        ${changes.map(change => html`<i key=${change.number} class="came" title=${change.text} style=${{ left: x(change.at) }}></i>`)}
      </div>
      <p class="figure"><span>${label(minutes)} ago</span><span>${label(minutes / 2)} ago</span><span>now</span></p>
    </div>`;
}

const label = minutes => minutes < 90 ? `${minutes} min` : minutes < 48 * 60 ? `${minutes / 60} h` : `${minutes / 1440} d`;
