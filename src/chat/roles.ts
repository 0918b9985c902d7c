import type { Role } from './command.ts';
import type { Invocation } from './invocation.ts';

/** In rising order: each may do what the one before it may. */
const roles: readonly Role[] = ['viewer', 'operator', 'admin'];

/** Whether somebody with the role `held` may do what `needed` may. */
export function mayAct(held: Role, needed: Role): boolean {
  return roles.indexOf(held) >= roles.indexOf(needed);
}

/** Ids of users and of the platform's roles or user groups. */
export interface DeclaredRoles {
  readonly admins: readonly string[];
  readonly operators: readonly string[];
}

/**
 * The role of whoever asks: admin is whom the platform puts in charge or the configuration names, operator whom the
 * configuration names, viewer everybody else. `declared` gives a platform's names; null where it has none.
 */
export function createRoleOf(declared: (platform: string) => DeclaredRoles | null): (invocation: Invocation) => Role {
  return ({ platform, user }) => {
    if (user.administers) return 'admin';
    const named = declared(platform);
    if (named === null) return 'viewer';
    const ids = [user.id, ...user.groups];
    if (ids.some((id) => named.admins.includes(id))) return 'admin';
    return ids.some((id) => named.operators.includes(id)) ? 'operator' : 'viewer';
  };
}
