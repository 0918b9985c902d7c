import { nonceOf } from '../../adapters/discord/channel-messages.ts';
import { type DiscordEmulator, startDiscordEmulator } from '../../test/emulators/discord/emulator.ts';
import type { Interaction, InteractionHandle } from '../../test/emulators/discord/interactions.ts';
import type { Channel, StoredMessage } from '../../test/emulators/discord/state.ts';
import type { DiscordUser } from '../../test/emulators/discord/users.ts';
import { type Component, componentTypes, type MessageJson } from '../../test/emulators/discord/wire.ts';
import { beginDiscordFault, discordFaultKinds } from './chat-discord-faults.ts';
import { privateLines, questionLines } from './chat-questions.ts';
import type { Asked, Progress, Side } from './chat-side.ts';
import type { Draw } from './draw.ts';

const people = 12;
const channelCount = 5;
/** A bot that is told twice a minute whether its connection lives notices a dead one too late for a soak. */
const heartbeatIntervalMs = 5_000;
const pressable = 30;
/** That one event goes to. */
const mostSessions = 4;

/** Discord with one guild; the application's owner is the only admin. */
export async function discordSide(): Promise<Side> {
  const discord = await startDiscordEmulator({ heartbeatIntervalMs });
  const guild = discord.addGuild('Farm');
  const channels = Array.from({ length: channelCount }, (_, index) => discord.addChannel(guild, `ops-${index}`));
  const members = Array.from({ length: people }, (_, index) => discord.addMember(guild, { name: `person-${index}` }));
  const admins = discord.owner.directChannel();
  const world = new DiscordPeople(discord, channels, members);
  return {
    platform: 'discord',
    env: { DISCORD_TOKEN: discord.token, DISCORD_API_URL: discord.apiUrl },
    places: [...channels.map(({ id }) => id), 'admins'],
    faultKinds: discordFaultKinds,
    ask: (draw) => (discord.commands(guild).length === 0 ? null : world.ask(draw)),
    fault: (kind) => beginDiscordFault(discord, kind),
    connected: () => discord.connections > 0 && discord.commands(guild).length > 0,
    *posts() {
      for (const [id, messages] of discord.state.messages) {
        for (const { json } of messages.values()) {
          if (json.author.id !== discord.state.bot.id) continue;
          const text = textIn(json);
          yield { place: id === admins.id ? 'admins' : id, text, isMarked: isMarked(text) };
        }
      }
    },
    seenByOthers(secret) {
      const seen = [...discord.state.messages.values()].flatMap((messages) => [...messages.values()]);
      return seen
        .filter(({ json, ephemeralFor }) => JSON.stringify(json).includes(secret) && ephemeralFor !== discord.owner.id)
        .filter(({ json }) => json.channel_id !== admins.id)
        .map(({ json }) => `message ${json.id} in channel ${json.channel_id}`);
    },
    wrong: () => [
      ...discord.violations().map(({ kind, detail }) => `${kind}: ${detail}`),
      ...discord.unhandledRoutes().map((route) => `unhandled route: ${route}`),
    ],
    [Symbol.asyncDispose]: () => discord[Symbol.asyncDispose](),
  };
}

interface Opened {
  readonly user: DiscordUser;
  readonly handle: InteractionHandle;
}

/** People in channels, who ask, press what they find, and fill in forms. */
class DiscordPeople {
  readonly #discord: DiscordEmulator;
  readonly #channels: readonly Channel[];
  readonly #members: readonly DiscordUser[];
  /** Everything that was asked, until its answer is there to be pressed. */
  #waiting: Opened[] = [];
  #answers: StoredMessage[] = [];
  #forms: Opened[] = [];
  /** By nonce, and by the message that they reply to. */
  readonly #posted = new Map<string, number>();
  /** How many messages of a channel were read. */
  readonly #read = new Map<string, number>();

  constructor(discord: DiscordEmulator, channels: readonly Channel[], members: readonly DiscordUser[]) {
    this.#discord = discord;
    this.#channels = channels;
    this.#members = members;
  }

