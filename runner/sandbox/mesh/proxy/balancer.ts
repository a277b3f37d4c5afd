import type {HashKey} from '../../../istio/cluster-settings.ts';
import type {Cluster} from '../../../istio/clusters.ts';
import {queryOf} from '../../../istio/match.ts';
import type {Endpoint} from '../../../istio/snapshot.ts';
import type {Random} from '../../clock.ts';

/** What a choice may look at beside the cluster. */
export interface BalancedRequest {
  headers: Readonly<Record<string, string | undefined>>;
  path: string;
  sourceIp: string;
}

export interface Balancer {
  /**
   * Picks one of the endpoints that are not ejected.
   * @param avoid those that failed already: they are picked only if five tries find no other.
   */
  pick(
    cluster: Cluster,
    healthy: readonly Endpoint[],
    request: BalancedRequest,
    avoid: ReadonlySet<string>,
  ): Endpoint | undefined;
  started(endpoint: Endpoint): void;
  finished(endpoint: Endpoint): void;
}

export function addressOf(endpoint: Endpoint): string {
  return `${endpoint.ip}:${endpoint.port}`;
}

/** Envoy's load balancers. With nothing under way the default, least request, looks like random. */
export function createBalancer({random}: {random: Random}): Balancer {
  const active = new Map<string, number>();
  const turns = new Map<string, number>();

  const any = (endpoints: readonly Endpoint[]) => endpoints[Math.floor(random() * endpoints.length)];
  const load = (endpoint: Endpoint | undefined) => (endpoint ? (active.get(addressOf(endpoint)) ?? 0) : 0);

  function once(
    cluster: Cluster,
    endpoints: readonly Endpoint[],
    request: BalancedRequest,
  ): Endpoint | undefined {
    const {loadBalancing} = cluster.settings;
    switch (loadBalancing.algorithm) {
      case 'round-robin': {
        const turn = turns.get(cluster.name) ?? Math.floor(random() * endpoints.length);
        turns.set(cluster.name, turn + 1);
        return endpoints[turn % endpoints.length];
      }
      case 'consistent-hash': {
        const key = hashInput(loadBalancing.key, request);
        return key === undefined ? any(endpoints) : byHash(endpoints, key);
      }
      case 'least-request': {
        const first = any(endpoints);
        const second = any(endpoints);
        return load(second) < load(first) ? second : first;
      }
      default:
        return any(endpoints);
    }
  }

  return {
    pick(cluster, healthy, request, avoid) {
      if (healthy.length === 0) return undefined;
      let chosen = once(cluster, healthy, request);
      if (cluster.settings.loadBalancing.algorithm === 'consistent-hash') return chosen;
      for (let again = 0; again < 5 && chosen && avoid.has(addressOf(chosen)); again += 1) {
        chosen = once(cluster, healthy, request);
      }
      return chosen;
    },
    started(endpoint) {
      active.set(addressOf(endpoint), load(endpoint) + 1);
    },
    finished(endpoint) {
      const left = load(endpoint) - 1;
      if (left > 0) active.set(addressOf(endpoint), left);
      else active.delete(addressOf(endpoint));
    },
  };
}

/** The value of a cookie, without its quotes. */
export function cookieOf(
  headers: Readonly<Record<string, string | undefined>>,
  name: string,
): string | undefined {
  for (const pair of (headers['cookie'] ?? '').split(';')) {
    const equals = pair.indexOf('=');
    if (equals > 0 && pair.slice(0, equals).trim() === name) {
      return pair
        .slice(equals + 1)
        .trim()
        .replace(/^"(.*)"$/, '$1');
    }
  }
  return undefined;
}

function hashInput(key: HashKey, request: BalancedRequest): string | undefined {
  switch (key.by) {
    case 'header':
      return request.headers[key.name];
    case 'cookie':
      return cookieOf(request.headers, key.name);
    case 'query':
      return queryOf(request.path).get(key.name);
    case 'source-ip':
      return request.sourceIp;
  }
}

/** Highest random weight: like a hash ring, a lost endpoint moves only its own keys. */
function byHash(endpoints: readonly Endpoint[], key: string): Endpoint | undefined {
  let best: Endpoint | undefined;
  let highest = -1;
  for (const endpoint of endpoints) {
    const weight = hashOf(`${key}|${addressOf(endpoint)}`);
    if (weight > highest) {
      highest = weight;
      best = endpoint;
    }
  }
  return best;
}

export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
