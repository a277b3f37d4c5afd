import {destinationDetector} from './destinations.ts';
import {gatewayDetector} from './gateways.ts';
import {headerDetector} from './headers.ts';
import {podsDetector} from './health.ts';
import {hostDetector} from './host-names.ts';
import {matchWritingDetector} from './match-writing.ts';
import {matchDetector} from './matches.ts';
import {ruleDetector} from './rules.ts';
import {sidecarDetector} from './sidecars.ts';
import {subsetDetector} from './subsets.ts';
import type {Detector} from './wrong.ts';

/** What looks at the route of one call. */
export const detectors: readonly Detector[] = [
  sidecarDetector,
  podsDetector,
  hostDetector,
  subsetDetector,
  headerDetector,
  matchWritingDetector,
  matchDetector,
  ruleDetector,
  destinationDetector,
  gatewayDetector,
];
