// The silos: who runs, who says nothing, and whom not to stop.
import { html } from '../html.mjs';
import { model, now } from '../model.mjs';
import { count, duration, exact, number, span } from '../format.mjs';
import { Shape } from '../shapes.mjs';
import { SiloActions } from './actions.mjs';

export const Silos = () => html`
  <section class="panel" aria-labelledby="silos-title">
    <h2 id="silos-title">Silos</h2>
    <ul class="silos">
      ${model.silent.map(silo => html`
        <li key=${silo.name} class="silent"><${Shape} of="silent"/><div><b>${silo.name}</b> <span class="tag">silent</span><p>${silo.problem}</p></div></li>`)}
      ${model.silos.map(silo => html`
        <li key=${silo.name}>
          <${Shape} of=${silo.isDrained ? 'drained' : silo.isActive ? 'active' : 'candidate'}/>
          <div>
            <b title=${`${silo.address}; LifeRaft ${silo.version}; ${silo.log}`}>${silo.name}</b>
            ${silo.isDrained && html` <span class="tag">drained</span>`}${!silo.isActive && html` <span class="tag">starting or stopping</span>`}
            <span class="up figure" title=${`started ${exact(silo.started)}`}>up ${span(now() - Date.parse(silo.started))}</span>
            <p class="figure pairs"><span>${count(silo.nodes, 'node', 'nodes')}, leads ${number(silo.leads)}</span><span title="99 of 100 recent writes were durable within this">sync p99 ${duration(silo.syncP99Ms)}</span></p>
            ${silo.critical > 0 && html`<p class="warning"><${Shape} of="degraded" size="12"/>do not stop: ${count(silo.critical, 'group', 'groups')} would lose the quorum</p>`}
            ${silo.logFailure && html`<p class="warning"><${Shape} of="noQuorum" size="12"/>its log has stopped: ${silo.logFailure}</p>`}
            <${SiloActions} silo=${silo}/>
          </div>
        </li>`)}
    </ul>
  </section>`;
