import {isDeepStrictEqual} from 'node:util';

/** Letters and digits that can't spell words, as Kubernetes uses for generated names. */
export const safeAlphabet = 'bcdfghjklmnpqrstvwxz2456789';

/**
 * A name part that only depends on the pod template: FNV-1a over its canonical JSON, spelt as Kubernetes spells
 * its own (8 to 10 characters). `collisions` makes another one of the same template.
 */
export function templateHash(template: unknown, collisions = 0): string {
  const text = `${canonical(template)}${collisions > 0 ? collisions : ''}`;
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return [...String(hash)].map(digit => safeAlphabet[digit.charCodeAt(0) % safeAlphabet.length]).join('');
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .sort(([left], [right]) => (left < right ? -1 : 1));
  return `{${fields.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(',')}}`;
}

/** Whether two pod templates ask for the same pods; the hash label that a controller added does not count. */
export function sameTemplate(left: any, right: any): boolean {
  return isDeepStrictEqual(withoutHash(left), withoutHash(right));
}

function withoutHash(template: any) {
  const copy = structuredClone(template ?? {});
  if (copy.metadata?.labels) delete copy.metadata.labels['pod-template-hash'];
  // Written as null by typed clients; it says nothing.
  if (copy.metadata) delete copy.metadata.creationTimestamp;
  return copy;
}
