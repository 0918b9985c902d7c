import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { z } from 'zod';
import { missingSamples, sampleText } from '../../support/samples.ts';

const samplePath = 'specs/discord-openapi.json';
const content = z.looseObject({ content: z.record(z.string(), z.unknown()).optional() });
const specShape = z.looseObject({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.union([
        z.array(z.unknown()),
        z.looseObject({ requestBody: content.optional(), responses: z.record(z.string(), content) }),
      ]),
    ),
  ),
});

export interface Mismatch {
  readonly path: readonly string[];
  readonly message: string;
}

/** Says what is wrong with a body, or null. */
export type BodyCheck = (body: unknown) => Mismatch | null;

/**
 * Discord's own OpenAPI document, where the recorded samples are there: bodies by route, in the emulator's templates.
 * Null for what the document says nothing of. Schemas are compiled when they are first needed, once a process.
 */
export interface OpenApi {
  request(method: string, template: string): BodyCheck | null;
  response(method: string, template: string, status: number): BodyCheck | null;
}

let shared: OpenApi | null | undefined;

export function openApi(): OpenApi | null {
  if (shared === undefined) shared = missingSamples() ? null : readOpenApi(sampleText(samplePath));
  return shared;
}

function readOpenApi(text: string): OpenApi {
  const document: object = JSON.parse(text);
  const { paths } = specShape.parse(document);
  const pathByTemplate = new Map(Object.keys(paths).map((path) => [path.replace(/\{\w+\}/g, ':'), path]));
  const ajv = new Ajv2020({ strict: false, validateSchema: false, logger: false, allErrors: false });
  addFormats.default(ajv);
  ajv.addSchema(lenient(document), 'discord');
  const checks = new Map<string, BodyCheck>();

  function check(pointer: readonly string[]): BodyCheck {
    const ref = `discord#/${pointer.map((part) => encodeURIComponent(part.replace(/~/g, '~0').replace(/\//g, '~1'))).join('/')}`;
    const known = checks.get(ref);
    if (known !== undefined) return known;
    const validate = ajv.compile({ $ref: ref });
    const made: BodyCheck = (body) => (validate(body) ? null : mismatchOf(validate));
    checks.set(ref, made);
    return made;
  }

  function operation(method: string, template: string) {
    const path = pathByTemplate.get(template.replace(/:\w+/g, ':'));
    const found = path === undefined ? undefined : paths[path]?.[method.toLowerCase()];
    return path === undefined || found === undefined || Array.isArray(found) ? null : { path, found };
  }

  return {
    request(method, template) {
      const known = operation(method, template);
      if (known?.found.requestBody?.content?.['application/json'] === undefined) return null;
      return check(['paths', known.path, method.toLowerCase(), 'requestBody', 'content', 'application/json', 'schema']);
    },
    response(method, template, status) {
      const known = operation(method, template);
      if (known?.found.responses[status]?.content?.['application/json'] === undefined) return null;
      const at = ['responses', String(status), 'content', 'application/json', 'schema'];
      return check(['paths', known.path, method.toLowerCase(), ...at]);
    },
  };
}

/** The real service takes permissions as text too, which the document forgets. */
function lenient(document: object): object {
  const text = JSON.stringify(document, (key, value: unknown) => {
    if (key !== 'default_member_permissions' || !isIntegerSchema(value)) return value;
    return { type: ['integer', 'string', 'null'] };
  });
  return JSON.parse(text);
}

function isIntegerSchema(value: unknown): boolean {
  return (
    z
      .looseObject({ type: z.array(z.string()) })
      .safeParse(value)
      .data?.type.includes('integer') ?? false
  );
}

/** Unions fail at every branch: the deepest place says most, and a limit more than a type. */
function mismatchOf({ errors }: ValidateFunction): Mismatch {
  const isUnion = (keyword: string) => ['enum', 'const', 'oneOf', 'anyOf', 'required'].includes(keyword);
  const weight = ({ instancePath, keyword }: ErrorObject) =>
    2 * instancePath.split('/').length + (isUnion(keyword) ? 0 : 1);
  const [worst] = (errors ?? []).toSorted((one, other) => weight(other) - weight(one));
  const path = worst?.instancePath.split('/').filter((part) => part !== '') ?? [];
  return { path, message: `${path.join('.') || 'the body'} ${worst?.message ?? 'does not fit'}` };
}
