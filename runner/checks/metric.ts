import type {RoundKind} from '../../verify/settle.ts';
import type {Kube, KubeItem} from '../engines/kube/kube.ts';
import {askPod} from '../engines/kube/pod-request.ts';
import type {Checker} from './context.ts';
import {samplesOf, sumOf} from './prometheus.ts';
import {lookUntilThere, podsOfNamed, settling} from './settling.ts';
import {readyPodsOf} from './workload.ts';

/** Where Istio's agent serves the proxy's and the application's metrics, merged. */
const metricsPort = 15020;

/** Scrapes a pod's proxy. Rejects when the pod has none. */
export async function scrape(kube: Kube, pod: KubeItem): Promise<string> {
  const {status, body} = await askPod({kube, pod, port: metricsPort, path: '/stats/prometheus'});
  if (status !== 200) throw new Error(`status ${status}`);
  return body;
}

interface Found {
  kind: RoundKind;
  seen: string;
}

/** A counter of a workload's proxies that must have reached a value. */
export const checkMetric: Checker<'metric'> = async (condition, context) => {
  const {workload, namespace, name, labels, atLeast} = condition;
  const {kube} = context;
  const label = `${name} of ${workload}`;
  const expected = `at least ${atLeast}`;
  const who = await podsOfNamed(kube, workload, namespace);
  const found = await lookUntilThere(settling(context, who), async (): Promise<Found> => {
    const pods = await readyPodsOf(kube, workload, namespace);
    const scraped = await Promise.allSettled(pods.map(pod => scrape(kube, pod)));
    const texts = scraped.flatMap(result => (result.status === 'fulfilled' ? [result.value] : []));
    const sum = sumOf(
      texts.flatMap(text => samplesOf(text, name)),
      labels,
    );
    if (pods.length === 0) return {kind: 'wrong', seen: 'no ready pod'};
    if (texts.length < pods.length)
      return {
        kind: 'unanswered',
        seen: `${pods.length - texts.length} of ${pods.length} pods give no metrics`,
      };
    return {kind: sum >= atLeast ? 'right' : 'wrong', seen: String(sum)};
  });
  return {verdict: found.kind === 'right' ? 'passed' : 'failed', label, expected, seen: found.seen};
};
