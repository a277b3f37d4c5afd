import {forwardTo} from '../engines/kube/forward.ts';
import type {Kube, KubeItem} from '../engines/kube/kube.ts';
import type {Checker} from './context.ts';
import {samplesOf, sumOf} from './prometheus.ts';
import {readyPodsOf} from './workload.ts';

/** Where Istio's agent serves the proxy's and the application's metrics, merged. */
const metricsPort = 15020;

/** Scrapes a pod's proxy. Rejects when the pod has none. */
export async function scrape(kube: Kube, pod: KubeItem): Promise<string> {
  const forward = await forwardTo({
    config: kube.config,
    targets: async () => [
      {namespace: pod.metadata.namespace ?? 'default', pod: pod.metadata.name, port: metricsPort},
    ],
  });
  try {
    const response = await fetch(`http://127.0.0.1:${forward.port}/stats/prometheus`, {
      headers: {connection: 'close'},
      signal: AbortSignal.timeout(5000),
    });
    if (!response.ok) throw new Error(`status ${response.status}`);
    return await response.text();
  } finally {
    await forward.close();
  }
}

/** A counter of a workload's proxies that must have reached a value. */
export const checkMetric: Checker<'metric'> = async (condition, {kube}) => {
  const pods = await readyPodsOf(kube, condition.workload, condition.namespace);
  const label = `${condition.name} of ${condition.workload}`;
  const expected = `at least ${condition.atLeast}`;
  if (pods.length === 0) return {verdict: 'failed', label, expected, seen: 'no ready pod'};
  const texts = await Promise.all(pods.map(pod => scrape(kube, pod)));
  const sum = texts.reduce(
    (total, text) => total + sumOf(samplesOf(text, condition.name), condition.labels),
    0,
  );
  return {verdict: sum >= condition.atLeast ? 'passed' : 'failed', label, expected, seen: String(sum)};
};
