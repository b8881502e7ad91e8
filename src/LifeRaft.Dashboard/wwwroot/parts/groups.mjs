// The groups: one cell each, the worst first. One tab stop; the arrows move in it.
import { html, Component } from '../html.mjs';
import { model, changed } from '../model.mjs';
import { count, number } from '../format.mjs';
import { healths, Shape } from '../shapes.mjs';
import { choose } from '../stream.mjs';

const few = 24;

export class Groups extends Component {
  state = { at: null };

  render() {
    const wanted = model.search.trim().toLowerCase();
    const found = wanted ? model.groups.filter(group => group.name.toLowerCase().includes(wanted)) : model.groups;
    const at = found.find(group => group.name === this.state.at) ?? found.find(group => group.name === model.chosen) ?? found[0];
    return html`
      <section class="panel groups" aria-labelledby="groups-title">
        <h2 id="groups-title">Groups</h2>
        <label class="search"><span class="hidden">Search groups by name</span>
          <input type="search" placeholder=${`Search ${number(model.groups.length)} by name`} value=${model.search} onInput=${event => { model.search = event.target.value; changed(); }}/>
        </label>
        <div class=${found.length > few ? 'cells' : 'cells rows'} role="listbox" aria-label="Groups, the worst first" onKeyDown=${event => this.move(event, found, at)} ref=${box => { this.box = box; }}>
          ${found.map(group => html`<${Cell} key=${group.name} group=${group} isChosen=${group.name === model.chosen} isAt=${group === at} isNamed=${found.length <= few} enter=${() => this.setState({ at: group.name })}/>`)}
        </div>
        ${found.length === 0 && html`<p class="faint">${model.groups.length === 0 ? 'None yet.' : `No name contains “${model.search.trim()}”.`}</p>`}
        ${found.length > few && at && html`<p class="at"><b>${at.name}</b><span>${state(at)}</span></p>`}
      </section>`;
  }

  move(event, found, at) {
    const cells = [...this.box.children];
    const index = found.indexOf(at);
    const columns = cells.filter(cell => cell.offsetTop === cells[0].offsetTop).length;
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns, Home: -index, End: found.length - 1 - index, PageDown: columns * 5, PageUp: -columns * 5 }[event.key];
    if (step === undefined) {
      return;
    }

    event.preventDefault();
    const next = Math.min(found.length - 1, Math.max(0, index + step));
    this.setState({ at: found[next].name });
    cells[next].focus();
  }
}

const state = group =>
  `${healths[group.health]}${group.problem ? `: ${group.problem}` : group.leader ? `, led by ${group.leader} in term ${group.term}` : ''}; can lose ${Math.max(0, group.canLose)} of ${count(group.voters, 'voter', 'voters')}`;

// Drawn anew only when something of it differs: there may be a thousand.
class Cell extends Component {
  shouldComponentUpdate(next) {
    return ['group', 'isChosen', 'isAt', 'isNamed'].some(name => next[name] !== this.props[name]);
  }

  render({ group, isChosen, isAt, isNamed, enter }) {
    return html`
      <button type="button" class=${`cell ${group.health}`} role="option" aria-selected=${isChosen} tabindex=${isAt ? 0 : -1} data-group=${group.name}
        title=${`${group.name}\n${state(group)}`} aria-label=${`${group.name}: ${state(group)}`} onClick=${() => { enter(); choose(group.name); }} onFocus=${enter}>
        ${(isNamed || group.health !== 'healthy') && html`<${Shape} of=${group.health} size="14"/>`}${isNamed && html`<span>${group.name}</span>`}
      </button>`;
  }
}
