// What can be changed, where the host allows it. Each is asked for first, with the command of the tool that does the same.
import { html } from '../html.mjs';
import { model, changed } from '../model.mjs';
import { quoted } from '../format.mjs';
import { mayAct } from '../operator.mjs';

const ask = dialog => () => {
  model.dialog = { ...dialog, state: 'asking' };
  changed();
};

const Button = ({ words, dialog }) => html`<button type="button" class="act" onClick=${ask(dialog)}>${words}</button>`;

export function GroupActions({ group }) {
  return mayAct() && html`
    <p class="acts">
      ${group.leader && html`<${Button} words="Step down …" dialog=${{
        action: 'step-down',
        title: `Let ${group.leader} step down?`,
        text: `It hands the leadership of ${group.name} to the voter whose log is nearest. Commands wait for a moment; none is lost.`,
        body: { group: group.name },
        command: () => `liferaft leader step-down ${quoted(group.name)}`,
        verb: 'Step down',
      }}/>`}
      <${Button} words="Add a member …" dialog=${{
        action: 'add',
        title: `Add a member to ${group.name}?`,
        text: 'The node is created on its silo, catches up, and then takes part.',
        asksFor: ['address', 'learner'],
        body: { group: group.name, address: '', isLearner: false },
        command: body => `liferaft member add ${quoted(group.name)} ${body.address ? quoted(body.address) : 'NAME@SILO'}${body.isLearner ? ' --learner' : ''}`,
        verb: 'Add',
      }}/>
    </p>`;
}

export function MemberActions({ member }) {
  const { group } = model;
  const isLeader = member.address === group.leader;
  return html`
    ${!isLeader && member.isVoter && group.leader && html`<${Button} words="Make leader …" dialog=${{
      action: 'transfer',
      title: `Make ${member.address} the leader?`,
      text: `${group.leader} hands the leadership of ${group.name} over to it, once its log is complete. Commands wait for a moment; none is lost.`,
      body: { group: group.name, address: member.address },
      command: () => `liferaft leader transfer ${quoted(group.name)} ${quoted(member.address)}`,
      verb: 'Make leader',
    }}/>`}
    ${!member.isVoter && html`<${Button} words="Make voter …" dialog=${{
      action: 'make-voter',
      title: `Let ${member.address} vote?`,
      text: `It becomes a voter of ${group.name} as soon as it has caught up.`,
      body: { group: group.name, address: member.address },
      command: () => `liferaft member make-voter ${quoted(group.name)} ${quoted(member.address)}`,
      verb: 'Make voter',
    }}/>`}
    <${Button} words="Remove …" dialog=${{
      action: 'remove',
      title: `Remove ${member.address} from ${group.name}?`,
      text: `Its data of this group is deleted. ${!member.isVoter || group.voters === 1 ? '' : `${group.voters - 1} of ${group.voters} voters remain, so that the group ${losses(group, member)}.`}`,
      destroys: member.address,
      body: { group: group.name, address: member.address },
      command: () => `liferaft member remove ${quoted(group.name)} ${quoted(member.address)}`,
      verb: 'Remove',
    }}/>`;
}

export const SiloActions = ({ silo }) => mayAct() && html`
  <p class="acts">
    ${silo.isDrained
      ? html`<${Button} words="Resume …" dialog=${{
          action: 'resume', title: `Let ${silo.name} lead again?`, text: 'It takes part in elections as before.', body: { silo: silo.name },
          command: () => `liferaft silo resume ${quoted(silo.name)}`, verb: 'Resume',
        }}/>`
      : html`<${Button} words="Drain …" dialog=${{
          action: 'drain', title: `Drain ${silo.name}?`,
          text: `It hands over the ${silo.leads} it leads and leads nothing until it is resumed or started anew. It goes on voting and replicating.`,
          body: { silo: silo.name }, command: () => `liferaft silo drain ${quoted(silo.name)}`, verb: 'Drain',
        }}/>`}
  </p>`;

function losses(group, member) {
  const up = group.members.filter(one => one.isVoter && one.isUp && one !== member).length;
  const left = up - (Math.floor((group.voters - 1) / 2) + 1);
  return left >= 0 ? `can lose ${left} more then` : 'has no quorum then';
}
