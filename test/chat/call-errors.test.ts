import { describe, expect, it } from 'vitest';
import { isConnectError, isOwnMistake } from '../../src/chat/call-errors.ts';

const withCode = (code: string) => Object.assign(new Error(code), { code });

describe('a connection that was never made', () => {
  it.each<[string, unknown, boolean]>([
    ['refused', withCode('ECONNREFUSED'), true],
    ['no such name', withCode('ENOTFOUND'), true],
    ['refused on every address', new AggregateError([withCode('ECONNREFUSED'), withCode('ENETUNREACH')]), true],
    [
      'refused on one address, broken on another',
      new AggregateError([withCode('ECONNREFUSED'), withCode('ECONNRESET')]),
      false,
    ],
    ['refused, as fetch says it', new TypeError('fetch failed', { cause: withCode('ECONNREFUSED') }), true],
    ['broken in the middle', withCode('ECONNRESET'), false],
    ['slow to answer', withCode('UND_ERR_HEADERS_TIMEOUT'), false],
    ['no error at all', 'ECONNREFUSED', false],
  ])('%s: %s', (_, error, never) => expect(isConnectError(error)).toBe(never));
});

describe('a mistake of ours', () => {
  it.each<[string, unknown, boolean]>([
    ['a wrong name', new ReferenceError('x is not defined'), true],
    ['a wrong type', new TypeError('x is not a function'), true],
    ['a wrong length', new RangeError('Invalid array length'), true],
    ['what undici does not take', Object.assign(new Error('invalid body'), { code: 'UND_ERR_INVALID_ARG' }), true],
    ['a broken connection', new TypeError('fetch failed', { cause: new Error('ECONNRESET') }), false],
    ['a reset', Object.assign(new Error('reset'), { code: 'ECONNRESET' }), false],
    ['an answer that is no JSON', new SyntaxError('Unexpected token <'), false],
    ['no error at all', 'oops', false],
  ])('%s: %s', (_, error, ours) => expect(isOwnMistake(error)).toBe(ours));
});
