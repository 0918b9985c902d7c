import { isObject, type JsonObject, objectsOf } from './json.ts';
import type {
  Change,
  Channel,
  FileRecord,
  Message,
  ResponseUrl,
  SlackUser,
  Trigger,
  UserGroup,
  View,
  WorkspaceOptions,
} from './workspace.ts';

/** The identities that real payloads carry. */
export const team = { id: 'T0RIGSHIFT', domain: 'rigshift-test', name: 'Rigshift Test' } as const;
export const app = { id: 'A0RIGSHIFT', botUserId: 'U0BOT', botId: 'B0BOT', botName: 'rigshift' } as const;
export const verificationToken = 'verification-token';

type NewMessage = Pick<Message, 'channel' | 'user' | 'byBot' | 'text' | 'origin'> & Partial<Message>;

/** The workspace as Slack knows it. It refuses nothing: whoever changes it has checked. */
export class SlackState {
  readonly users = new Map<string, SlackUser>();
  readonly channels = new Map<string, Channel>();
  readonly userGroups: readonly UserGroup[];
  readonly files = new Map<string, FileRecord>();
  readonly views = new Map<string, View>();
  readonly triggers = new Map<string, Trigger>();
  readonly responseUrls = new Map<string, ResponseUrl>();
  readonly changes: Change[] = [];
  readonly now: () => number;
  readonly #changed: () => void;
  #lastMicros = 0;
  #ids = 0;

  constructor(workspace: WorkspaceOptions, now: () => number, changed: () => void) {
    this.now = now;
    this.#changed = changed;
    this.userGroups = workspace.userGroups ?? [];
    for (const user of workspace.users ?? defaultUsers) this.users.set(user.id, completeUser(user));
    this.users.set(app.botUserId, completeUser({ id: app.botUserId, name: app.botName, isBot: true }));
    for (const channel of workspace.channels ?? defaultChannels) {
      const members = new Set(channel.members ?? [...this.users.keys()].filter((id) => id !== app.botUserId));
      if (channel.botIsMember ?? true) members.add(app.botUserId);
      this.channels.set(channel.id, {
        id: channel.id,
        name: channel.name,
        kind: channel.kind ?? 'public',
        members,
        imUser: null,
        isArchived: channel.isArchived ?? false,
        messages: [],
      });
    }
  }

  /** Ids and the like: unique, and the same in every run. */
  nextId(prefix: string): string {
    this.#ids += 1;
    return `${prefix}${String(this.#ids).padStart(6, '0')}`;
  }

