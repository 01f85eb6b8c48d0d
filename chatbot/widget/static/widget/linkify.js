// Addresses in plain text become links. Only http and https, only ASCII (Chinese text follows without a space).

const ADDRESS = /https?:\/\/[\w\-.~:/?#[\]@!$&'()*+,;=%]+/gi;
const TRAILING = /[.,;:!?'")\]]+$/;

/** [{ text, href? }, ...] that together read exactly as the text. */
export function linkParts(text) {
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = match[0].replace(TRAILING, "");
    if (!isAddress(address)) continue;
    if (match.index > end) parts.push({ text: text.slice(end, match.index) });
    parts.push({ text: address, href: address });
    end = match.index + address.length;
  }
  if (end < text.length) parts.push({ text: text.slice(end) });
  return parts;
}

/** The address if it is one that may stand in a link, else nothing. */
export function safeAddress(address, base) {
  return isAddress(address, base) ? new URL(address, base).href : undefined;
}

function isAddress(address, base) {
  try {
    return /^https?:$/.test(new URL(address, base).protocol);
  } catch {
    return false;
  }
}
