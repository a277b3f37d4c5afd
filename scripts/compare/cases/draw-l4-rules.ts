import type {L4Match, L4Route} from '../../../runner/istio/types.ts';
import {entryAddress} from '../world/addresses.ts';
import {drawHost} from './draw-hosts.ts';
import type {Choices} from './random.ts';
import {domain} from './words.ts';

/** The services with ports that are not HTTP. */
const plainHosts = [`journal.bookinfo.${domain}`, `journal.bookinfo.${domain}`, `archive.other.${domain}`];

/** A host for VirtualServices that route bytes. */
export function drawPlainHost({one, chance}: Choices): string {
  return chance(0.8) ? one(plainHosts) : one([`*.bookinfo.${domain}`, 'api.example.com', 'db.example.com']);
}

function drawRoute(choices: Choices, namespace: string): L4Route['route'] {
  const {one, chance, maybe} = choices;
  const count = one([1, 1, 2]);
  return Array.from({length: count}, () => ({
    destination: {
      host: chance(0.7) ? one(plainHosts) : drawHost(choices, namespace),
      ...maybe(0.5, () => ({port: {number: one([9100, 9143, 9180, 9080])}})),
      ...maybe(0.3, () => ({subset: one(['v1', 'v2'])})),
    },
    ...(count > 1 ? {weight: one([1, 3, 50])} : {}),
  }));
}

function drawMatch({one, maybe}: Choices): L4Match {
  return {
    ...maybe(0.5, () => ({port: one([9100, 9143, 9180])})),
    ...maybe(0.2, () => ({sourceLabels: {app: one(['productpage', 'client'])}})),
    ...maybe(0.2, () => ({destinationSubnets: one([[entryAddress], ['127.1.96.0/24'], ['127.1.44.0/24']])})),
    ...maybe(0.1, () => ({gateways: [one(['mesh', 'gw'])]})),
  };
}

export function drawTcpRule(choices: Choices, namespace: string): L4Route {
  const matches = choices.one([0, 1, 1, 2]);
  return {
    ...(matches > 0 ? {match: Array.from({length: matches}, () => drawMatch(choices))} : {}),
    route: drawRoute(choices, namespace) ?? [],
  };
}

/** The names it asks for are among the VirtualService's hosts, as Istio's validation wants it. */
export function drawTlsRule(choices: Choices, namespace: string, host: string): L4Route {
  const name = host.startsWith('*') && choices.chance(0.5) ? host.replace('*', 'journal') : host;
  return {
    match: [{...drawMatch(choices), sniHosts: [name]}],
    route: drawRoute(choices, namespace) ?? [],
  };
}
