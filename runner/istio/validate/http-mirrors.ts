import type {HttpRoute} from '../types.ts';
import {validateDestination} from './destinations.ts';
import type {Collector} from './findings.ts';

/** Where copies of the requests go, in the present form and the two older ones. */
export function validateMirrors(http: HttpRoute, found: Collector): void {
  const oldest = http.mirrorPercent ?? http.mirror_percent;
  if (oldest !== undefined) {
    if (oldest > 100) found.error(`mirror_percent must have a max value of 100 (it has ${oldest})`);
    found.warn('using deprecated setting "mirrorPercent", use "mirrorPercentage" instead');
  }
  validateShare(http.mirrorPercentage?.value, 'mirror_percentage', found);
  validateDestination(http.mirror, found);
  for (const {destination, percentage} of http.mirrors ?? []) {
    validateDestination(destination, found);
    validateShare(percentage?.value, 'mirror percentage', found);
  }
}

function validateShare(value = 0, where: string, found: Collector): void {
  if (value > 100) found.error(`${where} must have a max value of 100 (it has ${value.toFixed(6)})`);
  if (value < 0) found.error(`${where} must have a min value of 0 (it has ${value.toFixed(6)})`);
}
