import {describe, expect, it} from 'vitest';
import type {Lab} from '../catalog/lab.ts';
import type {Diagnosis} from '../checks/result.ts';
import type {LabStatus, Progress} from '../state/state.ts';
import {check, lab} from '../testing/sample-labs.ts';
import type {SessionEvent} from './events.ts';
import {createRegressionWatch} from './regressions.ts';

const place = {file: 'lab.md', line: 1, column: 1};
const wanted = {mode: 'each' as const, visitors: {jason: 'black' as const}};
const stars = {kind: 'stars' as const, via: 'productpage' as const, wanted, place};

function routed(id: string, number: number, more: Partial<Pick<Lab, 'replaces' | 'needs'>> = {}): Lab {
  const blocks = [{...check(`check of ${id}`), conditions: [stars]}];
  return lab(id, number, {...more, steps: [{title: '', blocks}]});
}

const labs = [
  routed('bookinfo', 3),
  routed('v1', 4, {needs: ['bookinfo']}),
  routed('v2', 5),
  routed('jason', 6, {replaces: ['v2']}),
];

function at(statuses: Readonly<Record<string, LabStatus>>): Progress {
  const record = (status: LabStatus) => ({status, passedAt: '2026-01-01T00:00:00.000Z', milliseconds: 1});
  return {labs: Object.fromEntries(Object.entries(statuses).map(([id, status]) => [id, record(status)]))};
}

function watch() {
  let why: readonly Diagnosis[] = [];
  let change: (() => void) | undefined;
  const said: string[] = [];
  let asked = 0;
  const regressions = createRegressionWatch({
    labs,
    engine: 'sandbox',
    notice: (_conditions, onChange, signal) => {
      change = onChange;
      signal.addEventListener('abort', () => {
        if (change === onChange) change = undefined;
      });
    },
    explain: async () => {
      asked += 1;
      return {why};
    },
    emit: (event: SessionEvent) => void (event.type === 'note' && said.push(event.text)),
  });
  const happen = async (causes: readonly Diagnosis[]) => {
    why = causes;
    change?.();
    await new Promise(setImmediate);
  };
  return {regressions, said, happen, asked: () => asked, isWatching: () => change !== undefined};
}

const cause: Diagnosis = {code: 'weights', sentence: 'The rule spreads its requests.'};

describe('a lab that has passed', () => {
  it('is told once when a change breaks it, and again when it was mended between', async () => {
    const {regressions, said, happen} = watch();
    regressions.follow(at({v2: 'standing'}), undefined);
    await happen([cause]);
    await happen([cause]);
    expect(said).toEqual([
      expect.stringMatching(/^Lab 5 no longer holds \(istio-workshop check 5\): The rule spreads/),
    ]);
    await happen([]);
    await happen([cause]);
    expect(said).toHaveLength(2);
  });

  it('is not looked at while a lab that is built on it decides what the page shows', async () => {
    const {regressions, said, happen, isWatching} = watch();
    regressions.follow(at({bookinfo: 'standing'}), undefined);
    expect(isWatching()).toBe(true);
    regressions.follow(at({bookinfo: 'standing'}), 'v1');
    expect(isWatching()).toBe(false);
    await happen([cause]);
    expect(said).toEqual([]);
  });

  it('is not looked at while nothing changes, nor while the lab goes on that replaces it', async () => {
    const {regressions, said, happen, asked, isWatching} = watch();
    regressions.follow(at({v2: 'standing'}), undefined);
    expect(asked()).toBe(0);
    regressions.follow(at({v2: 'standing'}), 'jason');
    expect(isWatching()).toBe(false);
    await happen([cause]);
    regressions.follow(at({v2: 'replaced'}), undefined);
    await happen([cause]);
    expect(said).toEqual([]);
  });
});
