// The table of the chosen group's members: what each says of itself, and what the leader says of it.
import { html } from '../html.mjs';
import { dash, duration, number } from '../format.mjs';
import { Shape, roleOf, roles } from '../shapes.mjs';
import { model } from '../model.mjs';
import { mayAct } from '../operator.mjs';
import { MemberActions } from './actions.mjs';

export function Nodes() {
  const members = model.group?.members ?? [];
  return html`
    <section class="panel" aria-labelledby="nodes-title">
      <h2 id="nodes-title">Nodes</h2>
      <div class="scroll" tabindex="0" role="region" aria-labelledby="nodes-title" id="nodes">
        <table class="nodes">
          <thead><tr>
            <th scope="col">Node</th><th scope="col">Role</th>
            ${columns.map(column => html`<th scope="col" class="number" key=${column[0]} title=${column[2]}>${column[0]}</th>`)}
            <th scope="col">Problem</th>${mayAct() && html`<th scope="col"><span class="hidden">Actions</span></th>`}
          </tr></thead>
          <tbody>${members.map(member => html`<${Row} key=${member.address} member=${member}/>`)}</tbody>
        </table>
      </div>
    </section>`;
}

const columns = [
  ['Term', member => number(member.node?.term), 'The term that the node is in'],
  ['Last', member => number(member.node?.last), 'Its last entry'],
  ['Commit', member => number(member.node?.commit), 'The last entry that it knows to be committed'],
  ['Applied', member => number(member.node?.applied), 'The last entry that its state machine has applied'],
  ['Lag', member => number(member.peer?.lag), 'Entries of the leader that are not known to be durable there'],
  ['Contact', member => duration(member.peer?.lastContactMs ?? member.node?.lastContactMs), 'How long ago the leader heard it'],
  ['Round trip', member => duration(member.peer?.roundTripMs), 'The latest round trip of a message of the leader'],
  ['Sync p99', member => duration(member.syncP99Ms), 'On its silo, 99 of 100 recent writes were durable within this'],
  ['Snapshot', member => member.peer?.snapshotShare != null ? `${Math.round(member.peer.snapshotShare * 100)} %` : member.node?.snapshot ? number(member.node.snapshot) : dash,
    'The last entry that its newest snapshot covers; how much it has of one that it is sent'],
];

const Row = ({ member }) => {
  const role = roleOf(member);
  return html`
    <tr class=${`${role}${member.isUp ? '' : ' down'}`} data-node=${member.address}>
      <th scope="row"><${Shape} of=${role}/>${member.address}</th>
      <td>${roles[role]}${member.isVoter || role === 'child' ? '' : ' (no voter)'}${member.node?.isQuiet ? ', quiet' : ''}</td>
      ${columns.map(column => html`<td class="number figure" key=${column[0]}>${column[1](member)}</td>`)}
      <td class="problem">${member.problem ?? html`<span class="faint">${dash}</span>`}</td>
      ${mayAct() && html`<td class="act"><${MemberActions} member=${member}/></td>`}
    </tr>`;
};
