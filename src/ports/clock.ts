/** The only source of the time outside tests; the domain is given instants and never asks. */
export interface Clock {
  /** Unix ms. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };
