import type {RoundKind} from '../../verify/settle.ts';
import {messageOf} from '../errors.ts';
import type {Checker} from './context.ts';
import {logOf} from './pod-log.ts';
import {lookUntilThere, podsOfNamed, settling} from './settling.ts';
import {readyPodsOf} from './workload.ts';

const linesRead = 1000;

interface Found {
  kind: RoundKind;
  seen: string;
}

/** A text that must be in the log of one of a workload's pods. */
export const checkLog: Checker<'log'> = async (condition, context) => {
  const {workload, namespace, contains} = condition;
  const {kube} = context;
  const label = `log of ${workload}`;
  const expected = `a line with "${contains}"`;
  const who = await podsOfNamed(kube, workload, namespace);
  const found = await lookUntilThere(settling(context, who), async (): Promise<Found> => {
    const pods = await readyPodsOf(kube, workload, namespace);
    const read = await Promise.allSettled(
      pods.map(pod => {
        const container = condition.container ?? pod['spec']?.containers?.[0]?.name ?? '';
        return logOf({kube, pod, container, lines: linesRead});
      }),
    );
    const logs = read.flatMap(result => (result.status === 'fulfilled' ? [result.value] : []));
    const line = logs.flatMap(text => text.split('\n')).find(text => text.includes(contains));
    if (line !== undefined) return {kind: 'right', seen: line.slice(0, 200)};
    if (pods.length === 0) return {kind: 'wrong', seen: 'no ready pod'};
    const unread = read.find(result => result.status === 'rejected');
    if (unread) return {kind: 'unanswered', seen: `a log can't be read: ${messageOf(unread.reason)}`};
    return {kind: 'wrong', seen: 'no such line'};
  });
  return {verdict: found.kind === 'right' ? 'passed' : 'failed', label, expected, seen: found.seen};
};
