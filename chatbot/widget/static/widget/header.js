import { $, icon } from "./dom.js";

/** Who is answering: the AI, nobody yet, or a person by name. */
export class Header {
  #parts;
  #shown = "";

  constructor(parts) {
    this.#parts = parts;
  }

  render() {
    const { conversation, text, config } = this.#parts;
    const agent = conversation.session?.agent?.name || text.t("someone");
    const status = conversation.status;
    const [name, line] = {
      ai_active: [config.shop, text.t("answers_at_once")],
      queued: [config.shop, text.t("waiting")],
      active: [agent, text.t("with_agent")],
      resolved: [config.shop, text.t("closed")],
    }[status] ?? [config.shop, ""];
    if (this.#shown === status + name) return;
    this.#shown = status + name;
    $("chat").dataset.status = status;
    $("who").textContent = name;
    $("state").textContent = line;
    $("face").replaceChildren(status === "active" ? initial(agent) : icon(status === "queued" ? "clock" : "spark"));
  }
}

export function initial(name) {
  return [...name.trim()][0]?.toUpperCase() ?? "";
}
