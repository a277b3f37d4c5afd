const nanoseconds: Record<string, number> = {
  ...{ns: 1, us: 1e3, µs: 1e3, μs: 1e3, ms: 1e6, s: 1e9, m: 6e10, h: 3.6e12},
};

/**
 * Milliseconds of a Go duration (`0.5s`, `1m30s`), the form protobuf durations take in Istio's YAML; exact to the
 * nanosecond.
 * @returns undefined when the text is absent or no duration.
 */
export function parseDuration(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const unsigned = text.replace(/^[+-]/, '');
  if (unsigned === '0') return 0;
  // Sticky: where one part does not follow another, the rest isn't searched for one, digit by digit.
  const parts = [...unsigned.matchAll(/(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/gy)];
  if (parts.length === 0 || parts.map(part => part[0]).join('') !== unsigned) return undefined;
  const total = parts.reduce((sum, part) => sum + Number(part[1]) * (nanoseconds[part[2] ?? ''] ?? 0), 0);
  const milliseconds = Math.trunc(Number(total.toPrecision(15))) / 1e6;
  return text.startsWith('-') ? -milliseconds : milliseconds;
}
