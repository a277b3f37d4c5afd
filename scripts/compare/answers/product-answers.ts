import {buildRoutes} from '../../../runner/istio/build-routes.ts';
import {buildSnapshot} from '../../../runner/istio/build-snapshot.ts';
import type {Cluster} from '../../../runner/istio/clusters.ts';
import {decide, type RouteDecision} from '../../../runner/istio/decide.ts';
import {gatewayListeners} from '../../../runner/istio/gateway-routes.ts';
import {outboundListener, type TcpTarget} from '../../../runner/istio/listener.ts';
import type {RouteRequest} from '../../../runner/istio/match.ts';
import type {Routes} from '../../../runner/istio/route-table.ts';
import type {MeshProxy, MeshSnapshot} from '../../../runner/istio/snapshot.ts';
import type {CorsPolicy, HeaderOperations} from '../../../runner/istio/types.ts';
import {answerPreflight, corsHeaders} from '../../../runner/sandbox/mesh/proxy/cors.ts';
import {applyHeaderOperations, flatHeaders} from '../../../runner/sandbox/mesh/proxy/headers.ts';
import type {HeaderMap} from '../../../runner/sandbox/mesh/proxy/hop.ts';
import {type CompareCase, type CompleteRequest, completed} from '../cases/case.ts';
import {type CallerId, callers} from '../world/callers.ts';
import {applied, kubernetesObjects} from '../world/kubernetes-objects.ts';
import {places, standsIn} from '../world/places.ts';
import {backText, type Expected, forwardedText} from './answer.ts';

interface Outcome {
  text: string;
  share: number;
  pods?: readonly string[];
}

/** What the product's own routing says to each request of a case, with the exact probability of each answer. */
export function answersOfProduct({objects, requests, options = {}}: CompareCase): Expected[] {
  const snapshot = buildSnapshot({
    ...kubernetesObjects(options),
    config: applied(objects, options),
    ...(options.meshConfig ? {meshConfig: options.meshConfig} : {}),
  });
  const routes = new Map<CallerId, Routes>();
  return requests.map(request => {
    const wanted = completed(request, options);
    let own = routes.get(wanted.caller);
    if (!own) {
      own = buildRoutes(snapshot, proxyOf(wanted.caller));
      routes.set(wanted.caller, own);
    }
    return summed(outcomes(snapshot, own, wanted));
  });
}

function proxyOf(id: CallerId): MeshProxy {
  const {kind, name, namespace, ip, labels} = callers[id];
  return {kind, name, namespace, ip, labels, serviceAccount: name};
}

function summed(outcomes: readonly Outcome[]): Expected {
  const found: Expected = {};
  for (const {text, share, pods = []} of outcomes) {
    if (share === 0) continue;
    const known = found[text];
    found[text] = {
      share: (known?.share ?? 0) + share,
      pods: [...new Set([...(known?.pods ?? []), ...pods])],
    };
  }
  return found;
}

function outcomes(snapshot: MeshSnapshot, routes: Routes, wanted: CompleteRequest): Outcome[] {
  const {method, host, path, headers, port, ip} = wanted;
  const gateway = callers[wanted.caller].kind === 'gateway';
  const certain = (text: string, pods: readonly string[] = []) => [{text, share: 1, pods}];
  if (gateway) {
    const listens = gatewayListeners(snapshot, routes.proxy).some(listener => listener.port === port);
    if (!listens) return certain('error ECONNREFUSED');
  } else {
    const serverName = wanted.speak === 'tls' ? {serverName: host.replace(/:\d+$/, '')} : {};
    const listen = (random: () => number) => outboundListener(routes, {ip, port, ...serverName}, random);
    if (wanted.speak !== 'http' || listen(() => 0).kind !== 'http') {
      return sampled(random => {
        const listener = listen(random);
        return passedOn(listener.kind === 'http' ? listener.tcp : listener, ip);
      });
    }
  }
  const flat = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const request: RouteRequest = {
    method,
    authority: host,
    path,
    scheme: 'http',
    headers: flat,
    port,
    ...(gateway ? {} : {destinationIp: ip}),
  };
  const first = decide(routes, request, () => 0);
  const preflight = first.cors && preflightText(first.cors, request);
  const abort = first.fault?.abort;
  const aborted = abort ? Math.min(abort.percentage, 100) / 100 : 0;
  return [
    {text: `abort ${abort?.httpStatus}`, share: aborted},
    ...(preflight ? [{text: preflight, share: 1 - aborted}] : []),
    ...(preflight ? [] : eachDestination(routes, request, first)).map(({decision, share}) => ({
      ...carriedOut(decision, wanted, flat),
      share: (1 - aborted) * share,
    })),
  ];
}

