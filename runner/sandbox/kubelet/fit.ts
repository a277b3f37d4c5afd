import {selectorMatches} from '../controllers/ownership.ts';
import type {Container, KubeObject, Pod} from '../objects.ts';
import {parseQuantity} from './quantities.ts';

/** What the pods on a node take of it. */
export interface NodeUsage {
  pods: number;
  cpu: number;
  memory: number;
}

export function usageOf(pods: Iterable<Pod>): NodeUsage {
  const usage = {pods: 0, cpu: 0, memory: 0};
  for (const pod of pods) {
    usage.pods += 1;
    usage.cpu += requested(pod, 'cpu');
    usage.memory += requested(pod, 'memory');
  }
  return usage;
}

/** Why a pod can't go to a node, in the scheduler's words; nothing when it can. */
export function obstacles(pod: Pod, node: KubeObject, used: NodeUsage): string[] {
  if (node['spec']?.unschedulable && !tolerates(pod, 'node.kubernetes.io/unschedulable', 'NoSchedule', '')) {
    return ['node(s) were unschedulable'];
  }
  const taint = (node['spec']?.taints ?? []).find(
    (one: any) => one.effect !== 'PreferNoSchedule' && !tolerates(pod, one.key, one.effect, one.value ?? ''),
  );
  if (taint) return [`node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`];
  if (!selected(pod, node)) return ["node(s) didn't match Pod's node affinity/selector"];
  const allocatable = node['status']?.allocatable ?? {};
  const lacking: string[] = [];
  if (used.pods + 1 > parseQuantity(allocatable.pods ?? '110')) lacking.push('Too many pods');
  for (const resource of ['cpu', 'memory'] as const) {
    const wanted = requested(pod, resource);
    if (wanted > 0 && used[resource] + wanted > parseQuantity(allocatable[resource] ?? '0')) {
      lacking.push(`Insufficient ${resource}`);
    }
  }
  return lacking;
}

function tolerates(pod: Pod, key: string, effect: string, value: string): boolean {
  return (pod.spec['tolerations'] ?? []).some(
    (one: any) =>
      (!one.effect || one.effect === effect) &&
      (one.key === undefined || one.key === '' || one.key === key) &&
      (one.operator === 'Exists' || (one.value ?? '') === value),
  );
}

function selected(pod: Pod, node: KubeObject): boolean {
  const labels = node.metadata.labels ?? {};
  if (!selectorMatches({matchLabels: pod.spec['nodeSelector']}, labels)) return false;
  const required = pod.spec['affinity']?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const terms: any[] = required?.nodeSelectorTerms ?? [];
  if (terms.length === 0) return true;
  return terms.some(
    term =>
      selectorMatches({matchExpressions: term.matchExpressions}, labels) &&
      selectorMatches({matchExpressions: term.matchFields}, {'metadata.name': node.metadata.name}),
  );
}

/** What a pod asks for: its containers and sidecars together, or its largest init container if that is more. */
function requested(pod: Pod, resource: string): number {
  const of = (container: Container) => parseQuantity(container.resources?.requests?.[resource] ?? '0');
  const init = pod.spec.initContainers ?? [];
  const sidecars = init.filter(container => container.restartPolicy === 'Always');
  const together = [...pod.spec.containers, ...sidecars].reduce((sum, container) => sum + of(container), 0);
  const plain = init.filter(container => container.restartPolicy !== 'Always').map(of);
  return Math.max(together, ...plain);
}
