/** What came is no complete exposition, or a larger one than is read. */
export class ExpositionError extends Error {
  override readonly name = 'ExpositionError';
  readonly kind: 'malformed' | 'truncated' | 'too-large';
  constructor(kind: 'malformed' | 'truncated' | 'too-large', message: string) {
    super(message);
    this.kind = kind;
  }
}