function preflightText(policy: CorsPolicy, request: RouteRequest): string | undefined {
  let answered: string | undefined;
  answerPreflight(policy, request, ({status, headers = {}}) => {
    answered = `cors ${status}${backText(headers)}`;
  });
  return answered;
}

const samples = 200;

/** The outcomes of evenly spread numbers. */
function sampled(outcomeOf: (random: () => number) => Omit<Outcome, 'share'>): Outcome[] {
  return Array.from({length: samples}, (_, index) => ({
    ...outcomeOf(() => (index + 0.5) / samples),
    share: 1 / samples,
  }));
}

/** What becomes of a connection that is not HTTP. */
function passedOn(target: TcpTarget, ip: string): Omit<Outcome, 'share'> {
  if (target.kind === 'tcp-passthrough') return dialled(ip);
  if (target.kind !== 'tcp') return {text: 'error ECONNRESET'};
  if (target.cluster.toDialled) return dialled(ip);
  const pods = podsOf(target.cluster);
  if (pods.length === 0) return {text: 'error ECONNRESET'};
  return pods.every(standsIn) ? {text: 'passthrough', pods} : {text: 'tcp', pods};
}

function dialled(ip: string): Omit<Outcome, 'share'> {
  const name = nameOf(ip);
  return {text: standsIn(name) ? 'passthrough' : 'tcp', pods: [name]};
}

/** The decision for each destination that a request may be sent to, with its share. */
function eachDestination(
  routes: Routes,
  request: RouteRequest,
  first: RouteDecision,
): {decision: RouteDecision; share: number}[] {
  const destinations = 'destinations' in first ? first.destinations : [];
  if (destinations.length < 2) return [{decision: first, share: 1}];
  const total = destinations.reduce((sum, {weight}) => sum + weight, 0);
  let before = 0;
  return destinations.map(({weight}) => {
    // A number in the middle of what belongs to this destination.
    const number = (before + weight / 2) / total;
    before += weight;
    return {decision: decide(routes, request, () => number), share: weight / total};
  });
}

function carriedOut(
  decision: RouteDecision,
  {method, ip}: CompleteRequest,
  headers: HeaderMap,
): Omit<Outcome, 'share'> {
  switch (decision.kind) {
    case 'forward': {
      // The pods are HTTP/1.1 servers, in the sandbox too.
      if (decision.cluster.port.http2) return {text: `502 UPE ${decision.cluster.name}`};
      const sent: HeaderMap = {...headers};
      applyHeaderOperations(sent, decision.requestHeaders);
      const back: HeaderMap = {};
      if (decision.cors) Object.assign(back, corsHeaders(decision.cors, flatHeaders(headers)));
      applyHeaderOperations(back, decision.responseHeaders);
      const mirrored = decision.mirrors.flatMap(({cluster}) => (cluster ? [podsOf(cluster)] : []));
      const mirrors = mirrored.flatMap(([pod]) =>
        pod ? [{pod, host: decision.authority, path: decision.path}] : [],
      );
      const text = forwardedText({
        cluster: decision.cluster.name,
        method,
        path: decision.path,
        host: decision.authority,
        headers: sent,
        responseHeaders: back,
        route: decision.routeName,
        mirrors,
      });
      const pods = decision.cluster.toDialled ? [nameOf(ip)] : podsOf(decision.cluster);
      return {text, pods: [...pods, ...mirrored.flat().map(pod => `+${pod}`)]};
    }
    case 'no-route':
      return {text: '404 NR'};
    case 'unknown-cluster':
      return {text: '503 NC'};
    case 'no-endpoints':
      return {text: `503 UH ${decision.cluster.name}`};
    case 'redirect':
      return {text: `redirect ${decision.status} ${decision.location}${addedText(decision)}`};
    case 'direct-response':
      return {text: `direct ${decision.status} ${decision.body}${addedText(decision)}`};
    case 'passthrough':
      return dialled(ip);
    case 'block-all':
      return {text: '502 block_all'};
  }
}

/** What a rule adds to an answer of the proxy's own. */
function addedText({responseHeaders}: {responseHeaders: readonly HeaderOperations[]}): string {
  const back: HeaderMap = {};
  applyHeaderOperations(back, responseHeaders);
  return backText(back);
}

function podsOf({endpoints}: Cluster): string[] {
  return endpoints.map(({ip}) => nameOf(ip));
}

const names = new Map(places().map(({name, ip}) => [ip, name]));

function nameOf(ip: string): string {
  return names.get(ip) ?? ip;
}
