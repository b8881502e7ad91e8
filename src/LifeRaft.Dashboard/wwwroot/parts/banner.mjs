// How the chosen group is: a word and a shape, what is wrong, and the six figures that an operator asks for first.
import { html } from '../html.mjs';
import { model, now } from '../model.mjs';
import { dash, duration, exact, number, span, time } from '../format.mjs';
import { Shape, healths } from '../shapes.mjs';
import { GroupActions } from './actions.mjs';

export function Banner() {
  const { group } = model;
  if (!group) {
    return html`
      <section class="banner none" aria-label="The group">
        <div class="verdict"><p>${model.groupFailure ?? (model.at ? (model.chosen ? `Looking at ${model.chosen} …` : 'No silo that answered holds a group yet.') : 'Asking the silos …')}</p></div>
      </section>`;
  }

  return html`
    <section class=${`banner ${group.health}`} aria-label="The group">
      <div class="verdict" role="status" aria-live="polite" aria-atomic="true">
        <${Shape} of=${group.health} size="40"/>
        <div>
          <h2><span class="word">${healths[group.health]}</span> <span class="name">${group.name}</span></h2>
          <p>${group.problems.length > 0 ? sentence(group.problems) : `All ${group.members.length} members are there and keep up.`}</p>
        </div>
      </div>
      <dl class="figures">
        <${Figure} name="Leader" value=${group.leader ?? 'none'} note=${group.leaderSince ? `for ${span(now() - Date.parse(group.leaderSince))}` : dash}
          title=${group.leaderSince && `since ${exact(group.leaderSince)}`} id="leader"/>
        <${Figure} name="Can lose" value=${group.canLose >= 0 ? `${number(group.canLose)} more` : `lacks ${number(-group.canLose)}`} note=${`of ${group.voters} voters`} id="can-lose"/>
        <${Figure} name="Elections" value=${number(group.elections)} note="in the last hour" id="elections"/>
        <${Figure} name="Commit p99" value=${duration(group.commitP99Ms)} note=${`p50 ${duration(group.commitP50Ms)}`} id="commit-p99"/>
        <${Figure} name="Committed" value=${number(group.commit)} note=${model.rate === null ? dash : `${number(model.rate)} per s`} id="commit"/>
        <${Figure} name="Term" value=${number(group.term)} note=${group.leaderSince ? `began ${time(group.leaderSince)}` : dash} id="term"/>
      </dl>
      <${GroupActions} group=${group}/>
    </section>`;
}

const Figure = ({ name, value, note, title, id }) => html`
  <div class="tile"><dt>${name}</dt><dd class="value figure" id=${id} title=${title}>${value}</dd><dd class="note figure">${note}</dd></div>`;

function sentence(problems) {
  const first = problems[0].replace(/^no quorum: /, ''); // The word is said already.
  const others = problems.slice(1);
  return `${first}${/[.!?]$/.test(first) ? '' : '.'}${others.length > 0 ? ` And ${others.length} more.` : ''}`;
}
