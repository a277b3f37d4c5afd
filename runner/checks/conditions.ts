import type {Condition} from '../catalog/lab.ts';
import type {Kube} from '../engines/kube/kube.ts';
import {KubeError} from '../engines/kube/rest.ts';
import {exitCodes, type Remedy, WorkshopError} from '../errors.ts';
import {createAnswering} from './answering.ts';
import {checkAnswer, checkCommand} from './command.ts';
import type {CheckContext, Checker, ClusterlessContext} from './context.ts';
import {diagnose} from './diagnose.ts';
import {createEvidenceFolder, type EvidenceFolder} from './evidence.ts';
import {labelOf} from './label.ts';
import {checkLog} from './log.ts';
import {checkMetric} from './metric.ts';
import {checkPage} from './page.ts';
import {proxyLogsOf} from './proxy-logs.ts';
import {checkReady} from './ready.ts';
import {checkRelease} from './release.ts';
import {checkRequest} from './request.ts';
import {checkAbsent, checkCrds, checkResource} from './resource.ts';
import type {ConditionResult, ReviewsPicture} from './result.ts';
import {checkStars} from './stars.ts';
import {type TrafficLoad, watchTraffic} from './traffic.ts';
import {createVisits} from './visits.ts';
import {systemTime} from './wait.ts';

type Clusterless = 'command' | 'answer';

/** One checker for each kind of condition: a new kind without one does not compile. */
const checkers: {[K in Exclude<Condition['kind'], Clusterless>]: Checker<K>} = {
  stars: checkStars,
  resource: checkResource,
  absent: checkAbsent,
  ready: checkReady,
  crds: checkCrds,
  release: checkRelease,
  page: checkPage,
  request: checkRequest,
  log: checkLog,
  metric: checkMetric,
};

const clusterless: {[K in Clusterless]: Checker<K, ClusterlessContext>} = {
  command: checkCommand,
  answer: checkAnswer,
};

export interface Conditions {
  /** What a condition is about, before it is looked at. */
  label(condition: Condition): string;
  /** Looks at one condition; a failed one comes with its causes. What could not be seen is `unknown`. */
  check(
    condition: Condition,
    options: Pick<CheckContext, 'signal' | 'onProgress' | 'onLoad'> & {
      /** Names this look below the folder of evidence, where that of each is kept. */
      name?: string;
    },
  ): Promise<ConditionResult>;
  /** How the reviews looked in the last check of the page, when that is written; nothing where no evidence is kept. */
  pictures(): Promise<readonly ReviewsPicture[]>;
  /** Loads the page as every visitor until the signal. @throws WorkshopError when there is no way to the page. */
  watchTraffic(options: {
    visitors: readonly string[];
    signal: AbortSignal;
    onLoad(load: TrafficLoad): void;
  }): Promise<void>;
  /** Has a browser ready by the time the first check wants one; says nothing when there is none. */
  warmUp(signal: AbortSignal): void;
  /** Closes the pages and the browser. */
  close(): Promise<void>;
}

export type ConditionsOptions = Omit<
  CheckContext,
  'kube' | 'visits' | 'answering' | 'time' | 'signal' | 'onProgress' | 'onLoad' | 'evidence'
> & {
  /** Keeps the evidence of the last check of the page here when set. */
  evidenceFolder?: string;
  /** Keeps that of each check, with traces and proxy logs of those that fail. */
  keepsEach?: boolean;
  openKube(): Promise<Kube>;
};

export function createConditions(options: ConditionsOptions): Conditions {
  let kube: Promise<Kube> | undefined;
  const visits = createVisits(options.browsers);
  const answering = createAnswering({startUp: options.capabilities.startUp, now: () => Date.now()});
  const {evidenceFolder, keepsEach} = options;
  const evidence = evidenceFolder === undefined ? undefined : createEvidenceFolder(evidenceFolder);

  async function look(
    condition: Condition,
    context: ClusterlessContext,
  ): Promise<Omit<ConditionResult, 'milliseconds'>> {
    if (condition.kind === 'command') return clusterless.command(condition, context);
    if (condition.kind === 'answer') return clusterless.answer(condition, context);
    kube ??= options.openKube();
    kube.catch(() => {
      kube = undefined;
    });
    const whole = {...context, kube: (await kube).during(context.signal)};
    const checker = checkers[condition.kind] as Checker<typeof condition.kind>;
    const result = await checker(condition, whole);
    if (result.verdict !== 'failed') return result;
    const proxyLogs = keepsEach ? await proxyLogsOf(condition, whole.kube) : [];
    return {
      ...result,
      ...(result.why ? {} : await diagnose(condition, result, whole)),
      ...(proxyLogs.length > 0 ? {proxyLogs} : {}),
    };
  }

  return {
    label: labelOf,
    async check(condition, {signal, onProgress, onLoad, name}) {
      const startedAt = performance.now();
      const done = (result: Omit<ConditionResult, 'milliseconds'>): ConditionResult => ({
        ...result,
        milliseconds: performance.now() - startedAt,
      });
      try {
        const result = done(
          await look(condition, {
            ...options,
            ...(evidence ? {evidence: keepsEach && name ? named(evidence, name) : evidence} : {}),
            ...(onLoad ? {onLoad} : {}),
            visits,
            answering,
            time: systemTime,
            signal,
            onProgress,
          }),
        );
        // The pages that stay open reach the cluster only as long as the check was wanted.
        if (signal.aborted) await visits.forget();
        return result;
      } catch (error) {
        // The cluster may have come back elsewhere (another port) by the next check.
        kube = undefined;
        await visits.forget();
        const {seen, remedies} = signal.aborted ? {seen: 'It was interrupted.', remedies: []} : unseen(error);
        return done({verdict: 'unknown', label: labelOf(condition), expected: 'to be seen', seen, remedies});
      }
    },
    pictures: async () => (await evidence?.settled()) ?? [],
    async watchTraffic(watch) {
      await evidence?.settled();
      await watchTraffic({...watch, visits, kube: await options.openKube()}).catch(async error => {
        await visits.forget();
        throw error;
      });
    },
    warmUp: signal => options.browsers.warmUp(signal),
    async close() {
      try {
        await evidence?.settled();
      } finally {
        await visits.forget();
        await options.browsers.close();
      }
    },
  };
}

/** The evidence of one check in a folder of its own. */
function named(evidence: EvidenceFolder, name: string): EvidenceFolder {
  return {settled: () => evidence.settled(), begin: visitors => evidence.begin(visitors, name)};
}

/** Why a condition could not be looked at. @throws what is a fault of ours. */
export function unseen(error: unknown): {seen: string; remedies: readonly Remedy[]} {
  if (error instanceof KubeError) {
    return {
      seen: `The cluster answered: ${error.message}`,
      remedies: [
        error.code === 403
          ? 'Ask whoever runs the cluster for the right that is named'
          : 'Look at the cluster: kubectl get nodes',
      ],
    };
  }
  if (!(error instanceof WorkshopError) || error.exitCode !== exitCodes.environment) throw error;
  return {seen: [error.message, error.detail].filter(Boolean).join(' '), remedies: error.remedies};
}
