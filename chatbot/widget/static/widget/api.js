// The chatbot's REST API. An answer that is no success becomes an ApiError; status 0 means nobody answered.

const PATIENCE = 15_000; // ms

export class ApiError extends Error {
  constructor(status, problem = {}) {
    super(problem.detail ?? problem.title ?? `HTTP ${status}`);
    this.status = status;
    this.code = problem.code ?? "";
    this.problem = problem;
  }

  /** Whether the same request may succeed later. */
  get passing() {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

export function createApi({ language, base = "/api/v1", fetch = (...args) => globalThis.fetch(...args) }) {
  async function call(method, path, { token, body } = {}) {
    const response = await fetch(base + path, {
      method,
      headers: {
        Accept: "application/json",
        "Accept-Language": language,
        ...(body && { "Content-Type": "application/json" }),
        ...(token && { Authorization: `Bearer ${token}` }),
      },
      body: body && JSON.stringify(body),
      credentials: "omit",
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE),
    }).catch((error) => {
      throw new ApiError(0, { detail: String(error) });
    });
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) throw new ApiError(response.status, answer);
    return answer;
  }

  const session = (method, action) => ({ session_name, token }, body) =>
    call(method, `/sessions/${encodeURIComponent(session_name)}${action}`, { token, body });

  return {
    openSession: (tenant, token) => call("POST", "/sessions", { token, body: { tenant, language } }),
    readSession: session("GET", ""),
    readMessages: (access, after) => session("GET", `/messages?after=${after}`)(access),
    postMessage: session("POST", "/messages"),
    requestTransfer: (access) => session("POST", "/transfer")(access, {}),
    cancelTransfer: (access) => session("POST", "/cancel-transfer")(access, {}),
    close: (access) => session("POST", "/close")(access, {}),
    decide: (access, call, verb) => session("POST", `/tool-calls/${call}/${verb}`)(access, {}),
    announceTyping: (access) => session("POST", "/typing")(access, {}),
    eventsAddress: ({ session_name }) => `${base}/sessions/${encodeURIComponent(session_name)}/events`,
  };
}
