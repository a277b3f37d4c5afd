import type {KubeObject} from '../../objects.ts';

/** `app=reviews,version=v1`, sorted by key; `<none>` when there are none. */
export function formatLabels(labels: Record<string, string> | undefined): string {
  const pairs = Object.entries(labels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return pairs.length === 0 ? '<none>' : pairs.map(([key, value]) => `${key}=${value}`).join(',');
}

/** A label selector on one line, as `-l` would take it. */
export function formatSelector(selector: any): string {
  const parts = Object.entries<string>(selector?.matchLabels ?? {}).map(([key, value]) => ({
    key,
    text: `${key}=${value}`,
  }));
  for (const {key, operator, values = []} of selector?.matchExpressions ?? []) {
    const list = [...values].sort().join(',');
    if (operator === 'In') parts.push({key, text: `${key} in (${list})`});
    else if (operator === 'NotIn') parts.push({key, text: `${key} notin (${list})`});
    else if (operator === 'Exists') parts.push({key, text: key});
    else if (operator === 'DoesNotExist') parts.push({key, text: `!${key}`});
    else return '<error>';
  }
  parts.sort((a, b) => (a.key < b.key ? -1 : 1));
  return parts.length === 0 ? '<none>' : parts.map(part => part.text).join(',');
}

/** The cells `Containers` and `Images` of a pod template. */
export function containerCells(template: any): [names: string, images: string] {
  const containers: KubeObject[] = template?.spec?.containers ?? [];
  return [containers.map(c => c['name']).join(','), containers.map(c => c['image'] ?? '').join(',')];
}

/** At most three, then how many more there are. */
export function firstThree(items: readonly string[], none: string): string {
  if (items.length === 0) return none;
  const shown = items.slice(0, 3).join(',');
  return items.length > 3 ? `${shown} + ${items.length - 3} more...` : shown;
}

/** A value that may be missing, as text. */
export function textOr(value: unknown, missing: string): string {
  return value === undefined || value === null || value === '' ? missing : String(value);
}

/** Go's way of printing a boolean pointer in tables. */
export function booleanText(value: boolean | undefined): string {
  if (value === undefined) return '<unset>';
  return value ? 'True' : 'False';
}

/** `10.0.0.1:80`, with brackets around IPv6. */
export function hostPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
