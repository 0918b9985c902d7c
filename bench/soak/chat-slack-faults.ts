import type { SlackEmulator } from '../../test/emulators/slack/emulator.ts';
import type { FaultOptions } from '../../test/emulators/slack/faults.ts';

type Begin = (slack: SlackEmulator) => () => void;

const faults = {
  'socket breaks': ({ socketMode }) => once(() => socketMode.drop({ closeFrame: false })),
  'one socket breaks': ({ socketMode }) =>
    once(() => {
      const [only = null] = socketMode.sockets();
      if (only !== null) socketMode.drop({ closeFrame: false, only });
    }),
  'socket is closed': ({ socketMode }) => once(() => socketMode.drop({ closeFrame: true })),
  'socket is warned': ({ socketMode }) => once(() => socketMode.disconnect('warning')),
  'socket is refreshed': ({ socketMode }) => once(() => socketMode.disconnect('refresh_requested', 1_500)),
  'socket is refreshed in a hurry': ({ socketMode }) => once(() => socketMode.disconnect('refresh_requested', 100)),
  'sockets are refused': ({ socketMode }) => {
    socketMode.refusesSockets = true;
    socketMode.drop({ closeFrame: false });
    return () => {
      socketMode.refusesSockets = false;
    };
  },
  'hello is late': ({ socketMode }) => {
    socketMode.helloDelayMs = 1_500;
    socketMode.drop({ closeFrame: false });
    return () => {
      socketMode.helloDelayMs = 0;
    };
  },
  'pings are not answered': ({ socketMode }) => {
    socketMode.answersPings = false;
    return () => {
      socketMode.answersPings = true;
    };
  },
  '429 of posts': met({ kind: '429', retryAfterSeconds: 1, method: 'chat.postMessage', times: 2 }),
  '429 of histories': met({ kind: '429', retryAfterSeconds: 2, method: 'conversations.history', times: 1 }),
  '429 of answers': met({ kind: '429', retryAfterSeconds: 1, method: 'response_url', times: 2 }),
  '429 of uploads': met({ kind: '429', retryAfterSeconds: 1, method: 'files.getUploadURLExternal', times: 1 }),
  'everything is 503': met({ kind: '5xx' }),
  'posts are 500': met({ kind: '5xx', status: 500, method: 'chat.postMessage', times: 6 }),
  'histories are 503': met({ kind: '5xx', method: 'conversations.history' }),
  'API is refused': met({ kind: 'reset' }),
  'a few resets': met({ kind: 'reset', times: 5 }),
  'posts are done, their answers lost': met({ kind: 'apply then reset', method: 'chat.postMessage', times: 3 }),
  'answers are done, their answers lost': met({ kind: 'apply then reset', method: 'response_url', times: 3 }),
  'forms are opened, the answers lost': met({ kind: 'apply then reset', method: 'views.open', times: 1 }),
  'everything is done, its answer lost': met({ kind: 'apply then reset', times: 6 }),
  'posts hang': met({ kind: 'hang', method: 'chat.postMessage', times: 2 }),
  'answers hang': met({ kind: 'hang', method: 'response_url', times: 2 }),
  'identities hang': met({ kind: 'hang', method: 'users.info', times: 2 }),
  'token refused once': met({ kind: 'invalid_auth', method: 'chat.postMessage', times: 1 }),
} as const satisfies Record<string, Begin>;

const begins: ReadonlyMap<string, Begin> = new Map(Object.entries(faults));

export const slackFaultKinds: readonly string[] = [...begins.keys()];

/** Returns what ends it. */
export function beginSlackFault(slack: SlackEmulator, kind: string): () => void {
  const begin = begins.get(kind);
  if (begin === undefined) throw new Error(`Slack has no fault ${kind}`);
  return begin(slack);
}

function once(act: () => void): () => void {
  act();
  return () => undefined;
}

function met(options: FaultOptions): Begin {
  return (slack) => {
    const fault = slack.fault(options);
    return () => fault.release();
  };
}
