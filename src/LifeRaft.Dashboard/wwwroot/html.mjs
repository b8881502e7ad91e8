// Markup: preact's elements, written as template literals by htm.
import { h, render, Component } from './vendor/preact.mjs';
import htm from './vendor/htm.mjs';

export const html = htm.bind(h);
export { render, Component };
