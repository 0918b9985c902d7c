import type { CompletedKind } from '../../src/chat/complete-line.ts';
import { createVocabulary } from '../../src/chat/find-command.ts';
import { sayEnglish } from '../../src/chat/languages/say.ts';
import type { Reply } from '../../src/chat/reply.ts';
import { SeenIds } from '../../src/chat/seen-ids.ts';
import { visibilityOf } from '../../src/chat/visibility.ts';
import type { AdminNotice, Answer, ChatHost, Invocation } from '../../src/ports/chat.ts';
import { sampleCommands } from '../chat/sample-commands.ts';

/** What a test answers to an invocation: a reply, or a whole answer where its outcome matters. */
export type FakeAnswer = Reply | Pick<Answer, 'outcome' | 'reply'>;

/** An application that answers what a test says, and remembers what it was asked. */
export class FakeChatHost implements ChatHost {
  /** In the order in which they came. */
  readonly invocations: Invocation[] = [];
  /** One for a key, as the application does. */
  readonly notices: AdminNotice[] = [];
  /** The fleet in a line; change it as the fleet changes. */
  line: string | null = '12 rigs: 60 GPUs mining';
  readonly names: Record<CompletedKind, readonly string[]> = {
    rig: ['a1', 'a2', 'b1'],
    site: ['quebec', 'north'],
    model: ['RTX 3090', 'RTX 4090'],
    coin: ['RVN', 'ETC'],
  };
  readonly commands: ChatHost['commands'];
  readonly #vocabulary;
  readonly #seen = new SeenIds();
  #answer: (invocation: Invocation) => FakeAnswer | Promise<FakeAnswer> = ({ text }) =>
    plainReply(`You asked: ${text}`);

  constructor(commands: ChatHost['commands'] = sampleCommands) {
    this.commands = commands;
    this.#vocabulary = createVocabulary(commands);
  }

  /** From now on; what was asked before is still answered as it was. */
  answerWith(answer: (invocation: Invocation) => FakeAnswer | Promise<FakeAnswer>): void {
    this.#answer = answer;
  }

  readonly dispatch = async (invocation: Invocation): Promise<Answer> => {
    this.invocations.push(invocation);
    const answer = await this.#answer(invocation);
    const { outcome, reply } = 'reply' in answer ? answer : { outcome: 'answered' as const, reply: answer };
    return { outcome, command: invocation.text.split(' ')[0] ?? null, facts: null, reply };
  };

  readonly complete: ChatHost['complete'] = (kind, prefix) =>
    this.names[kind].filter((name) => name.toLowerCase().startsWith(prefix.toLowerCase()));

  visibilityOf(text: string) {
    return visibilityOf(text, this.#vocabulary);
  }

  isNew(eventId: string): boolean {
    return this.#seen.isNew(eventId);
  }

  presentation(locale: string) {
    return { locale, timeZone: 'UTC', nowMs: Date.now(), say: sayEnglish(locale) };
  }

  fleetLine(): string | null {
    return this.line;
  }

  tellAdmins(notice: AdminNotice): void {
    if (!this.notices.some(({ key }) => key === notice.key)) this.notices.push(notice);
  }
}

/** A reply of one sentence. */
export function plainReply(headline: string): Reply {
  return { headline, blocks: [], next: [] };
}
