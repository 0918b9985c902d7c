import type { AnyCommand } from '../src/chat/command.ts';
import type { FleetContext } from '../src/fleet/context.ts';
import { audit } from './audit.ts';
import { digest } from './digest.ts';
import { createHelp } from './help.ts';
import { profit } from './profit.ts';
import { readiness } from './readiness.ts';
import { rig } from './rig.ts';
import { rigs } from './rigs.ts';
import { status } from './status.ts';

/** Every command, in the order of help. */
export const commands: readonly AnyCommand<FleetContext>[] = [
  status,
  rigs,
  rig,
  profit,
  readiness,
  digest,
  audit,
  createHelp(() => commands),
];
