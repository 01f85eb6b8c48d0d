// The agents' API, called with the page's own session.

const PATIENCE = 15_000; // ms until an answer counts as lost

/** POST; resolves to { ok, status, data }, rejects when the platform can't be reached. */
export function post(path, body) {
  return send("POST", path, body);
}

/** The same with another method. */
export async function send(method, path, body) {
  const response = await fetch(`/api/v1${path}`, {
    method,
    headers: {
      "Content-Type": "application/json",
      "X-CSRFToken": document.body.dataset.csrf,
      "Accept-Language": document.documentElement.lang,
    },
    body: JSON.stringify(body ?? {}),
    signal: AbortSignal.timeout(PATIENCE),
  });
  const data = await response.json().catch(() => null);
  return { ok: response.ok, status: response.status, data };
}
