// The logs beside each other, in one scale: coloured by term, with how far each node is.
import { html } from '../html.mjs';
import { model } from '../model.mjs';
import { dash, number } from '../format.mjs';
import { Shape, roleOf } from '../shapes.mjs';

const least = 200; // So many entries are shown at least, so that nothing jumps with each.

export function Lanes() {
  const members = model.group?.members ?? [];
  const [from, to] = window(members);
  const x = index => `${100 * Math.min(1, Math.max(0, (index - from) / (to - from)))}%`;
  return html`
    <section class="panel lanes" aria-labelledby="lanes-title">
      <h2 id="lanes-title">Logs</h2>
      <div class="lane scale" aria-hidden="true"><span></span><div><span class="figure">${number(from)}</span><span class="figure">${number(Math.round((from + to) / 2))}</span><span class="figure">${number(to)}</span></div></div>
      ${members.map(member => html`<${Lane} key=${member.address} member=${member} from=${from} to=${to} x=${x}/>`)}
      <p class="legend">
        <span><i class="mark commit"></i>committed</span><span><i class="mark applied"></i>applied</span><span><i class="mark match"></i>durable there, as the leader knows</span><span><i class="mark snap"></i>in a snapshot</span>
        <span>Colour and number: term</span>
      </p>
    </section>`;
}

// What differs between the nodes is in sight, and the ends stand still for a while: they move in steps.
function window(members) {
  const ends = members.flatMap(member => [member.node?.last ?? 0, member.peer?.match ?? 0]);
  const starts = members.flatMap(member => [member.node?.last, member.node?.commit, member.node?.applied, member.peer?.match]).filter(index => index != null);
  const [low, high] = [Math.min(...starts, ...ends.filter(end => end > 0)), Math.max(1, ...ends)];
  if (!Number.isFinite(low)) {
    return [0, least];
  }

  const step = round(Math.max(least, (high - low) * 1.5) / 4);
  const to = Math.ceil((high + 1) / step) * step;
  return [Math.max(0, Math.min(Math.floor((low - 1) / step) * step, to - 4 * step)), to];
}

// Up to 1, 2 or 5 times a power of ten.
function round(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * [1, 2, 5, 10].find(times => times * power >= value);
}

function Lane({ member, from, to, x }) {
  const { node, peer } = member;
  const role = roleOf(member);
  const runs = (node?.terms ?? []).map(([term, first], index, all) => ({ term, first, last: index + 1 < all.length ? all[index + 1][1] - 1 : node.last }))
    .filter(run => run.last >= from && run.first <= to && run.last >= run.first);
  const said = node
    ? `${member.address}: last ${node.last}, committed ${node.commit}, applied ${node.applied}${peer ? `, durable there as the leader knows ${peer.match}` : ''}; terms ${runs.map(run => `${run.term} from ${run.first}`).join(', ')}`
    : `${member.address} says nothing of its log${peer ? `; the leader knows of ${peer.match} durable there` : ''}`;
  return html`
    <div class="lane">
      <span class="who"><${Shape} of=${role}/>${member.address}</span>
      <div class=${`track${node ? '' : ' unknown'}`} role="img" aria-label=${said} title=${said}>
        ${runs.map(run => html`<span key=${run.term} class=${`run t${run.term % 6}`} style=${{ left: x(run.first - 1), width: width(x(run.first - 1), x(run.last)) }}>${(run.last - run.first + 1) / (to - from) > 0.04 && html`<b>${run.term}</b>`}</span>`)}
        ${node?.snapshot > from && html`<span class="snapped" style=${{ width: x(node.snapshot) }}></span>`}
        ${node && html`<span class="mark commit" style=${{ left: x(node.commit) }}></span><span class="mark applied" style=${{ left: x(node.applied) }}></span>`}
        ${peer && html`<span class="mark match" style=${{ left: x(peer.match) }}></span>`}
        ${!node && html`<em>${peer ? `silent; the leader knows of ${number(peer.match)} there` : 'says nothing'}</em>`}
      </div>
      <span class="number figure">${node ? number(node.last) : dash}</span>
    </div>`;
}

const width = (left, right) => `max(2px, ${parseFloat(right) - parseFloat(left)}%)`;
