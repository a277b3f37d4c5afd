import {describe, expect, it} from 'vitest';
import {meshWith, notSimulated, present, readCases, reason} from '../../testing/reported-cases.ts';
import type {CauseCode} from './codes.ts';
import {explainPages} from './explain-pages.ts';
import type {WantedPage} from './page-rightness.ts';

/** What was wanted of a case, for each visitor: a version, or shares of several. */
type Wanted = Readonly<Record<string, string | Readonly<Record<string, number>>>>;

interface Told {
  wanted: Wanted;
  via?: 'productpage' | 'gateway';
  /** Absent: it works, and nothing may be blamed. */
  cause?: [code: CauseCode, object: string];
}

const whole = {jason: {}, john: {}, anonymous: {}};
const all = (version: string): Wanted => ({jason: version, john: version, anonymous: version});
const jasonOnly = (version: string, others: string): Wanted => ({...all(others), jason: version});
const reviews = 'VirtualService bookinfo/reviews';
const subsets = 'DestinationRule bookinfo/reviews';

/** By the number of the case. */
const told: Readonly<Record<string, Told>> = {
  '01': {wanted: jasonOnly('v2', 'v3'), cause: ['match-means-or', reviews]},
  '02': {wanted: jasonOnly('v2', 'v3'), cause: ['regex-whole-value', reviews]},
  '04': {wanted: jasonOnly('v2', 'v1'), cause: ['header-name', reviews]},
  '06': {wanted: all('v1'), cause: ['gateway-not-matching', reviews]},
  '07': {wanted: all('v2')},
  '08': {
    wanted: {john: {v1: 0.9, v2: 0.1}},
    cause: ['host-of-the-caller', 'VirtualService bookinfo/productpage-to-reviews'],
  },
  '09': {
    wanted: jasonOnly('v2', 'v1'),
    cause: ['older-virtual-service-wins', 'VirtualService bookinfo/reviews-a-everyone'],
  },
  '10': {wanted: whole, via: 'gateway'},
  '11': {wanted: jasonOnly('v3', 'v1'), cause: ['subset-missing', subsets]},
  '13': {wanted: all('v1'), cause: ['subset-without-labels', subsets]},
  '14': {wanted: all('v2')},
  '16': {wanted: all('v2'), cause: ['port-not-http', 'Service bookinfo/reviews']},
  '17': {wanted: all('v2')},
  '18': {wanted: all('v2')},
  '19': {wanted: all('v1'), cause: ['rule-for-other-port', reviews]},
  '21': {wanted: jasonOnly('v3', 'v2')},
  '23': {wanted: all('v3')},
  '25': {wanted: {john: {v2: 0.5, v3: 0.5}}, cause: ['subset-missing', reviews]},
  '26': {wanted: all('v2'), cause: ['fault-injected', 'VirtualService bookinfo/ratings']},
  '27': {wanted: jasonOnly('v2', 'v1'), cause: ['delay-too-long', 'VirtualService bookinfo/ratings']},
  '29': {wanted: all('v2'), cause: ['timeout-too-short', reviews]},
  '31': {wanted: all('v2'), cause: ['mutual-tls-switched-off', subsets]},
  '32': {wanted: all('v2')},
  '33': {wanted: whole, cause: ['policy-allows-nobody', 'AuthorizationPolicy bookinfo/allow-nothing']},
  '35': {
    wanted: all('v2'),
    cause: ['policy-allows-others', 'AuthorizationPolicy bookinfo/details-and-reviews'],
  },
  '36': {wanted: all('v2'), cause: ['sidecar-hides-host', 'Sidecar bookinfo/default']},
  '39': {wanted: all('v3'), cause: ['not-exported', 'VirtualService default/reviews']},
  '44': {wanted: whole, via: 'gateway', cause: ['gateway-not-matching', 'Gateway bookinfo/bookinfo-gateway']},
  '47': {
    wanted: whole,
    via: 'gateway',
    cause: ['static-files-not-routed', 'VirtualService bookinfo/bookinfo'],
  },
  // The API refuses these, so that what is left is that no rule is there.
  '65': {wanted: all('v1'), cause: ['virtual-service-missing', reviews]},
  '68': {wanted: {jason: 'v3'}, cause: ['match-means-or', reviews]},
  '70': {wanted: all('v2')},
  '71': {wanted: all('v1'), cause: ['virtual-service-missing', reviews]},
  '72': {wanted: jasonOnly('v2', 'v3')},
};

function pages({wanted, via = 'productpage'}: Pick<Told, 'wanted' | 'via'>): readonly WantedPage[] {
  return Object.entries(wanted).map(([visitor, expected]) => ({
    visitor,
    via,
    ...(visitor === 'anonymous' ? {} : {signedInAs: visitor}),
    expected: typeof expected === 'string' ? {[expected]: 1} : expected,
  }));
}

describe.skipIf(!present)(`what people reported${reason}`, () => {
  const known = readCases().filter(({manifest}) => !notSimulated.test(manifest));
  const numberOf = (name: string) => name.slice(0, 2);

  it('is all told', () => {
    expect(known.map(({name}) => numberOf(name)).filter(number => !told[number])).toEqual([]);
  });

  const faulty = known.filter(({name}) => told[numberOf(name)]?.cause);
  it.each(faulty.map(each => [each.name, each] as const))(
    '%s is explained by its object first',
    (name, each) => {
      const {cause, ...asked} = told[numberOf(name)] as Told;
      const mesh = meshWith(each.manifest);
      const input = {snapshot: mesh.snapshot(), pods: mesh.pods(), wanted: pages(asked)};
      const [first] = explainPages(input);
      expect([first?.code, first?.object], first?.sentence).toEqual(cause);
      expect(first?.fix).toMatch(/^spec\./);
      expect(first?.command).toMatch(/^kubectl /);
    },
  );

  const controls = known.filter(({name}) => told[numberOf(name)] && !told[numberOf(name)]?.cause);
  it.each(controls.map(each => [each.name, each] as const))(
    '%s works, and nothing is blamed',
    (name, each) => {
      const mesh = meshWith(each.manifest);
      const input = {snapshot: mesh.snapshot(), pods: mesh.pods()};
      const asked = told[numberOf(name)] as Told;
      expect(explainPages({...input, wanted: pages(asked)})).toEqual([]);
      expect(explainPages({...input, wanted: pages({...asked, wanted: whole})})).toEqual([]);
    },
  );
});
