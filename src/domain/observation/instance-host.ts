/** `a1` of `a1:9835`, `::1` of `[::1]:9835` and of `::1`, which has no port. */
export function hostPart(instance: string): string {
  const bracketed = /^\[(.*)\](?::\d+)?$/.exec(instance);
  if (bracketed !== null) return (bracketed[1] as string).toLowerCase();
  const colon = instance.lastIndexOf(':');
  const hasPort = colon !== -1 && colon === instance.indexOf(':');
  return (hasPort ? instance.slice(0, colon) : instance).toLowerCase();
}

export function isLoopback(host: string): boolean {
  return /^(?:localhost(?:\.localdomain)?|::1|127\.\d+\.\d+\.\d+|::ffff:127\.\d+\.\d+\.\d+)$/.test(host);
}
