// The chosen group as a ring: who leads, who is heard, and how near each node is to an election.
import { html } from '../html.mjs';
import { model } from '../model.mjs';
import { dash, duration } from '../format.mjs';
import { Shape, roleOf, roles } from '../shapes.mjs';

const size = 280;
const middle = size / 2;
const radius = 92;
const dot = 22;
const around = 2 * Math.PI * (dot + 6);

export function Ring() {
  const members = model.group?.members ?? [];
  const places = members.map((member, index) => {
    const angle = 2 * Math.PI * index / members.length - Math.PI / 2;
    return { member, role: roleOf(member), x: middle + radius * Math.cos(angle), y: middle + radius * Math.sin(angle) };
  });
  const leader = places.find(place => place.member.address === model.group?.leader);
  return html`
    <section class="panel ring" aria-labelledby="ring-title">
      <h2 id="ring-title">Ring</h2>
      <svg viewBox=${`0 0 ${size} ${size}`} role="img" aria-label=${places.map(said).join('; ')}>
        ${leader && places.filter(place => place !== leader).map(place => html`<${Line} key=${place.member.address} from=${leader} to=${place}/>`)}
        ${places.map(place => html`<${Node} key=${place.member.address} ...${place}/>`)}
        ${!leader && members.length > 0 && html`<text class="hollow" x=${middle} y=${middle + 4}>no leader</text>`}
      </svg>
      <p class="legend"><svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true"><circle class="timer" cx="8" cy="8" r="6" stroke-dasharray="26 38" transform="rotate(-90 8 8)"/></svg>
        The arc empties until the node calls an election; each message of the leader fills it.</p>
    </section>`;
}

const said = ({ member, role }) =>
  `${member.address} ${roles[role]}${member.node ? ` in term ${member.node.term}` : ''}${member.node?.electionDueMs != null ? `, election in ${duration(member.node.electionDueMs)}` : ''}`;

function Line({ from, to }) {
  const heard = to.member.peer ? to.member.peer.isReachable : to.member.isUp;
  const [x, y] = [(from.x + to.x) / 2, (from.y + to.y) / 2];
  return html`
    <g class=${heard ? 'link' : 'link cut'}>
      <line x1=${from.x} y1=${from.y} x2=${to.x} y2=${to.y}/>
      ${!heard && html`<path d=${`M${x - 5} ${y - 5}l10 10m0-10l-10 10`}/>`}
    </g>`;
}

function Node({ member, role, x, y }) {
  const { node } = member;
  const left = node?.electionDueMs != null && node.electionTimeoutMs > 0 ? Math.min(1, node.electionDueMs / node.electionTimeoutMs) : null;
  const [name, silo] = [member.address.slice(0, member.address.indexOf('@')), member.silo];
  return html`
    <g class=${`node ${role}${member.isUp ? '' : ' down'}`} transform=${`translate(${x} ${y})`}>
      <title>${said({ member, role })}</title>
      <circle class="body" r=${dot}/>
      ${left !== null && html`
        <circle class="track" r=${dot + 6}/>
        <circle class="timer" r=${dot + 6} transform="rotate(-90)" stroke-dasharray=${around} style=${{ strokeDashoffset: `${around * (1 - left)}px` }}/>`}
      <g transform="translate(-8 -15)"><${Shape} of=${role}/></g>
      <text class="figure" y="14">${node ? `t${node.term}` : dash}</text>
      <text class="label" y=${y > middle + 1 ? dot + 24 : -dot - 14}>${name}<tspan class="silo">@${silo}</tspan></text>
    </g>`;
}
