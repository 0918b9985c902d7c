import { POST_EVENT } from '../../adapters/slack/channel-messages.ts';
import { elementsOf, optionsOf } from '../../test/emulators/slack/block-lookup.ts';
import { type SlackEmulator, startSlackEmulator } from '../../test/emulators/slack/emulator.ts';
import type { Interaction } from '../../test/emulators/slack/interaction.ts';
import { isObject } from '../../test/emulators/slack/json.ts';
import type { Person } from '../../test/emulators/slack/person.ts';
import type { Message, View } from '../../test/emulators/slack/workspace.ts';
import { privateLines, questionLines } from './chat-questions.ts';
import type { Asked, Progress, Side } from './chat-side.ts';
import { beginSlackFault, slackFaultKinds } from './chat-slack-faults.ts';
import type { Draw } from './draw.ts';

const people = 12;
const channelCount = 5;
const pressable = 30;
const acknowledgementLimitMs = 30_000;
const ownerId = 'U0OWNER';
/** Said to the asker alone beside an answer: where a form did not open, and where files went that could not stand with it. */
const note = /form came too late|did not open the form|could not be uploaded to Slack|in your direct messages with/;
/** Of events that are sent a second time. */
const redeliveredShare = 0.1;

/** Slack in Socket Mode; the workspace's owner is the only admin. */
export async function slackSide(): Promise<Side> {
  const channels = Array.from({ length: channelCount }, (_, index) => ({ id: `C0OPS${index}`, name: `ops-${index}` }));
  const owner = { id: ownerId, name: 'olivia', isPrimaryOwner: true, isOwner: true, isAdmin: true };
  const others = Array.from({ length: people }, (_, index) => ({ id: `U0PERSON${index}`, name: `person-${index}` }));
  const slack = await startSlackEmulator({ users: [owner, ...others], channels });
  const admins = slack.state.openDirectMessage(ownerId);
  const world = new SlackPeople(
    slack,
    channels.map(({ id }) => id),
    others.map(({ id }) => slack.person(id)),
  );
  const messages = () => [...slack.state.channels.values()].flatMap((channel) => channel.messages);
  return {
    platform: 'slack',

    env: { SLACK_BOT_TOKEN: slack.botToken, SLACK_APP_TOKEN: slack.appToken, SLACK_API_URL: slack.apiUrl },
    places: [...channels.map(({ id }) => id), 'admins'],
    faultKinds: slackFaultKinds,
    ask: (draw) => world.ask(draw),
    fault: (kind) => beginSlackFault(slack, kind),
    connected: () => slack.socketMode.connections() > 0,
    *posts() {
      for (const message of messages()) {
        if (!message.byBot || message.isDeleted) continue;
        const place = message.channel === admins.id ? 'admins' : message.channel;
        yield { place, text: textIn(message), isMarked: isMarked(message) };
      }
    },
    seenByOthers: (secret) =>
      messages()
        .filter((message) => textIn(message).includes(secret) && message.ephemeralTo !== ownerId)
        .filter(({ channel }) => channel !== admins.id)
        .map(({ ts, channel }) => `message ${ts} in channel ${channel}`),
    wrong: () => [
      ...slack.violations().map(({ kind, detail }) => `${kind}: ${detail}`),
      ...slack.unhandledRoutes().map((route) => `unhandled route: ${route}`),
    ],
    [Symbol.asyncDispose]: () => slack[Symbol.asyncDispose](),
  };
}

/** A message as it was when it was posted: somebody may have turned its page since. */
interface Said {
  readonly ephemeralTo: string | null;
  readonly isMarked: boolean;
  readonly isNote: boolean;
}

interface Form {
  readonly person: Person;
  readonly view: View;
  /** Of the interaction that opened it. */
  readonly number: number;
}

/** People in channels, who ask, press what they find, and fill in forms. */
class SlackPeople {
  readonly #slack: SlackEmulator;
  readonly #channels: readonly string[];
  readonly #people: readonly Person[];
  /** What the bot said, by the number of the interaction that it answers through a response_url. */
  readonly #answers = new Map<number, Said[]>();
  /** By the key that it carries. */
  readonly #keyed = new Map<string, Said[]>();
  readonly #views = new Map<string, View>();
  #pressable: Message[] = [];
  #forms: Form[] = [];
  #read = 0;

  constructor(slack: SlackEmulator, channels: readonly string[], everybody: readonly Person[]) {
    this.#slack = slack;
    this.#channels = channels;
    this.#people = everybody;
  }

