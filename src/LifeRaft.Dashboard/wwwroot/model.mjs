// All that the page knows, in one place. Whoever changes it calls changed(); the page is drawn once for all changes of a frame.
export const model = {
  hello: null,          // who serves the page, and whether actions exist
  link: { isUp: false, since: new Date(), wasUp: false },
  at: null,             // when the silos said it, by their clock
  clock: null,          // that clock and ours at the moment of arrival
  failure: null,        // why the silos could not be asked
  silos: [],
  silent: [],
  groups: [],           // in the order of the server: the worst first
  chosen: null,         // the name of the group that is looked at
  group: null,          // that group
  groupFailure: null,
  rate: null,           // its commits per second
  events: [],           // the newest last
  search: '',
  feed: { ofGroup: false, held: null, hidden: new Set() },
  dialog: null,
  operator: { token: null, isAccepted: false, dialog: null }, // the token that was given; while the dialog asks for it, what it says
};

let draw = () => {};
let isDue = false;

export function drawnBy(drawing) {
  draw = drawing;
}

export function changed() {
  if (!isDue) {
    isDue = true;
    requestAnimationFrame(() => {
      isDue = false;
      draw();
    });
  }
}

// The silos' time now: the browser's clock may be off, and "since 5 s" must not be.
export function now() {
  return model.clock ? model.clock.theirs + (performance.now() - model.clock.ours) : Date.now();
}
