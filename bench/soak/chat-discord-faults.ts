import type { DiscordEmulator } from '../../test/emulators/discord/emulator.ts';

type Begin = (discord: DiscordEmulator) => () => void;

const post = { method: 'POST', route: '/channels/:channel/messages' } as const;
const history = { method: 'GET', route: '/channels/:channel/messages' } as const;
const answer = { method: 'PATCH', route: '/webhooks/:application/:token/messages/@original' } as const;
const first = { method: 'POST', route: '/interactions/:interaction/:token/callback' } as const;
const always = Number.POSITIVE_INFINITY;

const faults = {
  'gateway drops, session resumable': ({ faults }) => once(() => faults.dropConnections()),
  'gateway closes with 4000': ({ faults }) => once(() => faults.dropConnections(4000)),
  'gateway drops, session gone': ({ faults }) =>
    once(() => {
      faults.refuseResumes();
      faults.dropConnections();
    }),
  'gateway asks to reconnect': ({ faults }) => once(() => faults.requestReconnect()),
  'session invalid, resumable': ({ faults }) => once(() => faults.invalidateSessions(true)),
  'session invalid, gone': ({ faults }) => once(() => faults.invalidateSessions(false)),
  'gateway refuses connections': ({ faults }) => {
    const refusal = faults.refuseConnections();
    faults.dropConnections();
    return () => refusal.release();
  },
  'gateway falls silent': ({ faults }) => once(() => faults.freezeConnections()),
  'hello is late': ({ faults }) => {
    const hello = faults.holdHello();
    faults.dropConnections();
    return () => hello.release();
  },
  '429 of a channel': ({ faults }) => released(faults.rest({ kind: '429 route', ...post, times: 2 })),
  '429 of histories': ({ faults }) => released(faults.rest({ kind: '429 route', ...history, times: 2 })),
  // Answers to interactions are not bound to the global limit.
  '429 global': ({ faults }) => released(faults.rest({ kind: '429 global', route: /^\/channels\// })),
  'everything is 502': ({ faults }) => released(faults.rest({ kind: '502', times: always })),
  'posts are 500': ({ faults }) => released(faults.rest({ kind: '500', ...post, times: 8 })),
  'histories are 503': ({ faults }) => released(faults.rest({ kind: '503', ...history, times: always })),
  'API is refused': ({ faults }) => released(faults.rest({ kind: 'reset', times: always })),
  'a few resets': ({ faults }) => released(faults.rest({ kind: 'reset', times: 5 })),
  'posts are done, their answers lost': ({ faults }) =>
    released(faults.rest({ kind: 'apply then reset', ...post, times: 3 })),
  'answers are done, their answers lost': ({ faults }) =>
    released(faults.rest({ kind: 'apply then reset', ...answer, times: 3 })),
  'acknowledgements are done, their answers lost': ({ faults }) =>
    released(faults.rest({ kind: 'apply then reset', ...first, times: 2 })),
  'everything is done, its answer lost': ({ faults }) => released(faults.rest({ kind: 'apply then reset', times: 6 })),
  'posts hang': ({ faults }) => released(faults.rest({ kind: 'hang', ...post, times: 2 })),
  'acknowledgements hang': ({ faults }) => released(faults.rest({ kind: 'hang', ...first, times: 2 })),
  'answers hang': ({ faults }) => released(faults.rest({ kind: 'hang', ...answer, times: 2 })),
  'interactions are unknown': ({ faults }) => once(() => faults.unknownInteractions(2)),
  'an interaction comes three times': ({ faults }) => once(() => faults.repeatNextInteraction(3)),
} as const satisfies Record<string, Begin>;

const begins: ReadonlyMap<string, Begin> = new Map(Object.entries(faults));

export const discordFaultKinds: readonly string[] = [...begins.keys()];

/** Returns what ends it. */
export function beginDiscordFault(discord: DiscordEmulator, kind: string): () => void {
  const begin = begins.get(kind);
  if (begin === undefined) throw new Error(`Discord has no fault ${kind}`);
  return begin(discord);
}

function once(act: () => void): () => void {
  act();
  return () => undefined;
}

function released(fault: { release(): void }): () => void {
  return () => fault.release();
}
