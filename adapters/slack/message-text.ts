const escapes: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };

/** What somebody typed, without what Slack makes of it: links around addresses and names of hosts, and escaped characters. */
export function typedText(text: string): string {
  return text
    .replace(/<(?:https?:\/\/|mailto:)[^|<>]*\|([^<>]*)>/g, '$1')
    .replace(/<((?:https?:\/\/|mailto:)[^<>]*)>/g, '$1')
    .replace(/&(?:amp|lt|gt);/g, (written) => escapes[written] ?? written)
    .trim();
}

/** What is asked by a message that begins with a mention of the bot; null where it does not. */
export function lineOfMention(text: string, botUserId: string | null): string | null {
  const [, mentioned, rest = ''] = /^\s*<@([UW][A-Z0-9]*)(?:\|[^>]*)?>(.*)$/s.exec(text) ?? [];
  if (mentioned === undefined || (botUserId !== null && mentioned !== botUserId)) return null;
  return typedText(rest);
}
