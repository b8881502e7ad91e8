// Where the operators' token is given, and given back.
import { html } from '../html.mjs';
import { model, changed } from '../model.mjs';
import { asksForToken, forget, offer } from '../operator.mjs';
import { open } from './dialog.mjs';

export function OperatorButton() {
  if (!asksForToken()) {
    return null;
  }

  return model.operator.isAccepted
    ? html`<span class="tag" role="status">Actions allowed</span><button type="button" class="act" onClick=${forget} title="Forget the operators' token">Lock</button>`
    : html`<button type="button" class="act" onClick=${() => say({ state: 'asking' })}>Allow actions …</button>`;
}

export function TokenDialog() {
  const { dialog } = model.operator;
  if (!dialog) {
    return null;
  }

  return html`
    <dialog ref=${open} aria-labelledby="token-title" onClose=${close} onCancel=${close}>
      <form onSubmit=${send}>
        <h2 id="token-title">Allow actions on this page?</h2>
        <p>They need the operators' token of the host that serves it${model.hello ? ` (${model.hello.servedBy})` : ''}. This tab keeps it until it is closed or you lock it, and sends it to this host only.</p>
        <input hidden autocomplete="username" value="operator" readonly/>
        <label class="field"><span>Token</span>
          <input name="token" type="password" required autocomplete="current-password" spellcheck="false" aria-invalid=${dialog.state === 'wrong'} aria-describedby="token-result" onInput=${() => dialog.state !== 'asking' && say({ state: 'asking' })}/></label>
        <p id="token-result" class=${`result ${dialog.state === 'wrong' || dialog.state === 'unanswered' ? 'asking' : ''}`} role="status">${texts[dialog.state]}</p>
        <p class="buttons">
          <button type="button" onClick=${close}>Cancel</button>
          <button type="submit" class="main" disabled=${dialog.state === 'sent'}>Allow</button>
        </p>
      </form>
    </dialog>`;
}

const texts = {
  sent: 'Asking …',
  wrong: 'This is not the operators\' token of this host. Nothing can be changed with it.',
  unanswered: 'The host did not answer. Try again.',
};

async function send(event) {
  event.preventDefault();
  const input = event.target.elements.token;
  say({ state: 'sent' });
  const answer = await offer(input.value.trim());
  if (answer === 'right') {
    close();
  } else if (model.operator.dialog) {
    say({ state: answer });
    input.select();
  }
}

function close() {
  say(null);
}

function say(dialog) {
  model.operator = { ...model.operator, dialog };
  changed();
}
