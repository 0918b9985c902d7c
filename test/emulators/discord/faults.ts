import type { FaultPlan, FaultRule, PlannedFault } from '../shared/fault-plan.ts';
import type { Gateway } from './gateway.ts';
import { opcodes } from './gateway-session.ts';
import type { Interactions } from './interactions.ts';
import type { FaultKind } from './rest/rest-server.ts';

/** Ends a fault. */
export interface Release extends Disposable {
  release(): void;
}

/** What a test can make go wrong. */
export class DiscordFaults {
  readonly #plan: FaultPlan<FaultKind>;
  readonly #gateway: Gateway;
  readonly #interactions: Interactions;

  constructor(plan: FaultPlan<FaultKind>, gateway: Gateway, interactions: Interactions) {
    this.#plan = plan;
    this.#gateway = gateway;
    this.#interactions = interactions;
  }

  /** Plans a fault of REST: for the next request of that route unless `times` says otherwise. */
  rest(rule: FaultRule<FaultKind>): PlannedFault {
    return this.#plan.add(rule);
  }

  /** Closes every connection with a code, or breaks it off without one. Sessions can be resumed. */
  dropConnections(code?: number): void {
    for (const connection of this.#gateway.connections) {
      if (connection.session !== null) connection.session.connection = null;
      if (code === undefined) connection.socket.terminate();
      else connection.close(code, 'dropped');
    }
  }

  /** Breaks connections off and lets something happen meanwhile: a RESUME replays it. */
  dropWithMissedEvent<Result>(act: () => Result): Result {
    this.dropConnections();
    return act();
  }

  /** New connections are refused until released. */
  refuseConnections(): Release {
    this.#gateway.refusing += 1;
    return releaseOf(() => {
      this.#gateway.refusing -= 1;
    });
  }

  /** The next RESUMEs are answered with an invalid session that cannot be resumed. */
  refuseResumes(times = 1): void {
    this.#gateway.refusedResumes += times;
  }

  /** Connections opened from now on are told nothing until released. */
  holdHello(): Release {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#gateway.helloGate = promise;
    return releaseOf(() => {
      this.#gateway.helloGate = null;
      resolve();
    });
  }

  /** The open connections become zombies: no heartbeat is acknowledged, nothing is sent. */
  freezeConnections(): void {
    for (const connection of this.#gateway.connections) connection.frozen = true;
  }

  /** Asks every connected client to reconnect and resume (op 7). */
  requestReconnect(): void {
    for (const connection of this.#gateway.connections) connection.signal(opcodes.reconnect, null);
  }

  /** Tells every connected client that its session is invalid (op 9). */
  invalidateSessions(resumable: boolean): void {
    if (!resumable) this.#gateway.forgetSessions();
    for (const connection of this.#gateway.connections) connection.signal(opcodes.invalidSession, resumable);
  }

  /** The next first answers to interactions are refused with 10062. */
  unknownInteractions(times = 1): void {
    this.#interactions.unknownNext += times;
  }

  /** The next interaction is delivered so often. */
  repeatNextInteraction(times = 2): void {
    this.#interactions.deliveriesOfNext = times;
  }
}

function releaseOf(end: () => void): Release {
  let ended = false;
  const release = () => {
    if (!ended) end();
    ended = true;
  };
  return { release, [Symbol.dispose]: release };
}
