import type {VisitorPage} from '../../verify/observation.ts';
import {type SettleBounds, type SettleOptions, waitingText} from '../../verify/settle.ts';
import type {Condition} from '../catalog/lab.ts';
import type {Browsers} from '../checks/browsers.ts';
import {type Conditions, unseen} from '../checks/conditions.ts';
import type {CheckContext} from '../checks/context.ts';
import {createEvidenceFolder} from '../checks/evidence.ts';
import {labelOf} from '../checks/label.ts';
import type {ConditionResult} from '../checks/result.ts';
import {systemTime} from '../checks/wait.ts';
import type {ProbeContext, ProbedCluster} from './context.ts';
import {lookAtPageThere, lookAtRequests} from './look-at-answers.ts';
import {lookAtStars} from './look-at-stars.ts';

export interface ProbeOptions {
  url: string;
  /** Loads of each visitor in a proof. */
  loads: number;
  bounds: SettleBounds;
  browsers: Browsers;
  /** Where a second witness is to be had; absent where nobody gave a kubeconfig. */
  cluster?: ProbedCluster;
  evidenceFolder?: string;
}

/** Looks at conditions through an address alone: no engine, nothing that is made, and a cluster only to read of. */
export function createProbeConditions(options: ProbeOptions): Conditions {
  const {url, loads, bounds, browsers, cluster, evidenceFolder} = options;
  const pages = new Map<string, VisitorPage>();
  const evidence = evidenceFolder === undefined ? undefined : createEvidenceFolder(evidenceFolder);

  async function pagesOf(
    visitors: readonly string[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, VisitorPage>> {
    const browser = await browsers.lend(signal);
    const missing = visitors.filter(visitor => !pages.has(visitor));
    await Promise.all(missing.map(async visitor => pages.set(visitor, await browser.open({url, visitor}))));
    return new Map([...pages].filter(([visitor]) => visitors.includes(visitor)));
  }

  async function forget(): Promise<void> {
    const open = [...pages.values()];
    pages.clear();
    await Promise.allSettled(open.map(page => page.close()));
  }

  function look(condition: Condition, context: ProbeContext): Promise<Omit<ConditionResult, 'milliseconds'>> {
    switch (condition.kind) {
      case 'stars':
        return lookAtStars(condition, context);
      case 'page':
        return lookAtPageThere(condition, context);
      case 'request':
        return lookAtRequests(condition, context);
      default:
        throw new Error(`A probe can't look at "${condition.kind}".`);
    }
  }

  return {
    label,
    async check(condition, {signal, onProgress, onLoad, name}) {
      const startedAt = performance.now();
      const done = (result: Omit<ConditionResult, 'milliseconds'>): ConditionResult => ({
        ...result,
        milliseconds: performance.now() - startedAt,
      });
      try {
        return done(
          await look(condition, {
            url,
            loads,
            settling: settlingWithin(bounds, {signal, onProgress}),
            browsers,
            cluster,
            pages: visitors => pagesOf(visitors, signal),
            signal,
            onProgress,
            ...(onLoad ? {onLoad} : {}),
            ...(evidence
              ? {evidence: {settled: evidence.settled, begin: visitors => evidence.begin(visitors, name)}}
              : {}),
          }),
        );
      } catch (error) {
        await forget();
        const {seen, remedies} = signal.aborted ? {seen: 'It was interrupted.', remedies: []} : unseen(error);
        return done({verdict: 'unknown', label: label(condition), expected: 'to be seen', seen, remedies});
      }
    },
    pictures: async () => (await evidence?.settled()) ?? [],
    async watchTraffic() {
      throw new Error('A probe watches no traffic.');
    },
    warmUp: signal => browsers.warmUp(signal),
    async close() {
      try {
        await evidence?.settled();
      } finally {
        await forget();
        await browsers.close();
      }
    },
  };
}

function label(condition: Condition): string {
  return condition.kind === 'request' ? `${condition.times} x ${condition.url}` : labelOf(condition);
}

/** Nobody can say whether the proxies have a change, so three good rounds in a row stand in for that. */
function settlingWithin(
  bounds: SettleBounds,
  {signal, onProgress}: Pick<CheckContext, 'signal' | 'onProgress'>,
): Omit<SettleOptions, 'round'> {
  const {now, pause, meanwhile} = systemTime;
  return {
    configured: () => false,
    bounds,
    now,
    pause: milliseconds => pause(milliseconds, signal),
    ...(meanwhile ? {meanwhile} : {}),
    onWait: ({for: kind, elapsed, bound, ...rest}) => {
      const text = waitingText({for: kind, elapsed, bound, ...rest});
      onProgress({seen: text, waiting: {for: kind, text, elapsed, bound}});
    },
    signal,
  };
}