  ask(draw: Draw): Asked | null {
    this.#collect();
    const user = draw.one(this.#members);
    const channel = draw.one(this.#channels);
    const what = draw.between(0, 1);
    const question = draw.one(questionLines);
    if (what < 0.3) {
      const { command, options } = question;
      return this.#asked('slash', user, user.slash(channel, { command: 'fleet', subcommand: command, options }));
    }
    if (what < 0.4) {
      const { line, isForAdmins } = draw.one(privateLines);
      const asker = isForAdmins ? this.#discord.owner : user;
      return this.#asked('private', asker, asker.slash(channel, { command: 'fleet', subcommand: line }));
    }
    if (what < 0.6) return this.#mention(user, channel, question.line);
    if (what < 0.7) return this.#submit();
    return this.#press(draw, user);
  }

  #mention(user: DiscordUser, channel: Channel, line: string): Asked {
    const { id } = user.say(channel, `<@${this.#discord.applicationId}> ${line}`);
    const wasHeard = this.#wentOut(id);
    return {
      kind: 'mention',
      title: `mention ${line} (${id})`,
      look: (): Progress => {
        this.#readPosts();
        const answers = this.#posted.get(id) ?? 0;
        return { acknowledged: wasHeard, answers, markedRepeats: 0, isIndiscreet: false, isDisturbed: false };
      },
    };
  }

  /** Whether a session was told of the message; what is replayed to it later is not counted. Messages have no acknowledgement. */
  #wentOut(id: string): boolean {
    const newest = this.#discord.log.frames.slice(-mostSessions);
    return newest.some(({ direction, t, d }) => direction === 'out' && t === 'MESSAGE_CREATE' && idOf(d) === id);
  }

  #submit(): Asked | null {
    const opened = this.#forms.shift();
    if (opened === undefined) return null;
    return this.#asked('form', opened.user, opened.user.submitModal(opened.handle, {}));
  }

  #press(draw: Draw, somebody: DiscordUser): Asked | null {
    if (this.#answers.length === 0) return null;
    const { json, ephemeralFor } = draw.one(this.#answers);
    const user = ephemeralFor === this.#discord.owner.id ? this.#discord.owner : somebody;
    if (ephemeralFor !== null && ephemeralFor !== user.id) return null;
    const parts = json.components.flatMap(({ components }) => components ?? []).filter(isUsable);
    if (parts.length === 0) return null;
    const part = draw.one(parts);
    const id = part.custom_id ?? '';
    if (part.type === componentTypes.button) return this.#asked('button', user, user.click(json, id));
    const option = draw.one(part.options ?? []);
    return this.#asked('pick', user, user.select(json, id, [option.value]));
  }

  #asked(kind: Asked['kind'], user: DiscordUser, handle: InteractionHandle): Asked {
    this.#waiting.push({ user, handle });
    const { interaction } = handle;
    return {
      kind,
      title: `${interaction.title} (${interaction.id})`,
      look: () => {
        this.#readPosts();
        return this.#progress(interaction, kind === 'private');
      },
    };
  }

  #progress(interaction: Interaction, isPrivate: boolean): Progress {
    const { id, acknowledgedMs, answered, followups, modal, source, original, disturbed } = interaction;
    const late = this.#posted.get(nonceOf(`late-${id}`)) ?? 0;
    const said = original === null || original === source ? followups : [original, ...followups];
    const isForOne = isPrivate || (source !== null && source.ephemeralFor !== null);
    return {
      acknowledged: acknowledgedMs !== null,
      answers: Number(answered) + Number(modal !== null) + followups.length + late,
      markedRepeats: 0,
      isIndiscreet: isForOne && (late > 0 || said.some(({ ephemeralFor }) => ephemeralFor === null)),
      isDisturbed: disturbed,
    };
  }

  /** Counts what the bot posted since; nothing is ever deleted here. */
  #readPosts(): void {
    const { messages, bot } = this.#discord.state;
    for (const { id: channel } of this.#channels) {
      const all = messages.get(channel);
      const read = this.#read.get(channel) ?? 0;
      if (all === undefined || all.size === read) continue;
      this.#read.set(channel, all.size);
      for (const { json } of all.values().drop(read)) {
        if (json.author.id !== bot.id) continue;
        for (const key of [json.nonce, repliedTo(json)]) {
          if (key !== undefined) this.#posted.set(String(key), (this.#posted.get(String(key)) ?? 0) + 1);
        }
      }
    }
  }

  #collect(): void {
    this.#waiting = this.#waiting.slice(-200).filter((opened) => {
      const { answered, original, modal } = opened.handle.interaction;
      if (modal !== null) this.#forms.push(opened);
      else if (answered && original !== null) this.#answers.push(original);
      return modal === null && !answered;
    });
    this.#answers = this.#answers.slice(-pressable);
    this.#forms = this.#forms.slice(-pressable);
  }
}

function isUsable({ custom_id: id, disabled, type, options }: Component): boolean {
  const isSelect = type === componentTypes.stringSelect;
  return (
    id !== undefined &&
    disabled !== true &&
    (type === componentTypes.button || (isSelect && options?.[0] !== undefined))
  );
}

function idOf(data: unknown): unknown {
  return typeof data === 'object' && data !== null && 'id' in data ? data.id : null;
}

function repliedTo({ message_reference: reference }: MessageJson): string | undefined {
  return reference !== undefined && 'message_id' in reference ? String(reference.message_id) : undefined;
}

function textIn({ content, embeds, components }: MessageJson): string {
  return [content, JSON.stringify(embeds), JSON.stringify(components)].join('\n');
}

function isMarked(text: string): boolean {
  return text.includes('This may be a repeat');
}
