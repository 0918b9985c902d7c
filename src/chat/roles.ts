import type { Role } from './command.ts';

/** In rising order: each may do what the one before it may. */
const roles: readonly Role[] = ['viewer', 'operator', 'admin'];

/** Whether somebody with the role `held` may do what `needed` may. */
export function mayAct(held: Role, needed: Role): boolean {
  return roles.indexOf(held) >= roles.indexOf(needed);
}
