import {count, duration} from '../ui/words.ts';
import type {CommandRecord, ConditionRecord, ConditionState, LabRecord, RunRecord} from './schema.ts';

export const stateWords: Readonly<Record<ConditionState, string>> = {
  passed: 'passed',
  failed: 'failed',
  unknown: 'could not be checked',
  running: 'not finished',
  'not-run': 'not run',
};

export const stateSigns: Readonly<Record<ConditionState, string>> = {
  passed: '✓',
  failed: '✗',
  unknown: '?',
  running: '…',
  'not-run': '–',
};

/** `05 Send everyone to reviews v2` */
export function labName({number, title}: Pick<LabRecord, 'number' | 'title'>): string {
  return `${String(number).padStart(2, '0')} ${title}`;
}

/** `34 passed, 1 failed`, and what else there is. */
export function countsText({counts}: Pick<RunRecord, 'counts'>): string {
  const {passed, failed, unknown, notRun} = counts;
  return [
    `${passed} passed`,
    `${failed} failed`,
    ...(unknown > 0 ? [`${unknown} could not be checked`] : []),
    ...(notRun > 0 ? [`${notRun} not run`] : []),
  ].join(', ');
}

/** What the run came to, in one sentence. */
export function headline(record: RunRecord): string {
  const {complete, outcome, labs, problems} = record;
  if (!complete) {
    return `This run has not come to its end. What stands here is what was seen until ${record.updatedAt}.`;
  }
  const wrong = labs.find(({state}) => state === 'failed' || state === 'unknown');
  if (labs.length === 0 && problems[0]) return problems[0].message;
  switch (outcome) {
    case 'passed':
      if (labs.length === 0) return 'Nothing is wrong.';
      return `All of ${count(labs.length, 'lab')} passed.`;
    case 'interrupted':
      return 'This run was interrupted.';
    case 'unknown':
      return wrong ? `Lab ${labName(wrong)} could not be checked.` : 'It could not be checked.';
    default:
      return wrong ? `Lab ${labName(wrong)} failed.` : 'A lab failed.';
  }
}

/** `true after 0.40 s, proved in 1.2 s`: settling is waiting for a change to arrive, and no retry. */
export function timesText({state, milliseconds, trueAfter, settledBy}: ConditionRecord): string {
  if (milliseconds === undefined) return '';
  if (state !== 'passed' || trueAfter === undefined) return `looked at for ${duration(milliseconds)}`;
  if (settledBy === undefined) return `true after ${duration(trueAfter)}`;
  return `true after ${duration(trueAfter)}, proved in ${duration(Math.max(0, milliseconds - trueAfter))}`;
}

/** How a command stands, in a few words. */
export function commandText({state, milliseconds, exitCode}: CommandRecord): string {
  const took = milliseconds === undefined ? '' : ` after ${duration(milliseconds)}`;
  if (state === 'done') return `done${took}`;
  return state === 'failed' ? `failed${took}, exit code ${exitCode}` : 'had not ended';
}

/** The versions of everything that was at work, with the words for them. */
export function versionRows({versions, engine}: RunRecord): readonly (readonly [string, string])[] {
  const known: Record<string, string> = {
    'istio-workshop': 'istio-workshop',
    engine: 'Engine',
    kubernetes: 'Kubernetes',
    istio: 'Istio',
    browser: 'Browser',
    node: 'Node',
    platform: 'Platform',
  };
  const all: Record<string, string> = {engine: engine.title, ...versions};
  const names = [...Object.keys(known), ...Object.keys(all).filter(name => !(name in known))];
  return names.map(name => [known[name] ?? name, all[name] ?? 'not known'] as const);
}
