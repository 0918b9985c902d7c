/** What keeps a server from writing, and what an operator can do about it. */
export interface Obstacle {
  readonly failure: string;
  readonly remedy: string;
}
