// Who may act from this page: everybody whom the host lets, or, where it asks for the operators' token, who has given the right one.
// The token is kept for this tab alone, so that it outlives a reload, and is gone when the tab is closed or the operator locks it.
import { model, changed } from './model.mjs';

const key = 'liferaft-operator';

export const asksForToken = () => model.hello?.asksForToken === true;
export const mayAct = () => model.hello?.allowsActions === true && (!asksForToken() || model.operator.isAccepted);
export const credentials = () => asksForToken() && model.operator.token ? { Authorization: `Bearer ${model.operator.token}` } : {};

// Whether the host takes the token; or why that is not known.
export async function offer(token) {
  const answer = await ask(token);
  if (answer === 'right') {
    model.operator = { ...model.operator, token, isAccepted: true };
    store(token);
  } else if (answer === 'wrong' && token === model.operator.token) {
    forget();
  }

  changed();
  return answer;
}

// The host answers anew: after a reload, or because it was away and may have another token now.
export function recall() {
  const token = model.operator.token ?? stored();
  if (asksForToken() && token) {
    model.operator.token = token;
    offer(token);
  }
}

export function forget() {
  model.operator = { ...model.operator, token: null, isAccepted: false };
  store(null);
  changed();
}

export function refused() {
  if (asksForToken()) {
    forget();
  }
}

async function ask(token) {
  if (!/^[\x21-\x7e]+$/.test(token)) {
    return 'wrong'; // A header cannot carry it.
  }

  try {
    const response = await fetch('api/operator', { headers: { Authorization: `Bearer ${token}` }, cache: 'no-store' });
    return response.ok ? 'right' : response.status === 401 || response.status === 403 ? 'wrong' : 'unanswered';
  } catch {
    return 'unanswered';
  }
}

function stored() {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}

function store(token) {
  try {
    if (token === null) {
      sessionStorage.removeItem(key);
    } else {
      sessionStorage.setItem(key, token);
    }
  } catch {
    // A browser that keeps nothing: it lasts as long as the page.
  }
}
