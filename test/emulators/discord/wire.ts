import { z } from 'zod';

/** Discord's JSON, as far as the emulator looks into it. Names are the wire's. */

export interface UserJson {
  readonly id: string;
  readonly username: string;
  readonly global_name: string | null;
  readonly discriminator: string;
  readonly avatar: string | null;
  readonly bot: boolean;
  readonly public_flags: number;
  readonly flags: number;
  readonly primary_guild: null;
}

export interface AttachmentJson {
  readonly id: string;
  readonly filename: string;
  readonly size: number;
  readonly url: string;
  readonly proxy_url: string;
  readonly content_type?: string;
  readonly description?: string;
  readonly width?: number;
  readonly height?: number;
  readonly ephemeral?: boolean;
}

const link = z.looseObject({ url: z.string() });

const embed = z.looseObject({
  title: z.string().nullish(),
  description: z.string().nullish(),
  url: z.string().nullish(),
  color: z.int().nullish(),
  timestamp: z.string().nullish(),
  footer: z.looseObject({ text: z.string(), icon_url: z.string().nullish() }).nullish(),
  author: z.looseObject({ name: z.string(), url: z.string().nullish() }).nullish(),
  image: link.nullish(),
  thumbnail: link.nullish(),
  fields: z.array(z.looseObject({ name: z.string(), value: z.string(), inline: z.boolean().nullish() })).nullish(),
});
export type Embed = z.infer<typeof embed>;

const selectOption = z.looseObject({
  label: z.string(),
  value: z.string(),
  description: z.string().nullish(),
  default: z.boolean().nullish(),
});

/** Any component: rows, buttons, selects, text inputs and labels differ by `type`. */
const component = z.looseObject({
  type: z.int(),
  id: z.int().nullish(),
  custom_id: z.string().nullish(),
  style: z.int().nullish(),
  label: z.string().nullish(),
  description: z.string().nullish(),
  url: z.string().nullish(),
  emoji: z.unknown().optional(),
  disabled: z.boolean().nullish(),
  options: z.array(selectOption).nullish(),
  placeholder: z.string().nullish(),
  min_values: z.int().nullish(),
  max_values: z.int().nullish(),
  min_length: z.int().nullish(),
  max_length: z.int().nullish(),
  required: z.boolean().nullish(),
  value: z.string().nullish(),
  get components() {
    return z.array(component).nullish();
  },
  get component() {
    return component.nullish();
  },
});
export type Component = z.infer<typeof component>;

export const messageBody = z.looseObject({
  content: z.string().nullish(),
  embeds: z.array(embed).nullish(),
  components: z.array(component).nullish(),
  flags: z.int().nullish(),
  nonce: z.union([z.string(), z.int()]).nullish(),
  enforce_nonce: z.boolean().nullish(),
  tts: z.boolean().nullish(),
  attachments: z
    .array(
      z.looseObject({
        id: z.union([z.string(), z.int()]).transform(String),
        filename: z.string().nullish(),
        description: z.string().nullish(),
      }),
    )
    .nullish(),
  allowed_mentions: z
    .looseObject({
      parse: z.array(z.enum(['roles', 'users', 'everyone'])).nullish(),
      users: z.array(z.string()).nullish(),
      roles: z.array(z.string()).nullish(),
      replied_user: z.boolean().nullish(),
    })
    .nullish(),
  message_reference: z
    .looseObject({ message_id: z.string().nullish(), fail_if_not_exists: z.boolean().nullish() })
    .nullish(),
});
export type MessageBody = z.infer<typeof messageBody>;

export const modalBody = z.looseObject({
  custom_id: z.string(),
  title: z.string(),
  components: z.array(component),
});
export type Modal = z.infer<typeof modalBody>;

const choice = z.looseObject({
  name: z.string(),
  value: z.union([z.string(), z.number()]),
  name_localizations: z.record(z.string(), z.string()).nullish(),
});
export type Choice = z.infer<typeof choice>;
export const choicesBody = z.looseObject({ choices: z.array(choice) });

const localizations = z.record(z.string(), z.string()).nullish();

const commandOption = z.looseObject({
  type: z.int(),
  name: z.string(),
  description: z.string(),
  name_localizations: localizations,
  description_localizations: localizations,
  required: z.boolean().nullish(),
  autocomplete: z.boolean().nullish(),
  choices: z.array(choice).nullish(),
  min_value: z.number().nullish(),
  max_value: z.number().nullish(),
  min_length: z.int().nullish(),
  max_length: z.int().nullish(),
  channel_types: z.array(z.int()).nullish(),
  get options() {
    return z.array(commandOption).nullish();
  },
});
export type CommandOptionJson = z.infer<typeof commandOption>;

export const commandBody = z.looseObject({
  name: z.string(),
  type: z.int().nullish(),
  description: z.string().nullish(),
  name_localizations: localizations,
  description_localizations: localizations,
  options: z.array(commandOption).nullish(),
  default_member_permissions: z.union([z.string(), z.int()]).nullish(),
  contexts: z.array(z.int()).nullish(),
});
export type CommandBody = z.infer<typeof commandBody>;

export const callbackBody = z.looseObject({ type: z.int(), data: z.unknown().optional() });

export interface MessageJson {
  readonly id: string;
  readonly channel_id: string;
  readonly type: number;
  readonly author: UserJson;
  readonly timestamp: string;
  readonly tts: boolean;
  readonly pinned: boolean;
  content: string;
  edited_timestamp: string | null;
  mention_everyone: boolean;
  mentions: readonly UserJson[];
  mention_roles: readonly string[];
  attachments: readonly AttachmentJson[];
  embeds: readonly (Embed & { type: string })[];
  components: readonly Component[];
  flags: number;
  readonly nonce?: string | number;
  readonly application_id?: string;
  readonly webhook_id?: string;
  readonly interaction_metadata?: object;
  readonly message_reference?: object;
  readonly referenced_message?: MessageJson | null;
}

export interface CommandJson extends CommandBody {
  readonly id: string;
  readonly application_id: string;
  readonly version: string;
  readonly type: number;
  readonly description: string;
  readonly default_member_permissions: string | null;
  readonly nsfw: boolean;
  readonly guild_id?: string;
}

export const messageFlags = { ephemeral: 64, loading: 128, componentsV2: 1 << 15 } as const;
export const channelTypes = { text: 0, dm: 1, publicThread: 11 } as const;
export const componentTypes = { row: 1, button: 2, stringSelect: 3, textInput: 4, label: 18 } as const;
export const interactionTypes = { command: 2, component: 3, autocomplete: 4, modal: 5 } as const;
export const callbackTypes = {
  message: 4,
  deferredMessage: 5,
  deferredUpdate: 6,
  update: 7,
  choices: 8,
  modal: 9,
} as const;
