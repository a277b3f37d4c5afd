import {entrances} from './mechanisms/entrances.ts';
import {faults} from './mechanisms/faults.ts';
import type {Mechanism} from './mechanisms/mechanism.ts';
import {mutualTls} from './mechanisms/mutual-tls.ts';
import {policies} from './mechanisms/policies.ts';
import {programs} from './mechanisms/programs.ts';
import {scopes} from './mechanisms/scopes.ts';
import {servicesBehind} from './mechanisms/services.ts';
import {times} from './mechanisms/times.ts';
import {unused} from './mechanisms/unused.ts';

/** What looks at one call of a page that is not as it should be. */
export const mechanisms: readonly Mechanism[] = [
  entrances,
  servicesBehind,
  scopes,
  unused,
  mutualTls,
  policies,
  faults,
  times,
  programs,
];
