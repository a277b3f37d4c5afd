import {buildRoutes} from '../../runner/istio/build-routes.ts';
import {buildSnapshot} from '../../runner/istio/build-snapshot.ts';
import {decide} from '../../runner/istio/decide.ts';
import type {IstioObject} from '../../runner/istio/types.ts';
import {callers} from '../compare/world/callers.ts';
import {applied, kubernetesObjects} from '../compare/world/kubernetes-objects.ts';

const apiVersion = 'networking.istio.io/v1';

/** Bookinfo with a route for jason, and VirtualServices of services that the request has nothing to do with. */
function configuration(unrelated: number): {services: IstioObject[]; config: IstioObject[]} {
  const names = Array.from({length: unrelated}, (_, index) => `unrelated-${index}`);
  const route = (host: string, subset?: string) => [{destination: {host, ...(subset ? {subset} : {})}}];
  return {
    services: names.map((name, index) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {name, namespace: 'bookinfo'},
      spec: {
        clusterIP: `127.1.${100 + Math.floor(index / 250)}.${index % 250}`,
        selector: {app: name},
        ports: [{port: 9080, name: 'http'}],
      },
    })),
    config: applied([
      {
        apiVersion,
        kind: 'DestinationRule',
        metadata: {name: 'reviews'},
        spec: {host: 'reviews', subsets: ['v1', 'v2'].map(name => ({name, labels: {version: name}}))},
      },
      {
        apiVersion,
        kind: 'VirtualService',
        metadata: {name: 'reviews'},
        spec: {
          hosts: ['reviews'],
          http: [
            {match: [{headers: {'end-user': {exact: 'jason'}}}], route: route('reviews', 'v2')},
            {route: route('reviews', 'v1')},
          ],
        },
      },
      ...names.map(name => ({
        apiVersion,
        kind: 'VirtualService',
        metadata: {name},
        spec: {hosts: [name], http: [{route: route(name)}]},
      })),
    ]),
  };
}

export interface DecisionCost {
  /** Decisions in a second, on one core. */
  perSecond: number;
  /** From a changed configuration to the first decision. */
  firstMilliseconds: number;
}

/** What a decision costs beside so many VirtualServices of other hosts. */
export function decisionCost(unrelated: number, seconds = 1): DecisionCost {
  const {services, config} = configuration(unrelated);
  const world = kubernetesObjects();
  const snapshot = buildSnapshot({...world, services: [...world.services, ...services], config});
  const {kind, name, namespace, ip, labels} = callers.productpage;
  const request = {
    method: 'GET',
    authority: 'reviews:9080',
    path: '/reviews/0',
    scheme: 'http',
    headers: {'end-user': 'jason'},
    port: 9080,
    destinationIp: '127.1.96.4',
  };
  const startedAt = performance.now();
  const routes = buildRoutes(snapshot, {kind, name, namespace, ip, labels, serviceAccount: name});
  decide(routes, request, () => 0);
  const firstMilliseconds = performance.now() - startedAt;
  let decisions = 0;
  const begin = performance.now();
  while (performance.now() - begin < seconds * 1000) {
    for (let count = 0; count < 1000; count += 1) decide(routes, request, () => 0);
    decisions += 1000;
  }
  const perSecond = Math.round(decisions / ((performance.now() - begin) / 1000));
  return {perSecond, firstMilliseconds: Math.round(firstMilliseconds * 10) / 10};
}
