// Light or dark: as the system has it, until the switch was used on this browser.
import { changed } from './model.mjs';

const system = matchMedia('(prefers-color-scheme: dark)');

export const theme = () => document.documentElement.dataset.theme ?? (system.matches ? 'dark' : 'light');

export function switchTheme() {
  apply(theme() === 'dark' ? 'light' : 'dark');
  changed();
}

export function keepTheme() {
  apply(read());
  system.addEventListener('change', changed);
}

function apply(value) {
  const chosen = value === 'dark' || value === 'light' ? value : null;
  if (chosen === null) {
    return;
  }

  document.documentElement.dataset.theme = chosen;
  try {
    localStorage.setItem('liferaft-theme', chosen);
  } catch {
    // A browser that keeps nothing: it lasts as long as the page.
  }
}

function read() {
  try {
    return localStorage.getItem('liferaft-theme');
  } catch {
    return null;
  }
}
