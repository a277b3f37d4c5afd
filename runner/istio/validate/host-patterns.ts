/** Whether the host, which may be a pattern itself, lies within the pattern (Istio: `host.Name.SubsetOf`). */
export function isWithin(host: string, pattern: string): boolean {
  if (!pattern.startsWith('*')) return host === pattern;
  const suffix = pattern.slice(1);
  if (host.startsWith('*')) return host.length >= pattern.length && host.slice(1).endsWith(suffix);
  return host.endsWith(suffix);
}

/** Whether one of two hosts lies within the other (Istio: `host.Name.Matches`). */
export function areRelated(left: string, right: string): boolean {
  return isWithin(left, right) || isWithin(right, left);
}
