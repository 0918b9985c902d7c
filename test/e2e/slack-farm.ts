import { expect } from 'vitest';
import { type SlackEmulator, type SlackEmulatorOptions, startSlackEmulator } from '../emulators/slack/emulator.ts';
import { isObject } from '../emulators/slack/json.ts';
import type { Person } from '../emulators/slack/person.ts';
import { app } from '../emulators/slack/state.ts';
import type { Message, UserOptions } from '../emulators/slack/workspace.ts';
import { type ChatFarm, type ChatProgramOptions, untilReady } from '../support/chat-program.ts';
import type { Rigshift } from '../support/run-rigshift.ts';

export type SlackMode = 'socket' | 'http';

export const slackModes: readonly SlackMode[] = ['socket', 'http'];

const signingSecret = 'emulated-signing-secret';

/** The program on an emulated Slack. */
export interface SlackFarm extends AsyncDisposable {
  readonly slack: SlackEmulator;
  readonly program: Rigshift;
  /** Somebody of whom the bot has not heard yet. */
  newcomer(known?: Partial<Omit<UserOptions, 'name'>>): Person;
  /** The name of a channel in which nobody has said anything yet: Slack takes one message a second into each. */
  newChannel(): string;
  /** Fails where Slack or the program's log have something to complain of. */
  clean(): Promise<void>;
}

export interface SlackFarmOptions {
  readonly mode: SlackMode;
  readonly emulator?: SlackEmulatorOptions;
  readonly program?: Omit<ChatProgramOptions, 'env'>;
}

/** Settles when the program is connected. */
export async function startSlackFarm(farm: ChatFarm, options: SlackFarmOptions): Promise<SlackFarm> {
  await using opened = new AsyncDisposableStack();
  const slack = opened.use(await startSlackEmulator(options.emulator));
  const program = opened.use(farm.start({ env: slackEnv(slack, options.mode), ...options.program }));
  await connectSlack(slack, program, options.mode);
  const parts = opened.move();
  let count = 0;
  return {
    ...{ slack, program },
    newcomer(known) {
      count += 1;
      return addUser(slack, { id: `U0NEW${count}`, name: `newcomer-${count}`, ...known });
    },
    newChannel() {
      count += 1;
      return addChannel(slack, `C0NEW${count}`);
    },
    async clean() {
      await slack.assertClean();
      expect(program.stderr()).not.toContain('"level":"error"');
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

export function slackEnv(slack: SlackEmulator, mode: SlackMode): Readonly<Record<string, string>> {
  const common = { SLACK_BOT_TOKEN: slack.botToken, SLACK_API_URL: slack.apiUrl };
  if (mode === 'socket') return { ...common, SLACK_APP_TOKEN: slack.appToken };
  return { ...common, SLACK_SIGNING_SECRET: signingSecret, PUBLIC_HOST: '127.0.0.1', PUBLIC_PORT: '0' };
}

/** Waits until the program is ready; tells Slack where it listens. */
export async function connectSlack(slack: SlackEmulator, program: Rigshift, mode: SlackMode): Promise<void> {
  if (mode === 'http') {
    const { publicAddress } = await program.untilLogs('ready');
    const requestUrl = `${publicAddress}/slack/events`;
    const http = slack.httpMode({ requestUrl, signingSecret, retryDelaysMs: [0, 100, 200] });
    expect(await http.verifyUrl('challenge')).toBe(true);
  }
  await untilReady(program);
}

function addUser(slack: SlackEmulator, { id, name, ...known }: UserOptions): Person {
  const usual = { realName: name, locale: 'en-US', tz: 'Etc/UTC', isBot: false, deleted: false };
  const standing = { isAdmin: false, isOwner: false, isPrimaryOwner: false };
  slack.state.users.set(id, { id, name, ...usual, ...standing, ...known });
  return slack.person(id);
}

function addChannel(slack: SlackEmulator, id: string): string {
  const name = id.toLowerCase();
  const members = new Set([...slack.state.users.keys(), app.botUserId]);
  slack.state.channels.set(id, { id, name, kind: 'public', members, imUser: null, isArchived: false, messages: [] });
  return name;
}

/** All that somebody reads in a message. */
export function textOf({ text, blocks }: Pick<Message, 'text' | 'blocks'>): string {
  return [text, ...blocks.map(textIn)].join('\n').replaceAll('\u200b', '');
}

function textIn(value: unknown): string {
  if (Array.isArray(value)) return value.map(textIn).join('\n');
  if (!isObject(value)) return '';
  const { type, text, title, elements, fields } = value;
  const inOneLine = typeof type === 'string' && /^rich_text_./.test(type) && Array.isArray(elements);
  if (inOneLine) return elements.map(textIn).join('');
  const own = typeof text === 'string' ? text : textIn(text);
  return [own, textIn(title), textIn(elements), textIn(fields)].filter((part) => part !== '').join('\n');
}
