import {regexFault} from '../re2.ts';
import type {IstioObject} from '../types.ts';
import type {ListenerMatch} from './envoy-listener-match.ts';
import {validateListenerMatch} from './envoy-listener-match.ts';
import type {Collector} from './findings.ts';
import {byteLength} from './go-format.ts';
import {validateLabelSelector} from './selectors.ts';

interface ConfigPatch {
  applyTo?: string;
  match?: {
    context?: string;
    proxy?: {proxyVersion?: string};
    listener?: ListenerMatch;
    routeConfiguration?: object;
    cluster?: object;
    waypoint?: object;
  };
  patch?: {operation?: string; value?: object};
}

interface EnvoyFilterSpec {
  workloadSelector?: {labels?: Record<string, string>};
  configPatches?: ConfigPatch[];
}

const longestVersion = 1024;

/** Istio: `ValidateEnvoyFilter`, less the patches' values, whose shape is that of Envoy's own API. */
export function validateEnvoyFilter(filter: IstioObject<EnvoyFilterSpec>, found: Collector): void {
  found.warn(
    'EnvoyFilter exposes internal implementation details that may change at any time. Prefer other APIs if possible, and exercise extreme caution, especially around upgrades.',
  );
  const {workloadSelector, configPatches = []} = filter.spec ?? {};
  if (!validateLabelSelector(workloadSelector, 'Envoy filter', found)) return;
  for (const patch of configPatches) if (patch.match?.context !== 'WAYPOINT') validatePatch(patch, found);
}

function validatePatch({applyTo = 'INVALID', match, patch}: ConfigPatch, found: Collector): void {
  const missing =
    applyTo === 'INVALID'
      ? 'applyTo'
      : !patch
        ? 'patch'
        : (patch.operation ?? 'INVALID') === 'INVALID'
          ? 'patch operation'
          : patch.operation !== 'REMOVE' && !patch.value
            ? 'patch value for non-remove operation'
            : undefined;
  if (missing) return found.error(`Envoy filter: missing ${missing}`);
  if (!validateVersion(match?.proxy?.proxyVersion ?? '', found)) return;
  if (match && !validateMatch(applyTo, match, found)) return;
  warnUntyped(applyTo, patch?.value, found);
}

function validateVersion(version: string, found: Collector): boolean {
  if (byteLength(version) > longestVersion) {
    found.warn(`Envoy filter: proxyVersion match exceeds ${longestVersion} characters and will be ignored`);
    return true;
  }
  const fault = regexFault(version);
  if (fault) found.error(`Envoy filter: invalid regex for proxy version, [${fault}]`);
  return !fault;
}

const listenerObjects = ['LISTENER', 'FILTER_CHAIN', 'NETWORK_FILTER', 'HTTP_FILTER'];
const routeObjects = ['ROUTE_CONFIGURATION', 'VIRTUAL_HOST', 'HTTP_ROUTE'];

/** @returns whether the patch is worth a further look: it is not after a wrong match of a listener. */
function validateMatch(applyTo: string, match: NonNullable<ConfigPatch['match']>, found: Collector): boolean {
  const {listener, routeConfiguration, cluster, waypoint} = match;
  if (!listener && !routeConfiguration && !cluster && !waypoint) return true;
  const wrong = (objects: string, kind: string) =>
    found.error(`Envoy filter: applyTo for ${objects} class objects cannot have non ${kind} match`);
  if (listenerObjects.includes(applyTo)) {
    if (listener) return validateListenerMatch(listener, applyTo, found);
    wrong('listener', 'listener');
    return false;
  }
  if (routeObjects.includes(applyTo)) {
    if (!routeConfiguration) wrong('http route', 'route configuration');
  } else if (applyTo === 'CLUSTER' && !cluster) wrong('cluster', 'cluster');
  return true;
}

const filterObjects = ['HTTP_FILTER', 'NETWORK_FILTER', 'LISTENER_FILTER', 'EXTENSION_CONFIG'];
const typed = ['typed_config', 'typedConfig', 'config_discovery', 'configDiscovery'];

/** A filter by its name alone, which Envoy is about to forget. */
function warnUntyped(applyTo: string, value: object | undefined, found: Collector): void {
  if (!value || !filterObjects.includes(applyTo) || typed.some(field => field in value)) return;
  const name = 'name' in value ? value.name : '';
  found.warn(`using deprecated types by name without typed_config; ${name}`);
}