  /** `1610241741.000200`: the clock's time, later than every one before. */
  nextTs(): string {
    this.#lastMicros = Math.max(Math.floor(this.now()) * 1_000, this.#lastMicros + 1);
    const seconds = Math.floor(this.#lastMicros / 1_000_000);
    return `${seconds}.${String(this.#lastMicros % 1_000_000).padStart(6, '0')}`;
  }

  /** By id, or by name with or without `#`. */
  findChannel(idOrName: string): Channel | null {
    const name = idOrName.replace(/^#/, '');
    return this.channels.get(idOrName) ?? [...this.channels.values()].find((channel) => channel.name === name) ?? null;
  }

  openDirectMessage(userId: string): Channel {
    const known = [...this.channels.values()].find((channel) => channel.imUser === userId);
    if (known !== undefined) return known;
    const channel: Channel = {
      id: this.nextId('D'),
      name: 'directmessage',
      kind: 'im',
      members: new Set([userId, app.botUserId]),
      imUser: userId,
      isArchived: false,
      messages: [],
    };
    this.channels.set(channel.id, channel);
    return channel;
  }

  findMessage(channelId: string, ts: string): Message | null {
    const message = this.channels.get(channelId)?.messages.find((candidate) => candidate.ts === ts);
    return message === undefined || message.isDeleted ? null : message;
  }

  addMessage(fields: NewMessage): Message {
    const message: Message = {
      metadata: null,
      threadTs: null,
      fileIds: [],
      ephemeralTo: null,
      interaction: null,
      ...fields,
      blocks: this.#withBlockIds(fields.blocks ?? []),
      ts: this.nextTs(),
      isDeleted: false,
      edits: 0,
      reactions: [],
    };
    this.channels.get(message.channel)?.messages.push(message);
    this.changedMessage('posted', message);
    return message;
  }

  updateMessage(message: Message, fields: Partial<Pick<Message, 'text' | 'blocks' | 'metadata'>>): void {
    if (fields.text !== undefined) message.text = fields.text;
    if (fields.blocks !== undefined) message.blocks = this.#withBlockIds(fields.blocks);
    if (fields.metadata !== undefined) message.metadata = fields.metadata;
    message.edits += 1;
    this.changedMessage('updated', message);
  }

  deleteMessage(message: Message): void {
    message.isDeleted = true;
    this.changedMessage('deleted', message);
  }

  changedMessage(kind: 'posted' | 'updated' | 'deleted', message: Message): void {
    this.changes.push({ sequence: this.changes.length, kind, message, view: null });
    this.#changed();
  }

  addView(
    fields: Pick<View, 'type' | 'userId' | 'definition' | 'triggerId'> & { readonly previous: View | null },
  ): View {
    const id = this.nextId('V');
    const view: View = {
      id,
      type: fields.type,
      userId: fields.userId,
      definition: this.#viewWithIds(fields.definition),
      hash: this.nextId('hash.'),
      rootViewId: fields.previous?.rootViewId ?? id,
      previousViewId: fields.previous?.id ?? null,
      triggerId: fields.triggerId,
      values: {},
      isOpen: true,
      edits: 0,
    };
    this.views.set(id, view);
    this.#changedView(view);
    return view;
  }

  updateView(view: View, definition: JsonObject): void {
    view.definition = this.#viewWithIds(definition);
    view.hash = this.nextId('hash.');
    view.edits += 1;
    this.#changedView(view);
  }

  closeViews(rootViewId: string): void {
    for (const view of this.views.values()) if (view.rootViewId === rootViewId) view.isOpen = false;
    this.#changed();
  }

  #changedView(view: View): void {
    this.changes.push({ sequence: this.changes.length, kind: 'view', message: null, view });
    this.#changed();
  }

  #viewWithIds(definition: JsonObject): JsonObject {
    const blocks = definition['blocks'];
    return Array.isArray(blocks) ? { ...definition, blocks: this.#withBlockIds(blocks) } : definition;
  }

  /** Slack gives a block and an action that came without an id one of its own. */
  #withBlockIds(blocks: readonly JsonObject[]): readonly JsonObject[] {
    return blocks.map((block) => ({
      ...block,
      block_id: block['block_id'] ?? this.nextId('b'),
      ...(block['type'] === 'actions'
        ? { elements: objectsOf(block['elements']).map((element) => this.#withActionId(element)) }
        : {}),
      ...(isObject(block['accessory']) ? { accessory: this.#withActionId(block['accessory']) } : {}),
      ...(isObject(block['element']) ? { element: this.#withActionId(block['element']) } : {}),
    }));
  }

  #withActionId(element: JsonObject): JsonObject {
    return { action_id: this.nextId('a'), ...element };
  }
}

const defaultUsers: NonNullable<WorkspaceOptions['users']> = [
  { id: 'U0OWNER', name: 'olivia', isPrimaryOwner: true, isOwner: true, isAdmin: true },
  { id: 'U0ALICE', name: 'alice' },
];

const defaultChannels: NonNullable<WorkspaceOptions['channels']> = [
  { id: 'C0FARM', name: 'farm' },
  { id: 'C0ALERTS', name: 'alerts' },
];

function completeUser(user: NonNullable<WorkspaceOptions['users']>[number]): SlackUser {
  return {
    realName: user.name,
    locale: 'en-US',
    tz: 'Etc/UTC',
    isAdmin: false,
    isOwner: false,
    isPrimaryOwner: false,
    isBot: false,
    deleted: false,
    ...user,
  };
}
