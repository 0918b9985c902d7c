import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ResponseSplitter } from '../../adapters/prometheus/response-splitter.ts';

function split(chunks: readonly Buffer[]): { readonly elements: readonly unknown[]; readonly envelope: unknown } {
  const elements: unknown[] = [];
  const splitter = new ResponseSplitter((json) => elements.push(JSON.parse(json)));
  for (const chunk of chunks) splitter.write(chunk);
  return { elements, envelope: splitter.end() };
}

const label = fc.string({
  unit: fc.constantFrom('"', '\\', '{', '}', '[', ']', ',', 'é', '\n', 'data', 'result', ':'),
});
const series = fc.record({
  metric: fc.dictionary(label, label, { maxKeys: 3 }),
  values: fc.array(fc.tuple(fc.nat(), label)),
});
const entries = (result: unknown) =>
  fc
    .shuffledSubarray([
      ['status', 'success'],
      ['warnings', ['{"data":{"result":[', 'w']],
      ['stats', { result: [1, 2], data: { result: 3 } }],
    ] as [string, unknown][])
    .chain((others) =>
      fc
        .constantFrom(['resultType', 'result'], ['result', 'resultType'])
        .map((keys) => Object.fromEntries(keys.map((key) => [key, key === 'result' ? result : 'matrix'])))
        .chain((data) => fc.nat({ max: others.length }).map((at) => others.toSpliced(at, 0, ['data', data]))),
    );

describe('an answer of the API', () => {
  it('is split into its series in whatever order its keys come and however its bytes are cut', () => {
    const answers = fc.array(series, { maxLength: 4 }).chain((result) =>
      fc.record({
        result: fc.constant(result),
        answer: entries(result).map((pairs) => Object.fromEntries(pairs)),
        indent: fc.constantFrom(0, 1),
        places: fc.array(fc.nat(), { maxLength: 6 }),
      }),
    );
    fc.assert(
      fc.property(answers, ({ result, answer, indent, places }) => {
        const bytes = Buffer.from(JSON.stringify(answer, null, indent));
        const cuts = [0, ...places.map((place) => place % bytes.length).sort((a, b) => a - b), bytes.length];
        const chunks = cuts.slice(1).map((end, index) => bytes.subarray(cuts[index]!, end));
        const expected = { elements: result, envelope: { ...answer, data: { ...Object(answer['data']), result: [] } } };
        expect(split(chunks)).toEqual(expected);
        expect(split([...bytes].map((byte) => Buffer.from([byte])))).toEqual(expected);
      }),
    );
  });

  it('is an error without a result', () => {
    const error = { status: 'error', errorType: 'bad_data', error: 'parse error: {"data":{"result":[]}}' };
    expect(split([Buffer.from(JSON.stringify(error))])).toEqual({ elements: [], envelope: error });
  });

  it.each([
    '',
    '<html>',
    '{"status":"success","data":{"result":[{"a":1}',
    '{"data":{"result":[1]}}',
    '{"data":{"result":[{}]',
  ])('is refused where it is cut short or something else: %s', (text) => {
    expect(() => split([Buffer.from(text)])).toThrow(SyntaxError);
  });

  it('is not held without bound', () => {
    const splitter = new ResponseSplitter(() => {});
    const block = Buffer.alloc(1024 * 1024, 'x');
    expect(() => {
      for (let times = 0; times < 3; times++) splitter.write(block);
    }).toThrow(/too long/);
  });
});
