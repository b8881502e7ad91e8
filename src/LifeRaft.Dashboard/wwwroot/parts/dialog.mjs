// The dialog of an action: what it does, the same as a command, a confirmation of what destroys, and the result.
import { html } from '../html.mjs';
import { model, changed } from '../model.mjs';
import { credentials, refused } from '../operator.mjs';

export function Dialog() {
  const { dialog } = model;
  if (!dialog) {
    return null;
  }

  const isReady = (!dialog.destroys || dialog.typed === dialog.destroys) && (!dialog.asksFor || /^\S+@\S+$/.test(dialog.body.address));
  return html`
    <dialog ref=${open} aria-labelledby="dialog-title" onClose=${close} onCancel=${event => dialog.state === 'sent' ? event.preventDefault() : close()}>
      <form onSubmit=${event => { event.preventDefault(); if (isReady && dialog.state === 'asking') { send(dialog); } }}>
        <h2 id="dialog-title">${dialog.title}</h2>
        <p>${dialog.text}</p>
        ${dialog.asksFor && html`
          <label class="field"><span>Address of the node, NAME@SILO</span>
            <input required value=${dialog.body.address} placeholder=${`4@${model.silos[0]?.name ?? 'silo-1'}`} autocomplete="off" spellcheck="false" onInput=${event => { dialog.body.address = event.target.value.trim(); changed(); }}/></label>
          <label class="check"><input type="checkbox" checked=${dialog.body.isLearner} onChange=${event => { dialog.body.isLearner = event.target.checked; changed(); }}/> As a learner: it replicates, and its vote does not count</label>`}
        ${dialog.destroys && html`
          <label class="field"><span>Type <b>${dialog.destroys}</b> to confirm</span>
            <input autocomplete="off" spellcheck="false" onInput=${event => { dialog.typed = event.target.value.trim(); changed(); }}/></label>`}
        <p class="same">The same from a shell</p>
        <pre tabindex="0"><code>${dialog.command(dialog.body)}</code></pre>
        <p class=${`result ${dialog.state}`} role="status">${results[dialog.state]?.(dialog)}</p>
        <p class="buttons">
          <button type="button" disabled=${dialog.state === 'sent'} onClick=${close}>${dialog.state === 'done' ? 'Close' : 'Cancel'}</button>
          ${dialog.state !== 'done' && html`<button type="submit" class=${dialog.destroys ? 'main destroys' : 'main'} disabled=${!isReady || dialog.state === 'sent'}>${dialog.verb}</button>`}
        </p>
      </form>
    </dialog>`;
}

const results = {
  sent: () => 'Asking …',
  done: dialog => dialog.result,
  asking: dialog => dialog.result,
};

export function open(element) {
  if (element && !element.open) {
    element.showModal();
  }
}

function close() {
  model.dialog = null;
  changed();
}

async function send(dialog) {
  dialog.state = 'sent';
  changed();
  try {
    const response = await fetch(`api/actions/${dialog.action}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-LifeRaft-Action': dialog.action, ...credentials() },
      body: JSON.stringify(dialog.body),
    });
    const answer = await response.json().catch(() => ({}));
    dialog.state = response.ok ? 'done' : 'asking';
    dialog.result = answer.text ?? answer.error ?? refusals[response.status] ?? `The host answered ${response.status}.`;
    if (response.status === 401) {
      refused(); // The host was given another token meanwhile.
    }
  } catch {
    dialog.state = 'asking';
    dialog.result = 'There was no answer. It may have been done: look at the page before you repeat it.';
  }

  changed();
}

const refusals = {
  401: 'You are not signed in to this host. Sign in, and try again.',
  403: 'This host does not let you do this.',
};
