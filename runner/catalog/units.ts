const unitMilliseconds: Readonly<Record<string, number>> = {ms: 1, s: 1000, m: 60_000, h: 3_600_000};

/** Milliseconds of `500ms`, `90s`, `10m` or `1h`; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text);
  if (!match) return undefined;
  return Math.round(Number(match[1]) * (unitMilliseconds[match[2] ?? ''] ?? 0));
}

/** A share between 0 and 1 from `33%`; undefined for anything else. */
export function parseShare(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*%$/.exec(text);
  if (!match) return undefined;
  const share = Number(match[1]) / 100;
  return share <= 1 ? share : undefined;
}
