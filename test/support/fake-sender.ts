import { type ChatSender, type Post, type Receipt, SendFailure } from '../../src/ports/chat.ts';

/** What happens to one call instead of its being done and answered; a failure is thrown as it is, and nothing done. */
export type SendFault = SendFailure | 'not sent' | 'lost but done' | 'lost' | 'refused' | 'hangs';

export interface StandingMessage {
  readonly key: string;
  readonly channel: string;
  readonly headline: string;
  readonly possibleRepeat: boolean;
  readonly message: string;
}

export interface FakePlatform {
  readonly sender: ChatSender;
  /** In the order in which they were posted. */
  readonly messages: StandingMessage[];
  /** Of each send that began, in order. */
  readonly begun: { readonly key: string; readonly priority: string }[];
  readonly edits: { readonly message: string; readonly headline: string }[];
  /** Taken one by one by the next calls; then all goes well. */
  readonly sendFaults: (SendFault | null)[];
  readonly findFaults: (SendFault | null)[];
  readonly editFaults: (SendFault | null)[];
  /** Whether the history may be read. */
  readable: boolean;
  connected: boolean;
  /** Channels in which every send hangs. */
  readonly hanging: Set<string>;
  readonly refusing: Set<string>;
  delete(message: string): void;
}

/** A platform that keeps what is posted, can be looked through, and fails in the ways that real ones do. */
export function fakePlatform(platform = 'discord'): FakePlatform {
  let posted = 0;

  const fake: FakePlatform = {
    messages: [],
    begun: [],
    edits: [],
    sendFaults: [],
    findFaults: [],
    editFaults: [],
    readable: true,
    connected: true,
    hanging: new Set(),
    refusing: new Set(),
    delete(message) {
      const index = fake.messages.findIndex((standing) => standing.message === message);
      if (index >= 0) fake.messages.splice(index, 1);
    },
    sender: {
      platform,
      async send(post, priority) {
        fake.begun.push({ key: post.key, priority });
        if (fake.hanging.has(post.channel)) return new Promise<never>(() => undefined);
        if (fake.refusing.has(post.channel)) throw new SendFailure('refused', 'no such channel');
        return withFault(fake.sendFaults.shift() ?? null, () => put(post));
      },
      async edit(receipt, post) {
        return withFault(fake.editFaults.shift() ?? null, () => {
          if (!fake.messages.some(({ message }) => message === receipt.message)) {
            throw new SendFailure('refused', 'message deleted');
          }
          fake.edits.push({ message: receipt.message, headline: post.reply.headline });
          return receipt;
        });
      },
      async find({ key, channel }) {
        return withFault(fake.findFaults.shift() ?? null, () => {
          if (!fake.readable) return { kind: 'cannot look', why: 'the history may not be read' };
          const there = fake.messages.find((message) => message.key === key && message.channel === channel);
          if (there === undefined) return { kind: 'not there' };
          return { kind: 'there', receipt: { channel, message: there.message } };
        });
      },
    },
  };

  function put({ key, channel, reply, possibleRepeat }: Post): Receipt {
    posted += 1;
    const message = String(posted);
    fake.messages.push({ key, channel, headline: reply.headline, possibleRepeat, message });
    return { channel, message };
  }

  return fake;
}

function withFault<T>(fault: SendFault | null, work: () => T): T | Promise<never> {
  if (fault instanceof SendFailure) throw fault;
  switch (fault) {
    case null:
      return work();
    case 'hangs':
      return new Promise<never>(() => undefined);
    case 'not sent':
      throw new SendFailure('not sent', 'the platform is down');
    case 'refused':
      throw new SendFailure('refused', 'missing permission');
    case 'lost but done':
      work();
      throw new SendFailure('unknown', 'the connection broke');
    case 'lost':
      throw new SendFailure('unknown', 'the connection broke');
  }
}
