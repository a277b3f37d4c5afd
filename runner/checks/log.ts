import {Writable} from 'node:stream';
import type {Kube, KubeItem} from '../engines/kube/kube.ts';
import type {Checker} from './context.ts';
import {lookUntilFinal} from './wait.ts';
import {readyPodsOf} from './workload.ts';

async function logOf(kube: Kube, pod: KubeItem, container: string): Promise<string> {
  const {Log} = await import('../engines/kube/client-node.ts');
  let text = '';
  const sink = new Writable({
    write(chunk, _encoding, done) {
      text += chunk;
      done();
    },
  });
  const ended = new Promise<void>((resolve, reject) => {
    sink.on('finish', resolve);
    sink.on('error', reject);
  });
  await new Log(kube.config).log(pod.metadata.namespace ?? 'default', pod.metadata.name, container, sink, {
    tailLines: 1000,
  });
  await ended;
  return text;
}

/** A text that must be in the log of one of a workload's pods. */
export const checkLog: Checker<'log'> = async (condition, {kube, capabilities, signal}) => {
  const {workload, namespace} = condition;
  const label = `log of ${workload}`;
  const expected = `a line with "${condition.contains}"`;
  const found = await lookUntilFinal({
    patience: Math.max(capabilities.propagation, 2000),
    interval: 200,
    signal,
    look: async () => {
      const pods = await readyPodsOf(kube, workload, namespace);
      const logs = await Promise.all(
        pods.map(pod => logOf(kube, pod, condition.container ?? pod['spec']?.containers?.[0]?.name ?? '')),
      );
      const line = logs.flatMap(text => text.split('\n')).find(text => text.includes(condition.contains));
      return {value: {pods: pods.length, line}, final: line !== undefined || pods.length === 0};
    },
  });
  if (found.line !== undefined) return {verdict: 'passed', label, expected, seen: found.line.slice(0, 200)};
  return {verdict: 'failed', label, expected, seen: found.pods === 0 ? 'no ready pod' : 'no such line'};
};
