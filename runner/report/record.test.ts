import {describe, expect, it} from 'vitest';
import {conditionsOf} from './counts.ts';
import {reportSchema} from './schema.ts';
import {brokenCommandRun, failedRun, recordOf, runLabs} from './testing/sample-run.ts';

const states = (record: ReturnType<typeof recordOf>): readonly (readonly string[])[] =>
  record.labs.map(lab => [lab.state, ...conditionsOf(lab).map(({state}) => state)]);

describe('the record of a run', () => {
  it('has every lab that was planned with all its conditions, and what became of each', () => {
    const record = recordOf(failedRun);
    expect(states(record)).toEqual([
      ['passed', 'passed'],
      ['failed', 'failed', 'unknown'],
      ['not-run', 'not-run'],
    ]);
    expect(record.counts).toEqual({passed: 1, failed: 1, unknown: 1, notRun: 1});
    expect(record).toMatchObject({complete: true, outcome: 'failed', workshop: 'fresh'});
    expect(record.versions).toMatchObject({
      node: '20.19.0',
      kubernetes: 'v1.33.4+istio-workshop',
      istio: '1.30.3',
    });
  });

  it('tells of a command what it printed, without what only a terminal is for, and when it was routed', () => {
    const [step] = recordOf(failedRun).labs[0]?.steps ?? [];
    expect(step?.items[0]).toMatchObject({
      kind: 'command',
      state: 'done',
      output: 'hello',
      milliseconds: 240,
      routed: {milliseconds: 400, proxies: 7},
    });
    // As they are done: the check comes last.
    expect(step?.items.map(({kind}) => kind)).toEqual(['command', 'check']);
    expect(recordOf(failedRun).labs[1]?.steps[0]?.items.map(({kind}) => kind)).toEqual([
      'command',
      'file',
      'check',
    ]);
  });

  it('keeps every load of the page, with when it was and what it was for', () => {
    const [stars] = conditionsOf(recordOf(failedRun).labs[1] ?? never());
    expect(stars?.observations.map(({phase, right, at}) => ({phase, right, at}))).toEqual([
      {phase: 'settle', right: false, at: 1900},
      {phase: 'prove', right: false, at: 2000},
    ]);
    expect(stars?.observations[0]).toMatchObject({visitor: 'jason', stars: 'black', pod: 'reviews-v2-1'});
  });

  it('tells how long a condition took to become true: until it had settled, else the whole look', () => {
    const passed = conditionsOf(recordOf(failedRun).labs[0] ?? never())[0];
    expect(passed?.trueAfter).toBe(300);
    const settled = failedRun.map(event =>
      event.type === 'condition-finished' && event.index === 0
        ? {...event, result: {...event.result, verdict: 'passed' as const}}
        : event,
    );
    const [stars] = conditionsOf(recordOf(settled).labs[1] ?? never());
    expect(stars).toMatchObject({trueAfter: 400, settledBy: 'engine', milliseconds: 1900});
  });

  it('names files as they lie in the folder of the report', () => {
    const [stars] = conditionsOf(recordOf(failedRun).labs[1] ?? never());
    expect(stars?.pictures[0]).toMatchObject({
      file: 'evidence/02-route/s1c3-1/jason.png',
      html: 'evidence/02-route/s1c3-1/jason.html',
    });
    expect(stars?.traces[0]?.file).toBe('evidence/02-route/s1c3-1/jason.trace.zip');
  });

  it('says of conditions behind a command that failed that they could not be looked at', () => {
    const record = recordOf(brokenCommandRun);
    expect(states(record)).toEqual([
      ['passed', 'passed'],
      ['failed', 'unknown', 'unknown'],
      ['not-run', 'not-run'],
    ]);
    const [stars] = conditionsOf(record.labs[1] ?? never());
    expect(stars?.reason).toBe(
      '"echo s1c1" failed before: route.yaml, line 11, VirtualService reviews, spec.http: it is missing.',
    );
  });

  it('forgets a check that was looked at again, and a lab that was begun again', () => {
    const check = failedRun.findIndex(event => event.type === 'check-started' && event.lab === 'route');
    const again = recordOf([...failedRun.slice(0, -1), ...failedRun.slice(check, -1)]);
    const found = again.labs[1]?.steps[0]?.items.find(item => item.kind === 'check');
    expect(found).toMatchObject({attempts: 2});
    expect(again.counts).toEqual({passed: 1, failed: 1, unknown: 1, notRun: 1});
    const [stars] = conditionsOf(again.labs[1] ?? never());
    expect(stars?.observations).toHaveLength(2);
    const begun = failedRun.findIndex(event => event.type === 'lab-started' && event.lab.id === 'route');
    const twice = recordOf([...failedRun.slice(0, -1), ...failedRun.slice(begun)]);
    expect(twice.labs[1]).toMatchObject({attempts: 2, state: 'failed'});
    expect(twice.labs[1]?.steps[0]?.items).toHaveLength(3);
  });

  it('takes checks that belong to no lab, as other commands have them', () => {
    const record = recordOf([
      {type: 'check-started', lab: 'probe', block: 'p1', labels: ['mutual TLS'], quiet: false},
      {
        type: 'condition-finished',
        block: 'p1',
        index: 0,
        quiet: false,
        result: {verdict: 'passed', label: 'mutual TLS', expected: 'on', seen: 'on', milliseconds: 5},
      },
      {type: 'check-finished', lab: 'probe', block: 'p1', verdict: 'passed', milliseconds: 6, quiet: false},
      {type: 'session-finished', outcome: 'passed', labs: [], milliseconds: 6},
    ]);
    expect(states(record)).toEqual([['passed', 'passed']]);
  });

  it.each(failedRun.map((_, length) => length))(
    'is valid by its schema when it ends after %i events',
    length => {
      expect(reportSchema.safeParse(recordOf(failedRun.slice(0, length))).error).toBeUndefined();
      expect(recordOf(failedRun.slice(0, length)).complete).toBe(false);
    },
  );

  it('does not touch the labs that it is told of', () => {
    const before = JSON.stringify(runLabs);
    recordOf(failedRun);
    expect(JSON.stringify(runLabs)).toBe(before);
  });
});

function never(): never {
  throw new Error('no such lab');
}
