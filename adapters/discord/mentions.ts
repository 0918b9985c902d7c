import { type Client, GuildFeature, type Message } from 'discord.js';
import { bindOptions, createVocabulary, findCommand } from '../../src/chat/find-command.ts';
import type { Reply } from '../../src/chat/reply.ts';
import type { ChatHost } from '../../src/ports/chat.ts';
import type { Log } from '../../src/ports/log.ts';
import { askerOfMessage, type Owners } from './asker.ts';
import type { Compose } from './compose.ts';
import type { DiscordSender } from './sender.ts';

export interface MentionsOptions {
  readonly host: ChatHost;
  readonly compose: Compose;
  readonly sender: DiscordSender;
  readonly owners: () => Owners;
  readonly log: Log;
}

/** Answers messages that begin with a mention of the bot, and everything said to it directly. Never throws. */
export function createMentions({ host, compose, sender, owners, log }: MentionsOptions) {
  const vocabulary = createVocabulary(host.commands);

  /** A message is seen by everybody in the channel; what a button answers is seen by who pressed it. */
  function onlyPrivately(line: string, locale: string): Reply {
    const { say } = host.presentation(locale);
    const text = say('Type /fleet here: then you alone see the answer. Or write it to me directly.');
    return {
      headline: say('The answer to that is for you alone.'),
      blocks: [{ kind: 'text', text }],
      next: [{ label: say('Ask'), command: line === '' ? 'help' : line }],
    };
  }

  /** All have seen the mistake being made. */
  function isMistake(line: string): boolean {
    try {
      bindOptions(findCommand(line, vocabulary));
      return false;
    } catch {
      return true;
    }
  }

  return async (message: Message, client: Client<true>): Promise<void> => {
    const isByPerson = !message.author.bot && !message.system && message.webhookId === null;
    const line = isByPerson ? lineOfMessage(message, client.user.id) : null;
    if (line === null || !host.isNew(message.id)) return;
    const { id, channelId: channel, guild } = message;
    const locale = localeIn(guild);
    const user = askerOfMessage(message, owners());
    const isForAll = message.guildId === null || host.visibilityOf(line) === 'channel' || isMistake(line);
    const reply = isForAll
      ? (await host.dispatch({ platform: 'discord', text: line, user, channel, locale, id })).reply
      : onlyPrivately(line, locale);
    const composed = await compose(reply, { locale });
    try {
      await sender.say({ ...composed, channel, name: `answer-${id}`, repliesTo: id });
    } catch (err) {
      log.info({ err, channel }, 'mention not answered');
    }
  };
}

/**
 * Discord tells no locale of who writes a message. Of a server it is known where that is a Community; of every other it says
 * en-US, whatever is spoken there. The empty one is none: then the farm's own is used.
 */
function localeIn(guild: Message['guild']): string {
  return guild?.features.includes(GuildFeature.Community) === true ? guild.preferredLocale : '';
}

/** What is asked by a message; null where the bot is not spoken to. */
export function lineOfMessage(
  { content, guildId }: Pick<Message, 'content' | 'guildId'>,
  botId: string,
): string | null {
  const [, mentioned, rest = ''] = /^\s*<@!?(\d+)>(.*)$/s.exec(content) ?? [];
  if (mentioned === botId) return rest.trim();
  return guildId === null ? content.trim() : null;
}
