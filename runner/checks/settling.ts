import {type RoundKind, type SettleOptions, settle, waitingText} from '../../verify/settle.ts';
import type {Kube} from '../engines/kube/kube.ts';
import {labelSelectorText} from '../engines/kube/pods.ts';
import type {Answerers} from './answering.ts';
import type {CheckContext} from './context.ts';
import {findWorkload} from './workload.ts';

/** istiod gathers changes for 100 ms before it sends them; until then it would call the old ones settled. */
const debounceMilliseconds = 500;

/**
 * How a check settles, whatever it looks at: the engine says whether the proxies have the configuration, the cluster
 * who of `who` does not answer yet, and the screen what is waited for.
 */
export function settling(
  {kube, capabilities, settled, answering, time, signal, onProgress}: CheckContext,
  who: readonly Answerers[],
): Omit<SettleOptions, 'round'> {
  // Where a change arrives sooner than that, nobody gathers any.
  const gathered = capabilities.propagation > debounceMilliseconds;
  const earliest = time.now() + (gathered ? debounceMilliseconds : 0);
  return {
    configured: async () => time.now() >= earliest && (await settled?.(signal)) === true,
    starting: () => answering.starting(kube, who),
    bounds: capabilities,
    now: time.now,
    pause: milliseconds => time.pause(milliseconds, signal),
    ...(time.meanwhile ? {meanwhile: time.meanwhile} : {}),
    onWait: ({for: kind, elapsed, bound, ...rest}) => {
      const text = waitingText({for: kind, elapsed, bound, ...rest});
      onProgress({seen: text, waiting: {for: kind, text, elapsed, bound}});
    },
    signal,
  };
}

const bookinfo = 'bookinfo';

/** Where only what is wrong needs an excuse: nobody is waited for behind an answer that is right. */
export function unlessRight(options: Omit<SettleOptions, 'round'>): Omit<SettleOptions, 'round'> {
  return {
    ...options,
    starting: async round => (round === 'right' ? [] : options.starting?.(round)),
  };
}

/**
 * Settles by single looks, and proves by one more. A look that began when the configuration had arrived already is
 * as good as that one.
 */
export async function settleThenLook<T extends {kind: RoundKind}>(
  options: Omit<SettleOptions, 'round'>,
  look: () => Promise<T>,
): Promise<T> {
  let proof: T | undefined;
  await settle({
    ...options,
    async round() {
      const hasArrived = await options.configured();
      const seen = await look();
      proof = hasArrived ? seen : undefined;
      return seen.kind;
    },
    configured: () => proof !== undefined,
  });
  return proof ?? look();
}

/** Counters and log lines come a moment behind what they tell of. */
const afterwardsMilliseconds = 2000;

/** Looks until something has come to be that stays once it is there, such as a line in a log. @returns the last look. */
export async function lookUntilThere<T extends {kind: RoundKind}>(
  options: Omit<SettleOptions, 'round'>,
  look: () => Promise<T>,
): Promise<T> {
  let seen: T | undefined;
  const {startUp, propagation} = options.bounds;
  await settle({
    ...unlessRight(options),
    goodRounds: 1,
    configured: () => false,
    bounds: {startUp, propagation: Math.max(propagation, afterwardsMilliseconds)},
    async round() {
      seen = await look();
      return seen.kind;
    },
  });
  return seen ?? look();
}

/** The pods of a workload, which have to be ready. */
export async function podsOfNamed(
  kube: Kube,
  workload: string,
  namespace: string,
): Promise<readonly Answerers[]> {
  const object = await findWorkload(kube, workload, namespace);
  const selector = object ? labelSelectorText(object['spec']?.selector) : '';
  return selector === '' ? [] : [{namespace, selector}];
}

/** The pods of one of Bookinfo's services, of one version where that is meant; each says at `/health` how it is. */
export function podsOfApp(app: string, version?: string): Answerers {
  const selector = version ? `app=${app},version=${version}` : `app=${app}`;
  return {namespace: bookinfo, selector, asked: {port: 9080, path: '/health'}};
}
