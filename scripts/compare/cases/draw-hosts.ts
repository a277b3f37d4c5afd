import type {Choices} from './random.ts';
import {domain, namespaces, serviceNames, wildcardHosts} from './words.ts';

/** A host as somebody writes it in a configuration of that namespace: mostly one that exists. */
export function drawHost({one, chance}: Choices, namespace: string): string {
  const name = one(serviceNames);
  if (chance(0.06)) return one(['nowhere', 'reviewz', `reviews.default.${domain}`, 'api.example.com']);
  if (chance(0.06)) return `notes.other.${domain}`;
  if (chance(0.06)) return `${name}.bookinfo`;
  if (namespace === 'bookinfo' && chance(0.7)) return name;
  return `${name}.bookinfo.${domain}`;
}

export function drawWildcard({one}: Choices): string {
  return one(wildcardHosts);
}

/** In that share of all calls a namespace of several, else Bookinfo's. */
export function drawMeta({one, chance}: Choices, name: string, share = 1) {
  return {name, namespace: chance(share) ? one(namespaces) : 'bookinfo'};
}

export function drawExportTo({one, maybe}: Choices, share: number) {
  const lists = [['.'], ['*'], ['bookinfo'], ['other'], ['bookinfo', 'other']];
  return maybe(share, () => ({exportTo: one(lists)}));
}
