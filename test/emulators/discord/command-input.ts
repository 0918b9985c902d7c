import { resolvedJson } from './interaction-payload.ts';
import type { Channel, DiscordState } from './state.ts';
import type { CommandJson, CommandOptionJson, UserJson } from './wire.ts';

export type OptionValue = string | number | boolean;

export interface SlashCommand {
  readonly command: string;
  readonly group?: string;
  readonly subcommand?: string;
  /** By name; users, channels and roles by id. */
  readonly options?: Readonly<Record<string, OptionValue>>;
}

/** The option somebody types into, and what stands there so far. */
export interface Focus {
  readonly name: string;
  readonly value: string;
}

const SUBCOMMAND = 1;
const GROUP = 2;
const REFERENCE_TYPES: ReadonlySet<number> = new Set([6, 7, 8, 9]);

/** `/fleet profit`. */
export function titleOf({ command, group, subcommand }: SlashCommand): string {
  return `/${[command, group, subcommand].filter((part) => part !== undefined).join(' ')}`;
}

/**
 * The `data` of a command's interaction, as Discord's client would send it.
 * @throws Error where the client would not let anybody send it: the test asks for something that is not registered.
 */
export function commandData(
  state: DiscordState,
  user: UserJson,
  channel: Channel,
  given: SlashCommand,
  focus: Focus | null,
): object {
  const command = registered(state, channel, given.command);
  const needed = BigInt(command.default_member_permissions ?? '0');
  if ((state.permissionsOf(user, channel) & needed) !== needed) {
    throw new Error(`/${command.name} is hidden from ${user.username}: it needs the permissions ${needed}`);
  }
  const title = titleOf(given);
  const path = [given.group, given.subcommand].filter((part) => part !== undefined);
  let options = command.options ?? [];
  const branches: CommandOptionJson[] = [];
  for (const name of path) {
    const branch = options.find((option) => option.name === name && option.type <= GROUP);
    if (branch === undefined) throw new Error(`${title}: there is no ${name}; there are ${namesOf(options)}`);
    branches.push(branch);
    options = branch.options ?? [];
  }
  if (options.some(({ type }) => type <= GROUP)) throw new Error(`${title} needs one of ${namesOf(options)}`);
  const leaves = optionsData(title, options, given.options ?? {}, focus);
  const nested = branches
    .toReversed()
    .reduce<readonly object[]>((inside, { name, type }) => [{ name, type, options: inside }], leaves);
  const ids = leaves.flatMap(({ type, value }) => (REFERENCE_TYPES.has(type) ? String(value) : []));
  return {
    id: command.id,
    name: command.name,
    type: command.type,
    options: nested,
    ...(command.guild_id === undefined ? {} : { guild_id: command.guild_id }),
    ...(ids.length === 0 ? {} : { resolved: resolvedJson(state, channel, ids) }),
  };
}

function registered(state: DiscordState, channel: Channel, name: string): CommandJson {
  const scopes = channel.guildId === null ? ['global'] : [channel.guildId, 'global'];
  const all = scopes.flatMap((scope) => state.commands.get(scope) ?? []);
  const found = all.find((command) => command.name === name && command.type === 1);
  if (found === undefined) throw new Error(`/${name} is not registered here; there are ${namesOf(all)}`);
  return found;
}

function namesOf(named: readonly { readonly name: string }[]): string {
  return named.map(({ name }) => name).join(', ') || 'none';
}

interface OptionData {
  readonly name: string;
  readonly type: number;
  readonly value: OptionValue;
  readonly focused?: true;
}

function optionsData(
  title: string,
  defined: readonly CommandOptionJson[],
  given: Readonly<Record<string, OptionValue>>,
  focus: Focus | null,
): readonly OptionData[] {
  const unknown = Object.keys(given).filter((name) => !defined.some((option) => option.name === name));
  if (unknown.length > 0) throw new Error(`${title} has no option ${unknown}; it has ${namesOf(defined)}`);
  const focused = defined.find(({ name }) => name === focus?.name);
  if (focus !== null && focused?.autocomplete !== true)
    throw new Error(`${title}: ${focus.name} does not autocomplete`);
  return defined.flatMap((option): readonly OptionData[] => {
    const { name, type } = option;
    if (name === focus?.name) return [{ name, type, value: focus.value, focused: true }];
    const value = given[name];
    if (value === undefined) {
      if (option.required === true && focus === null) throw new Error(`${title} needs ${name}`);
      return [];
    }
    const wrong = wrongValue(option, value);
    if (wrong !== null) throw new Error(`${title}: ${name} is ${JSON.stringify(value)}, but ${wrong}`);
    return [{ name, type, value }];
  });
}

/** Why Discord's client would not take the value, or null. */
function wrongValue(option: CommandOptionJson, value: OptionValue): string | null {
  const { type, choices, min_value, max_value, min_length, max_length } = option;
  if (choices && choices.length > 0 && !choices.some((choice) => choice.value === value)) {
    return `its choices are ${choices.map((choice) => choice.value).join(', ')}`;
  }
  if (type === SUBCOMMAND || type === GROUP) return 'it is a subcommand';
  if (type === 5) return typeof value === 'boolean' ? null : 'it is true or false';
  if (type === 4 || type === 10) {
    if (typeof value !== 'number' || (type === 4 && !Number.isInteger(value))) return 'it is a number';
    return value < (min_value ?? -Infinity) || value > (max_value ?? Infinity) ? 'it is out of range' : null;
  }
  if (typeof value !== 'string') return 'it is text';
  if (REFERENCE_TYPES.has(type)) return /^\d+$/.test(value) ? null : 'it is an id';
  return value.length < (min_length ?? 0) || value.length > (max_length ?? 6_000) ? 'its length does not fit' : null;
}
