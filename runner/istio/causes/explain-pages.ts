import {gatewayListeners} from '../gateway-routes.ts';
import type {MeshSnapshot} from '../snapshot.ts';
import {callersOf, gatewayPods} from '../way/page.ts';
import {proxyOf} from '../way/parties.ts';
import type {Candidate, Cause} from './cause.ts';
import {analysisOf, causeCodes} from './codes.ts';
import {detectors} from './detectors.ts';
import {istiodCauses, staticCauses} from './health.ts';
import {type AskedRequest, type ExplainInput, type Hop, sceneOf} from './hop.ts';
import {mechanisms} from './mechanisms.ts';
import {
  outcomeOf,
  type PagesInput,
  rightnessOfAll,
  type Wanted,
  type WantedCall,
  type WantedPage,
} from './page-rightness.ts';
import {wholly} from './predict.ts';
import {wrongRequests} from './wrong.ts';

/** More mistakes at once than this are found one after the other. */
const mostMistakes = 3;
/** Of a trial's gain, all that is no rounding. */
const least = 0.001;

interface Scored {
  candidate: Candidate;
  gain: number;
}

/**
 * Says why pages are not as they should be. Every cause is tried: its fix is played through on a copy of the mesh, over
 * all calls of all pages, and what mends most comes first. Where that is not enough, the next mistake behind it is
 * looked for in the copy, so that several are told in the order in which they bite. Empty where the mesh does what is
 * wanted.
 */
export function explainPages(input: PagesInput): readonly Cause[] {
  const notReady = input.partial ? [] : istiodCauses(hopInput(input, input.snapshot));
  const first = trials(input, input.snapshot);
  if (first.length === 0) return [...notReady, ...unstyled(input)];
  const [best, ...others] = first;
  const chain: Candidate[] = best ? [best.candidate] : [];
  let mended = best?.candidate.mended;
  while (mended && chain.length < mostMistakes && !isWhole(input, mended)) {
    const [next] = trials(input, mended);
    if (!next) break;
    chain.push({...next.candidate, behind: true});
    mended = next.candidate.mended;
  }
  const causes = unique([...chain, ...others.map(({candidate}) => candidate)]);
  return [...causes.map(asCause), ...notReady];
}

/** Without the copy it was tried on, and with what Istio's own analysis says of it. */
function asCause({mended: _mended, ...cause}: Candidate): Cause {
  const analysis = cause.analysis ?? analysisOf[cause.code];
  return {...cause, ...(analysis === undefined ? {} : {analysis})};
}

function isWhole(input: PagesInput, snapshot: MeshSnapshot): boolean {
  return rightnessOfAll(input, snapshot) >= input.wanted.length - (1 - wholly) * input.wanted.length;
}

/** The causes that would mend something, the best first. */
function trials(input: PagesInput, snapshot: MeshSnapshot): readonly Scored[] {
  if (isWhole(input, snapshot)) return [];
  const now = rightnessOfAll(input, snapshot);
  const candidates = unique(candidatesFor(input, snapshot));
  const direct = ranked(candidates.map(candidate => ({candidate, gain: after(input, candidate) - now})));
  if (direct.length > 0) return direct;
  // Two mistakes can hide each other, so that mending one alone changes nothing: then look one step ahead. The one that
  // bites first changes at least how things fail.
  const fails = endingsIn(input, snapshot);
  const ahead = candidates.flatMap(candidate => {
    const {mended} = candidate;
    if (!mended) return [];
    const best = Math.max(0, ...unique(candidatesFor(input, mended)).map(next => after(input, next)));
    return [{candidate, gain: best - now, bites: endingsIn(input, mended) !== fails}];
  });
  return ranked(ahead).sort(
    (a, b) => Math.round((b.gain - a.gain) * 1000) || Number(b.bites) - Number(a.bites),
  );
}

/** How every call of every page ends. */
function endingsIn(input: PagesInput, snapshot: MeshSnapshot): string {
  const hops = input.wanted.flatMap(wanted => outcomeOf(input, snapshot, wanted).hops);
  return JSON.stringify(hops.map(({answers}) => answers.map(({status, ending}) => [status, ending])));
}

/** A cause whose fix can't be played through counts as a full one. */
function after(input: PagesInput, {mended}: Candidate): number {
  return mended ? rightnessOfAll(input, mended) : input.wanted.length;
}

function ranked<T extends Scored>(scored: readonly T[]): T[] {
  return scored
    .filter(({gain}) => gain > least)
    .sort(
      (a, b) =>
        Math.round((b.gain - a.gain) * 1000) ||
        causeCodes.indexOf(a.candidate.code) - causeCodes.indexOf(b.candidate.code),
    );
}