  ask(draw: Draw): Asked | null {
    this.#readChanges();
    const person = draw.one(this.#people);
    const channel = draw.one(this.#channels);
    const what = draw.between(0, 1);
    const { line } = draw.one(questionLines);
    const isRepeated = draw.between(0, 1) < redeliveredShare;
    if (what < 0.3) return this.#responded('slash', `/fleet ${line}`, person.slash(channel, `/fleet ${line}`), null);
    if (what < 0.4) return this.#private(draw, person, channel);
    if (what < 0.6) return this.#mention(person, channel, line, isRepeated);
    if (what < 0.7) return this.#submit();
    return this.#press(draw, person);
  }

  #private(draw: Draw, somebody: Person, channel: string): Asked {
    const { line, isForAdmins } = draw.one(privateLines);
    const person = isForAdmins ? this.#slack.person(ownerId) : somebody;
    const interaction = person.slash(channel, `/fleet ${line}`);
    return this.#responded('private', `/fleet ${line}`, interaction, person.user.id);
  }

  #mention(person: Person, channel: string, line: string, isRepeated: boolean): Asked {
    const interaction = person.mention(channel, line);
    const key = `answer-${String(interaction.payload['event_id'])}`;
    if (isRepeated) interaction.redeliver({ attempt: 1, reason: 'timeout' });
    const acknowledged = acknowledgedOf(interaction);
    return {
      kind: 'mention',
      title: `mention ${line} (${key})`,
      look: () => {
        this.#readChanges();
        return { ...countOf(this.#keyed.get(key) ?? []), acknowledged: acknowledged(), ...discreet };
      },
    };
  }

  #submit(): Asked | null {
    const form = this.#forms.shift();
    if (form === undefined || !form.view.isOpen) return null;
    const { person, view, number } = form;
    const interaction = person.submit(view);
    const acknowledged = acknowledgedOf(interaction);
    return {
      kind: 'form',
      title: `form ${view.id} of interaction ${number}`,
      look: () => {
        this.#readChanges();
        const answers = (this.#answers.get(number) ?? []).filter((said) => !said.isNote);
        return { ...countOf(answers), acknowledged: acknowledged(), ...discreet };
      },
    };
  }

  #press(draw: Draw, somebody: Person): Asked | null {
    if (this.#pressable.length === 0) return null;
    const message = draw.one(this.#pressable);
    const person = message.ephemeralTo === null ? somebody : this.#slack.person(message.ephemeralTo);
    const elements = elementsOf(message).filter(({ element: { type, url } }) => isUsable(type) && url === undefined);
    if (message.isDeleted || elements.length === 0) return null;
    const { element, actionId } = draw.one(elements);
    const { ephemeralTo } = message;
    if (element['type'] === 'button') {
      return this.#responded('button', `button ${actionId}`, person.click(message, actionId), ephemeralTo, person);
    }
    const option = draw.one(optionsOf(element));
    const interaction = person.select(message, actionId, String(option['value']));
    return this.#responded('pick', `pick ${String(option['value'])}`, interaction, ephemeralTo);
  }

  /** Something that is answered through its response_url, or with a form. */
  #responded(
    kind: Asked['kind'],
    title: string,
    interaction: Interaction,
    onlyFor: string | null,
    opener: Person | null = null,
  ): Asked {
    const url = this.#slack.state.responseUrls.get(String(interaction.payload['response_url']).split('/').at(-1) ?? '');
    const number = url?.interaction ?? Number.NaN;
    const trigger = String(interaction.payload['trigger_id']);
    const acknowledged = acknowledgedOf(interaction);
    let isOpen = false;
    return {
      kind,
      title: `${title} (interaction ${number})`,
      look: (): Progress => {
        this.#readChanges();
        const view = this.#views.get(trigger);
        if (view !== undefined && opener !== null && !isOpen) {
          isOpen = true;
          this.#forms.push({ person: opener, view, number });
        }
        const messages = this.#answers.get(number) ?? [];
        const isIndiscreet = onlyFor !== null && messages.some(({ ephemeralTo }) => ephemeralTo !== onlyFor);
        const progress = { acknowledged: acknowledged(), isIndiscreet, isDisturbed: false };
        if (view !== undefined) {
          return { ...progress, answers: 1, markedRepeats: 0 };
        }
        const answers = messages.filter((said) => !said.isNote);
        if (answers.length > 0) return { ...progress, ...countOf(answers) };
        // What took the place of the pressed message is no message of its own; a form that did not open is told in a note.
        return { ...progress, answers: Math.min(1, url?.uses ?? 0), markedRepeats: 0 };
      },
    };
  }

  #readChanges(): void {
    const { changes } = this.#slack.state;
    for (; this.#read < changes.length; this.#read += 1) {
      const { kind, message, view } = changes[this.#read] ?? { kind: null, message: null, view: null };
      if (view?.triggerId != null) this.#views.set(view.triggerId, view);
      if (kind !== 'posted' || message === null || !message.byBot || message.fileIds.length > 0) continue;
      const said = {
        ephemeralTo: message.ephemeralTo,
        isMarked: isMarked(message),
        isNote: note.test(textIn(message)),
      };
      if (message.interaction !== null) push(this.#answers, message.interaction, said);
      const key = keyIn(message);
      if (key !== null) push(this.#keyed, key, said);
      if (elementsOf(message).length > 0) this.#pressable.push(message);
    }
    this.#pressable = this.#pressable.slice(-pressable);
    this.#forms = this.#forms.slice(-pressable);
  }
}

const discreet = { isIndiscreet: false, isDisturbed: false } as const;

function countOf(messages: readonly Said[]): Pick<Progress, 'answers' | 'markedRepeats'> {
  const marked = messages.filter((said) => said.isMarked).length;
  // The first may be marked too: an attempt before it may have been done, and was not.
  const answers = messages.length > marked ? messages.length - marked : Math.min(1, marked);
  return { answers, markedRepeats: messages.length - answers };
}

function acknowledgedOf(interaction: Interaction): () => boolean {
  let acknowledged = false;
  interaction.acknowledged(acknowledgementLimitMs).then(
    () => {
      acknowledged = true;
    },
    () => undefined,
  );
  return () => acknowledged;
}

function push<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}

function keyIn({ metadata }: Message): string | null {
  const payload = metadata?.['event_type'] === POST_EVENT ? metadata['event_payload'] : null;
  return isObject(payload) && typeof payload['key'] === 'string' ? payload['key'] : null;
}

function isUsable(type: unknown): boolean {
  return type === 'button' || type === 'static_select';
}

function textIn({ text, blocks }: Message): string {
  return `${text}\n${JSON.stringify(blocks)}`;
}

function isMarked(message: Message): boolean {
  return textIn(message).includes('This may be a repeat');
}
