import type {Kube} from '../engines/kube/kube.ts';
import {isReady, podsOfService} from '../engines/kube/pods.ts';
import {scrape} from './metric.ts';
import {samplesOf, sumOf} from './prometheus.ts';

/** Looks up the `version` label of pods by name; the second witness of who answered. */
export interface VersionWitness {
  /** `v2`, or undefined when there is no such pod (any more) or it has no such label. */
  versionOf(pod: string): Promise<string | undefined>;
}

export function createVersionWitness(kube: Kube, namespace = 'bookinfo'): VersionWitness {
  const known = new Map<string, string | undefined>();
  return {
    async versionOf(pod) {
      if (!known.has(pod)) {
        for (const item of await kube.list('pods', {namespace})) {
          known.set(item.metadata.name, item.metadata.labels?.['version']);
        }
      }
      return known.get(pod);
    },
  };
}

/** Counts of requests to reviews by the version that answered, as the caller's own proxy counted them. */
export type RequestCounts = Readonly<Record<string, number>>;

/** What was counted up to a moment, and by which pods: a pod that takes another's place begins at zero. */
export interface CountedRequests {
  pods: readonly string[];
  counts: RequestCounts;
}

const versions = ['v1', 'v2', 'v3'] as const;

/**
 * The third witness: `istio_requests_total` of the productpage's proxies, the side that chose.
 * @returns undefined when there is no such metric to read: no sidecar, or telemetry is off.
 */
export async function countedRequests(kube: Kube): Promise<CountedRequests | undefined> {
  const pods = (await podsOfService(kube, 'productpage', 'bookinfo')).filter(isReady);
  const texts = await Promise.all(pods.map(pod => scrape(kube, pod).catch(() => undefined)));
  if (texts.length === 0 || texts.includes(undefined)) return undefined;
  const samples = texts.flatMap(text => samplesOf(text ?? '', 'istio_requests_total'));
  const own = {reporter: 'source', destination_service_name: 'reviews'};
  const counts = Object.fromEntries(
    versions.map(version => [version, sumOf(samples, {...own, destination_version: version})]),
  );
  return {pods: pods.map(({metadata}) => metadata.uid).sort(), counts};
}

/**
 * What was counted between two scrapes: `v1 12, v3 8`.
 * @returns undefined when either is missing, when a pod was replaced in between, or when nothing was counted.
 */
export function countedBetween(
  before: CountedRequests | undefined,
  after: CountedRequests | undefined,
): RequestCounts | undefined {
  if (!before || !after || before.pods.join() !== after.pods.join()) return undefined;
  const differences = versions.map(
    version => [version, (after.counts[version] ?? 0) - (before.counts[version] ?? 0)] as const,
  );
  const counted = differences.filter(([, count]) => count > 0);
  return counted.length > 0 ? Object.fromEntries(counted) : undefined;
}

export function countsText(counts: RequestCounts): string {
  return Object.entries(counts)
    .map(([version, count]) => `${version} ${count}`)
    .join(', ');
}
