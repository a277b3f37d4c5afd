import type {MeshSnapshot} from '../snapshot.ts';
import type {Candidate, Cause} from './cause.ts';
import {causeCodes} from './codes.ts';
import {destinationDetector} from './destinations.ts';
import {gatewayDetector} from './gateways.ts';
import {headerDetector} from './headers.ts';
import {istiodCauses, podsDetector, staticCauses} from './health.ts';
import {type ExplainInput, type Hop, sceneOf} from './hop.ts';
import {hostDetector} from './host-names.ts';
import {ruleDetector} from './rules.ts';
import {sidecarDetector} from './sidecars.ts';
import {subsetDetector} from './subsets.ts';
import {type Detector, totalRightness, wrongRequests} from './wrong.ts';

const detectors: readonly Detector[] = [
  sidecarDetector,
  podsDetector,
  hostDetector,
  subsetDetector,
  headerDetector,
  ruleDetector,
  destinationDetector,
  gatewayDetector,
];

/**
 * Says why requests are not answered as they should be, the likeliest cause first. Every cause is tried:
 * its fix is played through on a copy of the cluster, and what would mend most comes first.
 * Empty when the configuration does what is expected, so that the mistake must lie elsewhere.
 */
export function explain(input: ExplainInput): readonly Cause[] {
  const notReady = istiodCauses(input);
  for (const hop of input.hops) {
    const causes = explainHop(input, hop);
    // A request that never arrives says nothing about the hops behind.
    if (causes.length > 0) return [...causes, ...notReady];
  }
  return [...notReady, ...staticCauses(input)];
}

function explainHop(input: ExplainInput, hop: Hop): readonly Cause[] {
  const now = totalRightness(input, hop, input.snapshot);
  const candidates = candidatesFor(input, hop, input.snapshot);
  const direct = ranked(
    candidates.map(candidate => ({candidate, gain: resultOf(candidate, input, hop) - now})),
  );
  if (direct.length > 0) return direct;
  // Two mistakes can hide each other, so that mending one alone changes nothing: then look one step ahead.
  return ranked(candidates.map(candidate => ({candidate, gain: bestAfter(candidate, input, hop) - now})));
}

function candidatesFor(input: ExplainInput, hop: Hop, snapshot: MeshSnapshot): readonly Candidate[] {
  const scene = sceneOf(input, hop, snapshot);
  const wrong = wrongRequests(scene);
  return wrong.length === 0 ? [] : detectors.flatMap(detector => detector(scene, wrong));
}

function ranked(scored: readonly {candidate: Candidate; gain: number}[]): readonly Cause[] {
  const order = scored
    .filter(({gain}) => gain > 0.001)
    .sort(
      (a, b) =>
        Math.round((b.gain - a.gain) * 1000) ||
        causeCodes.indexOf(a.candidate.code) - causeCodes.indexOf(b.candidate.code),
    );
  const seen = new Set<string>();
  return order.flatMap(({candidate}) => {
    const {mended: _mended, ...cause} = candidate;
    const key = `${cause.code} ${cause.object} ${cause.fix}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [cause];
  });
}

function resultOf({mended}: Candidate, input: ExplainInput, hop: Hop): number {
  return mended ? totalRightness(input, hop, mended) : hop.requests.length;
}

function bestAfter({mended}: Candidate, input: ExplainInput, hop: Hop): number {
  if (!mended) return hop.requests.length;
  const next = candidatesFor(input, hop, mended).map(candidate => resultOf(candidate, input, hop));
  return Math.max(0, ...next);
}
