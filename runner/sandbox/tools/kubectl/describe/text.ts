import {ageOf} from '../../../age.ts';

/** Lines with tabs between their cells; the caller lays them out. */
export class Lines {
  private readonly lines: string[] = [];

  /** Adds a line, two spaces in for each level. */
  add(level: number, text: string): void {
    this.lines.push('  '.repeat(level) + text);
  }

  raw(text: string): void {
    this.lines.push(text);
  }

  toString(): string {
    return `${this.lines.join('\n')}\n`;
  }
}

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Sun, 22 Nov 2026 18:56:24 +0000`, in the local zone. */
export function longTime(text: string | undefined): string {
  if (!text) return '<unset>';
  const time = new Date(text);
  const two = (value: number) => String(value).padStart(2, '0');
  const offset = -time.getTimezoneOffset();
  const zone = `${offset < 0 ? '-' : '+'}${two(Math.floor(Math.abs(offset) / 60))}${two(Math.abs(offset) % 60)}`;
  return `${days[time.getDay()]}, ${two(time.getDate())} ${months[time.getMonth()]} ${time.getFullYear()} ${[time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(':')} ${zone}`;
}

/** `Labels:` or a like block: one `key=value` a line, the first beside the title. */
export function pairs(
  lines: Lines,
  title: string,
  map: Record<string, string> | undefined,
  options: {level?: number; separator?: string} = {},
): void {
  const {level = 0, separator = '='} = options;
  const keys = Object.keys(map ?? {}).sort();
  if (keys.length === 0) {
    lines.add(level, `${title}:\t<none>`);
    return;
  }
  keys.forEach((key, index) => {
    const line = `\t${key}${separator}${map?.[key]}`;
    if (index === 0) lines.add(level, `${title}:${line}`);
    else lines.raw(line);
  });
}

const hidden = 'kubectl.kubernetes.io/last-applied-configuration';

/** `Annotations:`; what kubectl itself remembers is left out, long ones stand below their key. */
export function annotations(lines: Lines, map: Record<string, string> | undefined, level = 0): void {
  const keys = Object.keys(map ?? {})
    .filter(key => key !== hidden)
    .sort();
  if (keys.length === 0) {
    lines.add(level, 'Annotations:\t<none>');
    return;
  }
  keys.forEach((key, index) => {
    const value = (map?.[key] ?? '').replace(/\n$/, '');
    const first = index === 0 ? 'Annotations:' : '';
    if (value.length + key.length + 2 <= 140 && !value.includes('\n')) {
      lines.add(level, `${first}\t${key}: ${value}`);
      return;
    }
    lines.add(level, `${first}\t${key}:`);
    for (const line of value.split('\n'))
      lines.add(level, `\t  ${line.length > 140 ? `${line.slice(0, 137)}...` : line}`);
  });
}

/** The `Events:` table; oldest first. */
export function eventLines(lines: Lines, events: readonly any[], now: number): void {
  if (events.length === 0) {
    lines.add(0, 'Events:\t<none>');
    return;
  }
  lines.add(0, 'Events:\n  Type\tReason\tAge\tFrom\tMessage');
  lines.add(1, '----\t------\t----\t----\t-------');
  const last = (event: any) =>
    event.series?.lastObservedTime ??
    event.lastTimestamp ??
    event.eventTime ??
    event.metadata.creationTimestamp;
  const sorted = [...events].sort((left, right) => Date.parse(last(left)) - Date.parse(last(right)));
  for (const event of sorted) {
    const count = event.series?.count ?? event.count ?? 1;
    const first = event.firstTimestamp ?? event.eventTime;
    const when =
      count > 1
        ? `${ageOf(last(event), now)} (x${count} over ${ageOf(first, now)})`
        : ageOf(last(event), now);
    const from = event.source?.component || event.reportingComponent || '';
    lines.add(1, `${event.type}\t${event.reason}\t${when}\t${from}\t${(event.message ?? '').trim()}`);
  }
}
