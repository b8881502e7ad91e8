// Who hears whom, as each node itself says. A leader knows its followers; a follower knows only its leader.
import { html } from '../html.mjs';
import { model } from '../model.mjs';
import { dash, duration } from '../format.mjs';
import { Shape, roleOf } from '../shapes.mjs';

export function Matrix() {
  const members = model.group?.members ?? [];
  return html`
    <section class="panel matrix" aria-labelledby="matrix-title">
      <h2 id="matrix-title">Who hears whom</h2>
      <div class="scroll" tabindex="0" role="region" aria-labelledby="matrix-title">
        <table>
          <thead><tr><th scope="col">As seen by</th>${members.map(member => html`<th scope="col" class="number" key=${member.address}>${member.address}</th>`)}</tr></thead>
          <tbody>${members.map(row => html`
            <tr key=${row.address}>
              <th scope="row"><${Shape} of=${roleOf(row)}/>${row.address}</th>
              ${members.map(column => html`<${Cell} key=${column.address} row=${row} column=${column}/>`)}
            </tr>`)}</tbody>
        </table>
      </div>
      <p class="legend">How long ago the row’s node heard the column’s. ${dash} : it does not know.</p>
    </section>`;
}

function Cell({ row, column }) {
  const seen = look(row, column);
  return html`<td class=${`number figure ${seen.tone ?? ''}`} title=${seen.title}>${seen.tone === 'silence' && html`<${Shape} of="noQuorum" size="12"/> `}${seen.text}</td>`;
}

function look(row, column) {
  if (row.address === column.address) {
    return { text: '·', tone: 'self' };
  }

  if (!row.node) {
    return { text: dash, title: `${row.address} says nothing` };
  }

  const peer = row.node.peers.find(one => one.address === column.address);
  if (peer) {
    return { text: duration(peer.lastContactMs), tone: peer.isReachable ? 'heard' : 'silence', title: peer.refusal ?? (peer.isReachable ? 'answers' : 'has not answered for an election timeout') };
  }

  return row.node.leader === column.address && row.node.lastContactMs != null
    ? { text: duration(row.node.lastContactMs), tone: !row.node.isQuiet && row.node.lastContactMs > row.node.electionTimeoutMs ? 'silence' : 'heard', title: 'its leader' }
    : { text: dash, title: `${row.address} does not know` };
}
