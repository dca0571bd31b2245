// Roll call, what is sent: one press, and what an answer means for those that wait behind it.
const PATIENCE = 10000;

export async function post(form, tick) {
  const body = new FormData(form);
  body.set("seen", tick.seen);
  body.set("pressed", tick.at);
  const signal = AbortSignal.timeout(PATIENCE);
  const how = { method: "POST", body, redirect: "manual", keepalive: true, signal, headers: { Accept: "application/json" } };
  return fetch(tick.url, how).catch(() => null);
}

// Who signed in anew has another token: it is read from this page, asked for once more. Throws where no page came.
export async function renew(form, tick) {
  if (tick.renewed) {
    return false;
  }
  const again = await fetch(location.href, { signal: AbortSignal.timeout(PATIENCE) });
  const found = /name="csrf_token"[^>]*value="([^"]+)"/.exec(await again.text());
  tick.renewed = true;
  form.elements.csrf_token.value = found ? found[1] : form.elements.csrf_token.value;
  return Boolean(found);
}

// Why a press has to wait, in the words of the page; "" where it was answered.
export function still(said, answer) {
  if (!answer || answer.status >= 500) {
    return said.dataset.away;
  }
  const locked = answer.type === "opaqueredirect" || answer.status === 403;
  return locked ? said.dataset.locked : answer.status === 409 ? said.dataset.other : "";
}
