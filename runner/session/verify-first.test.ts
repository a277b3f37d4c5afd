import {describe, expect, it} from 'vitest';
import type {Lab} from '../catalog/lab.ts';
import type {Verdict} from '../checks/result.ts';
import {check, command, lab} from '../testing/sample-labs.ts';
import type {SessionEvent} from './events.ts';
import type {Executor} from './executor.ts';
import {verifyLabs} from './verify-first.ts';

const steps = [
  {title: 'Makes it', blocks: [command('s1c1'), check('s1c2')]},
  {title: 'Looks at it', blocks: [check('s2c1')]},
];
const manifests = [{name: 'mesh.yaml', content: ''}];
const labs = [lab('cluster', 1, {steps}), lab('mesh', 2, {steps, manifests})];

async function verified(...verdicts: Verdict[]) {
  const asked: string[] = [];
  const events: SessionEvent[] = [];
  const noted: [string, Verdict][] = [];
  // Of an executor only its checks may be asked for: anything else would do something.
  const laid: string[] = [];
  const executor = {
    beginLab: async ({manifests}: Lab) => void laid.push(...manifests.map(({name}) => name)),
    runCheck: async (_: unknown, block: string) => {
      asked.push(block);
      return verdicts.shift() ?? 'passed';
    },
  } as unknown as Executor;
  const verdict = await verifyLabs({
    labs,
    engine: 'sandbox',
    executor,
    emit: event => void events.push(event),
    note: ({id}, verdict) => void noted.push([id, verdict]),
    now: () => 0,
    signal: new AbortController().signal,
  });
  return {verdict, asked, noted, laid, told: events.map(({type}) => type)};
}

describe('labs that somebody else has done', () => {
  it('are looked at, and nothing of them is done', async () => {
    const {verdict, asked, noted, laid, told} = await verified();
    expect(laid).toEqual([]);
    expect(verdict).toBe('passed');
    expect(asked).toEqual(['s1c2', 's2c1', 's1c2', 's2c1']);
    expect(noted).toEqual([
      ['cluster', 'passed'],
      ['mesh', 'passed'],
    ]);
    expect(told.slice(0, 4)).toEqual(['lab-started', 'step-started', 'step-started', 'lab-passed']);
  });

  it('fail with one check, all of them looked at', async () => {
    expect(await verified('passed', 'failed', 'unknown')).toMatchObject({
      verdict: 'failed',
      asked: {length: 4},
      noted: [
        ['cluster', 'failed'],
        ['mesh', 'unknown'],
      ],
    });
  });
});
