import type {Pod} from '../objects.ts';
import {type NodeUsage, usageOf} from './fit.ts';

/** What every node has given away, kept up with each change of a pod. */
export interface NodeUsages {
  /** @returns `freed` when the pod took something of a node until now */
  note(pod: Pod, isGone: boolean): 'freed' | 'kept';
  of(node: string): NodeUsage;
}

export function createNodeUsages(): NodeUsages {
  const nodes = new Map<string, Map<string, Pod>>();
  const usages = new Map<string, NodeUsage>();

  return {
    note(pod, isGone) {
      const node = pod.spec.nodeName;
      if (node === undefined) return 'kept';
      const uid = pod.metadata.uid ?? '';
      const pods = nodes.get(node) ?? new Map<string, Pod>();
      const hasEnded = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
      if (!isGone && !hasEnded) {
        nodes.set(node, pods);
        // A pod's requests stay as they are.
        if (!pods.has(uid)) usages.delete(node);
        pods.set(uid, pod);
        return 'kept';
      }
      if (!pods.delete(uid)) return 'kept';
      usages.delete(node);
      return 'freed';
    },
    of(node) {
      let usage = usages.get(node);
      if (!usage) {
        usage = usageOf(nodes.get(node)?.values() ?? []);
        usages.set(node, usage);
      }
      return usage;
    },
  };
}
