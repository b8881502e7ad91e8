// Said when what is shown is old, and why.
import { html } from '../html.mjs';
import { model } from '../model.mjs';
import { time, exact } from '../format.mjs';

export function Link() {
  const { link, hello, failure } = model;
  if (!link.isUp) {
    const silo = hello ? `the silo that serves this page (${hello.servedBy})` : 'the silo that serves this page';
    return (link.wasUp || link.hasFailed) && html`
      <div class="lost" role="alert">
        <strong>Connection lost.</strong> ${' '}${capital(silo)} ${link.refusal ? 'sends no news' : 'does not answer'} since <time title=${exact(link.since)}>${time(link.since)}</time>${link.refusal ? `: ${link.refusal.replace(/\.$/, '')}` : ''};
        ${link.wasUp ? ' what you see is old;' : ''} reconnecting …
      </div>`;
  }

  return failure && html`
    <div class="lost" role="alert"><strong>The silos were not heard.</strong> ${' '}${failure} What you see is as of ${model.at ? time(model.at) : 'never'}.</div>`;
}

const capital = text => text[0].toUpperCase() + text.slice(1);
