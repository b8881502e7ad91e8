// The page: draws the model whenever it has changed.
import { html, render } from './html.mjs';
import { model, drawnBy, changed } from './model.mjs';
import { choose, connect } from './stream.mjs';
import { keepTheme } from './theme.mjs';
import { Top } from './parts/top.mjs';
import { Link } from './parts/link.mjs';
import { Banner } from './parts/banner.mjs';
import { Groups } from './parts/groups.mjs';
import { Silos } from './parts/silos.mjs';
import { Nodes } from './parts/nodes.mjs';
import { Ring } from './parts/ring.mjs';
import { Matrix } from './parts/matrix.mjs';
import { Lanes } from './parts/lanes.mjs';
import { Terms } from './parts/terms.mjs';
import { Dialog } from './parts/dialog.mjs';
import { TokenDialog } from './parts/token.mjs';
import { Feed } from './parts/feed.mjs';

const App = () => html`
  <${Top}/>
  <${Link}/>
  <div class=${model.link.isUp && !model.failure ? 'page' : 'page old'}>
    <${Banner}/>
    <div class="side">
      <nav aria-label="Groups"><${Groups}/></nav>
      <${Silos}/>
    </div>
    <main>
      <${Nodes}/>
      <div class="pair"><${Ring}/><div class="stack"><${Matrix}/><${Lanes}/></div></div>
      <${Terms}/>
      <${Feed}/>
    </main>
  </div>
  <${Dialog}/>
  <${TokenDialog}/>`;

const root = document.getElementById('app');
let shown = null;

drawnBy(() => {
  if (shown !== model.chosen) {
    shown = model.chosen;
    history.replaceState(null, '', shown ? `#${shown}` : '#');
  }

  document.title = model.group ? `${model.group.health === 'healthy' ? '' : '(!) '}${model.group.name} – LifeRaft` : 'LifeRaft';
  render(html`<${App}/>`, root);
});

// The group that the address names; null where it names none, such as the link that skips to the nodes.
function named() {
  try {
    const name = decodeURIComponent(location.hash.slice(1));
    return /^[^/]+\/./.test(name) ? name : null;
  } catch {
    return null; // An escape that is none.
  }
}

function follow() {
  const name = named();
  if (name) {
    choose(name);
  } else if (model.chosen) {
    history.replaceState(null, '', `#${model.chosen}`);
  }
}

keepTheme();
root.replaceChildren();
addEventListener('hashchange', follow);
follow();
if (!model.chosen) {
  connect();
}

changed();
setInterval(changed, 1000); // Ages go on while nothing arrives.
