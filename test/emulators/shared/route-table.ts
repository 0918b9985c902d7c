export interface RouteKey {
  readonly method: string;
  /** `/channels/:channel/messages`; a segment that starts with a colon takes any one segment. */
  readonly template: string;
}

export interface RouteMatch<Route> {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/** Finds the first route whose method and template fit: specific templates stand before general ones. */
export class RouteTable<Route extends RouteKey> {
  readonly #routes: readonly { readonly route: Route; readonly segments: readonly string[] }[];

  constructor(routes: readonly Route[]) {
    this.#routes = routes.map((route) => ({ route, segments: route.template.split('/') }));
  }

  match(method: string, path: string): RouteMatch<Route> | null {
    const given = path.split('/').map(decode);
    for (const { route, segments } of this.#routes) {
      if (route.method !== method || segments.length !== given.length) continue;
      const params = paramsOf(segments, given);
      if (params !== null) return { route, params };
    }
    return null;
  }
}

function paramsOf(segments: readonly string[], given: readonly string[]): Record<string, string> | null {
  const params: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const value = given[index] ?? '';
    if (segment.startsWith(':') && value !== '') params[segment.slice(1)] = value;
    else if (segment !== value) return null;
  }
  return params;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
