// The line above everything: the cluster in one line, how fresh it is, and light or dark.
import { html } from '../html.mjs';
import { model } from '../model.mjs';
import { number, time, exact, count } from '../format.mjs';
import { Shape, healths } from '../shapes.mjs';
import { theme, switchTheme } from '../theme.mjs';
import { OperatorButton } from './token.mjs';

export function Top() {
  const counts = Object.fromEntries(Object.keys(healths).map(health => [health, 0]));
  model.groups.forEach(group => { counts[group.health]++; });
  return html`
    <header class="top">
      <h1><img src="icon.svg" width="18" height="18" alt=""/>LifeRaft</h1>
      <p class="tally">
        <span>${count(model.silos.length, 'silo', 'silos')}${model.silent.length > 0 && html`, <b>${number(model.silent.length)} silent</b>`}</span>
        <span>${count(model.groups.length, 'group', 'groups')}</span>
        ${Object.keys(healths).filter(health => counts[health] > 0).map(health => html`
          <span class="chip" key=${health}><${Shape} of=${health} size="14"/>${number(counts[health])} ${healths[health].toLowerCase()}</span>`)}
      </p>
      <p class="fresh">
        ${model.at && html`<span class=${model.link.isUp && !model.failure ? 'pulse' : 'pulse off'} aria-hidden="true"></span>
          <span title=${exact(model.at)}>${model.link.isUp && !model.failure ? 'Live' : 'Old'}, as of <time class="figure" datetime=${model.at.toISOString()}>${time(model.at)}</time></span>`}
        ${model.hello && html`<span class="served">from ${model.hello.servedBy}</span>`}
        <${OperatorButton}/>
        <button type="button" class="quiet" onClick=${switchTheme} aria-label="Light or dark: ${theme()}" title="Light or dark; now ${theme()}">
          <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true"><circle cx="8" cy="8" r="6.2" fill="none" stroke="currentColor" stroke-width="1.6"/><path d="M8 1.8a6.2 6.2 0 010 12.4z" fill="currentColor"/></svg>
        </button>
      </p>
    </header>`;
}
