import type { CompleteName } from '../chat/complete-line.ts';
import { createVocabulary } from '../chat/find-command.ts';
import { fleetLine } from '../chat/fleet-line.ts';
import { SeenIds } from '../chat/seen-ids.ts';
import { visibilityOf } from '../chat/visibility.ts';
import type { Config } from '../config/parse.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { AdminNotice, ChatHost, Dispatch } from '../ports/chat.ts';
import { presentationOf, type QuestionPorts } from './questions.ts';
import { createTurns } from './turns.ts';

export interface ChatHostParts {
  readonly dispatch: Dispatch;
  readonly complete: CompleteName;
  readonly snapshot: () => Snapshot | null;
  readonly tellAdmins: (notice: AdminNotice) => void;
}

/** What the application does for the places where people ask. */
export function createChatHost(
  config: Config,
  ports: Pick<QuestionPorts, 'commands' | 'sayIn' | 'clock'>,
  parts: ChatHostParts,
): ChatHost {
  const vocabulary = createVocabulary(ports.commands);
  const seen = new SeenIds();
  const turn = createTurns();
  const presentation = presentationOf(config, ports);
  return {
    dispatch: async (invocation) => {
      await turn();
      return await parts.dispatch(invocation);
    },
    complete: parts.complete,
    commands: ports.commands,
    visibilityOf: (text) => visibilityOf(text, vocabulary),
    isNew: (eventId) => seen.isNew(eventId),
    presentation,
    fleetLine: (locale) => {
      const snapshot = parts.snapshot();
      return snapshot === null ? null : fleetLine(snapshot, presentation(locale));
    },
    tellAdmins: parts.tellAdmins,
  };
}
