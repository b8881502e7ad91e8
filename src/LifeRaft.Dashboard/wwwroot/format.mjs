// Figures and times as people read them. A dash stands for what is not known.
export const dash = '–';

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const precise = new Intl.DateTimeFormat('en-GB', {
  year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3, timeZoneName: 'short',
});

export const number = value => value === null || value === undefined ? dash : whole.format(value);

export const time = value => clock.format(new Date(value));

// With the zone, and in UTC as logs have it.
export const exact = value => `${precise.format(new Date(value))} (${new Date(value).toISOString()})`;

// Milliseconds, with three digits that count.
export function duration(milliseconds) {
  if (milliseconds === null || milliseconds === undefined) {
    return dash;
  }

  if (milliseconds < 0.1) {
    return '<0.1 ms';
  }

  if (milliseconds < 10) {
    return `${milliseconds.toFixed(1)} ms`;
  }

  if (milliseconds < 1000) {
    return `${Math.round(milliseconds)} ms`;
  }

  return milliseconds < 100_000 ? `${(milliseconds / 1000).toFixed(1)} s` : span(milliseconds);
}

// Long ones, in the two largest units.
export function span(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const parts = [[Math.floor(seconds / 86400), 'd'], [Math.floor(seconds / 3600) % 24, 'h'], [Math.floor(seconds / 60) % 60, 'min'], [seconds % 60, 's']];
  const first = parts.findIndex(part => part[0] > 0);
  return first < 0 ? '0 s' : parts.slice(first, first + 2).filter((part, index) => index === 0 || part[0] > 0).map(part => part.join(' ')).join(' ');
}

export const count = (value, one, many) => `${number(value)} ${value === 1 ? one : many}`;

// As a word of a shell's command line.
export const quoted = word => /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
