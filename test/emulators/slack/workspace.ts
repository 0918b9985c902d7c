import type { JsonObject } from './json.ts';

/** What a workspace holds before anybody speaks. Every field that tests rarely care about has a default. */
export interface WorkspaceOptions {
  readonly users?: readonly UserOptions[];
  readonly channels?: readonly ChannelOptions[];
  readonly userGroups?: readonly UserGroup[];
}

export interface UserOptions {
  readonly id: string;
  readonly name: string;
  readonly realName?: string;
  /** Of another workspace for whoever is there through a shared channel. */
  readonly teamId?: string;
  /** As Slack writes it: `en-US`, `fr-CA`. */
  readonly locale?: string;
  readonly tz?: string;
  readonly isAdmin?: boolean;
  readonly isOwner?: boolean;
  readonly isPrimaryOwner?: boolean;
  readonly isBot?: boolean;
  readonly deleted?: boolean;
}

export type SlackUser = Required<Omit<UserOptions, 'teamId'>> & Pick<UserOptions, 'teamId'>;

export interface ChannelOptions {
  readonly id: string;
  readonly name: string;
  readonly kind?: 'public' | 'private';
  /** Default: true. */
  readonly botIsMember?: boolean;
  /** User ids; default: everybody. */
  readonly members?: readonly string[];
  readonly isArchived?: boolean;
}

export interface UserGroup {
  readonly id: string;
  readonly handle: string;
  readonly users: readonly string[];
}

export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly kind: 'public' | 'private' | 'im';
  readonly members: Set<string>;
  /** The person of a direct message. */
  readonly imUser: string | null;
  isArchived: boolean;
  /** Oldest first, ephemeral ones among them. */
  readonly messages: Message[];
}

/** How a message came to be: a Web API method, a response_url, the acknowledgement of a command, or a person. */
export type MessageOrigin = 'web api' | 'response_url' | 'acknowledgement' | 'person';

export interface Message {
  readonly ts: string;
  readonly channel: string;
  readonly user: string;
  readonly byBot: boolean;
  text: string;
  blocks: readonly JsonObject[];
  metadata: JsonObject | null;
  readonly threadTs: string | null;
  readonly fileIds: readonly string[];
  /** The only person who sees it. */
  readonly ephemeralTo: string | null;
  readonly origin: MessageOrigin;
  /** The interaction whose response_url or acknowledgement made it. */
  readonly interaction: number | null;
  isDeleted: boolean;
  /** How often it was changed after it was posted. */
  edits: number;
  readonly reactions: string[];
}

export interface FileRecord {
  readonly id: string;
  readonly name: string;
  readonly expectedBytes: number;
  readonly altText: string | null;
  readonly uploadTicket: string;
  title: string;
  content: Buffer | null;
  isComplete: boolean;
  readonly channels: string[];
}

/** An open modal or a Home tab. */
export interface View {
  readonly id: string;
  readonly type: 'modal' | 'home';
  readonly userId: string;
  /** As the bot sent it. */
  definition: JsonObject;
  hash: string;
  readonly rootViewId: string;
  readonly previousViewId: string | null;
  /** The trigger that opened it. */
  readonly triggerId: string | null;
  /** What the person chose so far: block id → action id → value as in a payload's `state.values`. */
  values: Record<string, Record<string, JsonObject>>;
  isOpen: boolean;
  edits: number;
}

export interface Trigger {
  readonly userId: string;
  readonly interaction: number;
  readonly bornMs: number;
  /** The view it was pressed in. */
  readonly viewId: string | null;
  isUsed: boolean;
}

export interface ResponseUrl {
  readonly channel: string;
  readonly userId: string;
  readonly interaction: number;
  readonly bornMs: number;
  /** The message whose button was pressed, for replace_original. */
  readonly originalTs: string | null;
  uses: number;
}

/** What happened to a message or a view, in order. */
export interface Change {
  readonly sequence: number;
  readonly kind: 'posted' | 'updated' | 'deleted' | 'view';
  readonly message: Message | null;
  readonly view: View | null;
}
