import { el, icon } from "./dom.js";
import { initial } from "./header.js";
import { linkParts, safeAddress } from "./linkify.js";

/** One item of the thread as an element. */
export function messageElement(item, parts) {
  const { text } = parts;
  const day = item.startsDay && el("p", { class: "day" }, el("time", { datetime: item.created_at }, text.day(item.created_at)));
  const body = item.author.kind === "system" ? [notice(item, text), item.card && card(item.card, parts)] : speech(item, parts);
  const group = [item.startsGroup && "starts", item.endsGroup && "ends"].filter(Boolean).join(" ");
  return el("li", { class: `message ${item.author.kind} ${group}`, "data-id": item.id, "data-key": item.key }, day, ...body);
}

function notice(item, text) {
  return el("p", { class: "notice" }, el("span", {}, text.notice(item)), " ", time(item, text));
}

/** Yes and no under what the assistant wants to do, until one of them is said. */
function card({ call, status }, { text, conversation }) {
  if (status === "queued" || status === "running") return el("p", { class: "deciding", role: "status" }, text.t("doing"));
  if (status !== "awaiting_confirmation") return null;
  const button = (verb, look) =>
    el("button", { class: look, type: "button", onclick: ({ currentTarget }) => (disable(currentTarget), conversation.decide(call, verb)) }, text.t(verb));
  return el("div", { class: "confirmation", role: "group", "aria-label": text.t("confirmation") }, button("confirm", "chip yes"), button("decline", "chip"));
}

function disable(button) {
  for (const each of button.parentElement.children) each.disabled = true;
}

function speech(item, parts) {
  const { text, config } = parts;
  const name = text.authorName(item.author);
  const own = item.author.kind === "customer";
  return [
    item.startsGroup && el("p", { class: own ? "name spoken" : "name" }, face(item.author, name), name),
    el("div", { class: "bubble" }, el("p", { class: "words" }, ...linked(item.text)), config.shows_sources && sources(item, text)),
    (item.endsGroup || isOnItsWay(item)) && el("p", { class: "meta" }, time(item, text), delivery(item, parts)),
  ];
}

function face(author, name) {
  if (author.kind === "customer") return null;
  return el("span", { class: "face", "aria-hidden": "true" }, author.kind === "ai" ? icon("spark") : initial(name));
}

function time(item, text) {
  return el("time", { datetime: item.created_at }, text.time(item.created_at));
}

function linked(words) {
  return linkParts(words).map(({ text, href }) => (href ? link(href, text) : text));
}

function link(href, ...content) {
  return el("a", { href, target: "_blank", rel: "noopener noreferrer nofollow" }, ...content);
}

// --- what an answer stands on

function sources(item, text) {
  const found = item.author.kind === "ai" ? item.data.sources ?? [] : [];
  if (!found.length) return null;
  const label = found.length === 1 ? text.t("sources_one", found[0]) : text.t("sources_many", { count: found.length });
  const show = ({ target }) => target.open && target.scrollIntoView({ block: "nearest" });
  return el(
    "details",
    { class: "sources", ontoggle: show },
    el("summary", {}, icon("book"), el("span", {}, label)),
    el("ol", {}, ...found.map((source) => sourceElement(source, found.length > 1, text))),
  );
}

function sourceElement({ title, quote, url }, titled, text) {
  const address = url && safeAddress(url, location.origin);
  return el(
    "li",
    {},
    titled && el("strong", {}, title),
    quote && el("blockquote", {}, quote),
    address && link(address, text.t("open_source"), icon("out")),
  );
}

// --- how far the customer's own message has come

function isOnItsWay({ delivery }) {
  return Boolean(delivery) && delivery !== "delivered";
}

function delivery(item, { text, conversation }) {
  if (item.author.kind !== "customer") return null;
  if (item.delivery === "delivered") return state("check", text.t("delivered"), { quiet: true });
  if (item.delivery === "sending") return state("clock", text.t("sending"), { quiet: true });
  const again = act(text.t("retry"), () => conversation.resend(item.client_id));
  if (item.delivery === "waiting") return el("span", { class: "late" }, state("clock", text.t("not_sent")), again);
  const reason = item.reason ? `${text.t("failed")}: ${item.reason}` : text.t("failed");
  return el("span", { class: "failed" }, state("warn", reason), again, act(text.t("discard"), () => conversation.discard(item.client_id)));
}

function state(look, words, { quiet = false } = {}) {
  return el("span", { class: "delivery", title: words }, icon(look), el("span", { class: quiet ? "spoken" : "" }, words));
}

function act(words, onclick) {
  return el("button", { class: "link", type: "button", onclick }, words);
}