function unique<T extends Cause>(causes: readonly T[]): readonly T[] {
  const seen = new Set<string>();
  return causes.filter(({code, object, fix}) => {
    const key = `${code} ${object} ${fix}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function candidatesFor(input: PagesInput, snapshot: MeshSnapshot): readonly Candidate[] {
  const wrong = input.wanted
    .map(wanted => ({wanted, ...outcomeOf(input, snapshot, wanted)}))
    .filter(({rightness}) => rightness < wholly);
  const routes = hopsOf(input, snapshot, input.wanted).flatMap(hop => {
    const scene = sceneOf(hopInput(input, snapshot), hop, snapshot);
    const requests = wrongRequests(scene);
    return requests.length === 0 ? [] : detectors.flatMap(detector => detector(scene, requests));
  });
  const others = wrong.flatMap(({wanted: {visitor}, hops}) =>
    hops.flatMap(hop => mechanisms.flatMap(mechanism => mechanism({snapshot, visitor, hop}))),
  );
  return [...routes, ...others];
}

const bookinfo = 'bookinfo';
const port = 9080;

/** The calls of the pages as places where a route is chosen. */
function hopsOf(input: PagesInput, snapshot: MeshSnapshot, all: readonly Wanted[]): readonly Hop[] {
  const calls = all.flatMap(each => ('call' in each ? hopOfCall(snapshot, each) : []));
  const wanted = all.filter(isPage);
  if (wanted.length === 0) return calls;
  const asked = (page: WantedPage): AskedRequest => ({
    who: page.visitor,
    headers: page.signedInAs === undefined ? {} : {'end-user': page.signedInAs},
    path: '/reviews/0',
    expected: page.expected,
    ...(page.anyShare ? {anyShare: true} : {}),
  });
  const any = (path: string) => wanted.map(page => ({...asked(page), path, expected: {}}));
  const hop = (app: string, host: string, requests: readonly AskedRequest[]): Hop => ({
    caller: {namespace: bookinfo, labels: {app}},
    host,
    port,
    requests,
  });
  const [gateway] = wanted.some(({via}) => via === 'gateway') ? gatewayPods({...input, snapshot}) : [];
  const listening = gateway && gatewayListeners(snapshot, proxyOf(gateway, 'gateway'))[0]?.port;
  const entry: readonly Hop[] = gateway
    ? [
        {
          caller: {namespace: gateway.namespace, labels: gateway.labels},
          as: 'gateway',
          host: '127.0.0.1',
          port: listening ?? servicePort(snapshot, gateway.namespace, gateway.name),
          requests: wanted.map(page => ({...asked(page), path: page.path ?? '/productpage', expected: {}})),
        },
      ]
    : [];
  return [
    ...calls,
    ...entry,
    hop('productpage', 'reviews', wanted.map(asked)),
    hop('reviews', 'ratings', any('/ratings/0')),
    hop('productpage', 'details', any('/details/0')),
  ];
}

function isPage(wanted: Wanted): wanted is WantedPage {
  return !('call' in wanted);
}

function hopOfCall(snapshot: MeshSnapshot, {visitor, from, call}: WantedCall): readonly Hop[] {
  const caller = callersOf(snapshot, from)[0];
  if (!caller) return [];
  const {host, port: number, path, headers} = call;
  return [
    {
      caller: {namespace: caller.namespace, labels: caller.labels},
      as: from.kind ?? 'sidecar',
      host,
      port: number,
      requests: [{who: visitor, headers, path, expected: {}}],
    },
  ];
}

/** Where a gateway's pod would listen for plain HTTP. */
function servicePort(snapshot: MeshSnapshot, namespace: string, pod: string): number {
  const ports = snapshot.services.flatMap(service => (service.namespace === namespace ? service.ports : []));
  const own = ports.filter(({endpoints}) => endpoints.some(({workload}) => workload?.name === pod));
  const http = own.find(({number}) => number === 80) ?? own[0];
  return http?.endpoints.find(({workload}) => workload?.name === pod)?.port ?? 80;
}

function hopInput(input: PagesInput, snapshot: MeshSnapshot): ExplainInput {
  return {
    snapshot,
    hops: [],
    ...(input.pods ? {pods: input.pods} : {}),
    ...(input.deployments ? {deployments: input.deployments} : {}),
    ...(input.failedStatic ? {failedStatic: input.failedStatic} : {}),
  };
}

/** Files of the page that no rule at the edge leads to, whether a browser missed them or the way shows it. */
function unstyled(input: PagesInput): readonly Cause[] {
  const missing = input.wanted.flatMap(wanted => {
    const styled = outcomeOf(input, input.snapshot, wanted).way?.styled;
    return styled && styled.status !== 200 ? [styled.path] : [];
  });
  const failedStatic = [...new Set([...(input.failedStatic ?? []), ...missing])];
  const hops = hopsOf(input, input.snapshot, input.wanted);
  return staticCauses({...hopInput(input, input.snapshot), hops, failedStatic});
}
