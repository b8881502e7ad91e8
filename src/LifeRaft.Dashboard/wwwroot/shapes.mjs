// Each condition and each role has a shape and a word; colour only repeats them.
import { html } from './html.mjs';

export const healths = {
  noQuorum: 'No quorum',
  noLeader: 'No leader',
  degraded: 'Degraded',
  healthy: 'Healthy',
};

export const roles = {
  leader: 'Leader',
  follower: 'Follower',
  candidate: 'Candidate',
  child: 'Learner',
  stopped: 'Stopped',
  silent: 'Silent',
};

const drawings = {
  healthy: html`<circle cx="8" cy="8" r="7"/><path class="ink" d="M4.6 8.2l2.4 2.4 4.4-4.8"/>`,
  degraded: html`<path d="M8 1.2L15.4 14.4H.6z"/><path class="ink" d="M8 5.6v4.2M8 11.6v1"/>`,
  noLeader: html`<path d="M8 .6L15.4 8 8 15.4.6 8z"/><path class="ink" d="M8 4.4v4.4M8 10.4v1"/>`,
  noQuorum: html`<path d="M4.9.8h6.2l4.1 4.1v6.2l-4.1 4.1H4.9L.8 11.1V4.9z"/><path class="ink" d="M5.2 5.2l5.6 5.6M10.8 5.2l-5.6 5.6"/>`,
  leader: html`<path d="M8 .8l2.2 4.7 5.1.7-3.7 3.6.9 5.1L8 12.4l-4.5 2.5.9-5.1L.7 6.2l5.1-.7z"/>`,
  follower: html`<circle cx="8" cy="8" r="5"/>`,
  candidate: html`<circle class="line" cx="8" cy="8" r="5.2"/><path d="M8 2.8a5.2 5.2 0 010 10.4z"/>`,
  child: html`<circle class="line" cx="8" cy="8" r="4.6"/>`,
  stopped: html`<path class="line" d="M3.5 3.5l9 9M12.5 3.5l-9 9"/>`,
  silent: html`<circle class="line dotted" cx="8" cy="8" r="5.6"/><path class="line" d="M5.2 8h5.6"/>`,
  active: html`<circle cx="8" cy="8" r="5"/>`,
  drained: html`<path d="M3.5 3h3v10h-3zM9.5 3h3v10h-3z"/>`,
  event: html`<circle cx="8" cy="8" r="3"/>`,
  change: html`<path d="M8 3v10M3 8h10" class="line"/>`,
};

// Hidden from readers of the screen: the word stands beside it.
export const Shape = ({ of, size = 16 }) =>
  html`<svg class=${`shape ${of}`} width=${size} height=${size} viewBox="0 0 16 16" aria-hidden="true" focusable="false">${drawings[of]}</svg>`;

// A member that says nothing has no role of its own.
export const roleOf = member => member.node ? member.node.state : 'silent';
