const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/**
 * A duration as `kubectl get` prints ages: at most two units, fewer as it grows (`119s`, `4m5s`, `3h4m`, `3d4h`,
 * `400d`, `2y3d`). The rule is that of Kubernetes' `util/duration`.
 * @param milliseconds a clock up to 2 s behind the server's still gives `0s`; beyond, `<invalid>`
 */
export function humanDuration(milliseconds: number): string {
  const seconds = Math.trunc(milliseconds / second);
  if (seconds < -1) return '<invalid>';
  if (milliseconds < 0) return '0s';
  if (milliseconds < 2 * minute) return `${seconds}s`;
  if (milliseconds < 10 * minute) return twoUnits(milliseconds, [minute, 'm'], [second, 's']);
  if (milliseconds < 3 * hour) return `${Math.floor(milliseconds / minute)}m`;
  if (milliseconds < 8 * hour) return twoUnits(milliseconds, [hour, 'h'], [minute, 'm']);
  if (milliseconds < 2 * day) return `${Math.floor(milliseconds / hour)}h`;
  if (milliseconds < 8 * day) return twoUnits(milliseconds, [day, 'd'], [hour, 'h']);
  if (milliseconds < 2 * 365 * day) return `${Math.floor(milliseconds / day)}d`;
  if (milliseconds < 8 * 365 * day) return twoUnits(milliseconds, [365 * day, 'y'], [day, 'd']);
  return `${Math.floor(milliseconds / (365 * day))}y`;
}

type Unit = readonly [milliseconds: number, letter: string];

function twoUnits(milliseconds: number, large: Unit, small: Unit): string {
  const rest = Math.floor((milliseconds % large[0]) / small[0]);
  const head = `${Math.floor(milliseconds / large[0])}${large[1]}`;
  return rest === 0 ? head : `${head}${rest}${small[1]}`;
}

/**
 * How long ago a timestamp of an object was.
 * @param now milliseconds since the epoch
 * @returns `<unknown>` for a missing or unreadable one
 */
export function ageOf(timestamp: string | null | undefined, now: number): string {
  const at = timestamp ? Date.parse(timestamp) : Number.NaN;
  return Number.isNaN(at) ? '<unknown>' : humanDuration(now - at);
}
