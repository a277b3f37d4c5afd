const suffixes: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 1024,
  Mi: 1024 ** 2,
  Gi: 1024 ** 3,
  Ti: 1024 ** 4,
  Pi: 1024 ** 5,
};

/** A Kubernetes quantity (`500m`, `128Mi`) as a number in base units; NaN when it is none. */
export function parseQuantity(text: string | number): number {
  const match = /^(?<number>[+-]?[\d.]+(?:[eE][+-]?\d+)?)(?<suffix>[a-zA-Z]*)$/.exec(String(text));
  if (!match?.groups) return Number.NaN;
  const factor = match.groups['suffix'] === '' ? 1 : suffixes[match.groups['suffix'] ?? ''];
  return Number(match.groups['number']) * (factor ?? Number.NaN);
}
