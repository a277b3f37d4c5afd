import {describe, expect, it} from 'vitest';
import type {Block, Lab} from '../catalog/lab.ts';
import {check, command, file, lab} from '../testing/sample-labs.ts';
import {
  checksOf,
  fileAt,
  needsOf,
  planFor,
  resetCommands,
  resumeLab,
  rivalsOf,
  runnableBlocks,
  solvedAgainFrom,
  standingLabs,
  withoutLab,
  withPassed,
} from './plan.ts';
import type {LabStatus, Progress} from './state.ts';

/** As the workshop's own labs stand on each other: three routes that take each other's place upon one ground. */
const labs = [
  lab('cluster', 1),
  lab('istio', 2, {needs: ['cluster']}),
  lab('bookinfo', 3, {needs: ['istio']}),
  lab('v1', 4, {needs: ['bookinfo']}),
  lab('v2', 5, {needs: ['v1'], replaces: ['v1']}),
  lab('jason', 6, {needs: ['v1'], replaces: ['v1', 'v2']}),
  lab('john', 7, {needs: ['v1'], replaces: ['v1', 'v2', 'jason']}),
];

function at(statuses: Readonly<Record<string, LabStatus>>, position?: string): Progress {
  const records = Object.entries(statuses).map(([id, status]) => [
    id,
    {status, passedAt: '2026-01-01T00:00:00.000Z', milliseconds: 1},
  ]);
  return {
    labs: Object.fromEntries(records),
    ...(position ? {position: {lab: position, step: 0, block: 0}} : {}),
  };
}

function statuses(progress: Progress): Record<string, LabStatus> {
  return Object.fromEntries(Object.entries(progress.labs).map(([id, {status}]) => [id, status]));
}

const passed = (progress: Progress, id: string): Progress =>
  withPassed({labs, progress, id, passedAt: '2026-01-02T00:00:00.000Z', milliseconds: 2});

const ground = {cluster: 'standing', istio: 'standing', bookinfo: 'standing'} as const;

describe('needsOf', () => {
  it.each([
    ['cluster', []],
    ['bookinfo', ['cluster', 'istio']],
    ['john', ['cluster', 'istio', 'bookinfo', 'v1']],
    ['nowhere', []],
  ])('of %s is %j, deepest first', (id, needs) => {
    expect(needsOf(labs, id)).toEqual(needs);
  });

  it('names a lab once that is needed twice', () => {
    const diamond = [
      lab('a', 1),
      lab('b', 2, {needs: ['a']}),
      lab('c', 3, {needs: ['a']}),
      lab('d', 4, {needs: ['c', 'b']}),
    ];
    expect(needsOf(diamond, 'd')).toEqual(['a', 'c', 'b']);
  });
});

describe('rivalsOf', () => {
  it.each([
    ['cluster', []],
    ['v1', ['v2', 'jason', 'john']],
    ['jason', ['v1', 'v2', 'john']],
  ])('of %s are %j, whichever of the two names the other', (id, rivals) => {
    expect(rivalsOf(labs, id)).toEqual(rivals);
  });
});

describe('planFor', () => {
  const table: readonly [string, Progress, readonly string[], readonly string[]][] = [
    ['nothing stands', at({}), ['v2'], ['cluster', 'istio', 'bookinfo', 'v1', 'v2']],
    ['the ground stands', at(ground), ['v2'], ['v1', 'v2']],
    ['the need stands', at({...ground, v1: 'standing'}), ['john'], ['john']],
    ['a rival stands upon the need', at({...ground, v1: 'replaced', v2: 'standing'}), ['jason'], ['jason']],
    [
      'backwards to a rival',
      at({...ground, v1: 'replaced', v2: 'replaced', john: 'standing'}),
      ['v2'],
      ['v2'],
    ],
    ['backwards to the need', at({...ground, v1: 'replaced', john: 'standing'}), ['v1'], ['v1']],
    ['backwards to the first', at({...ground, v1: 'standing'}), ['cluster'], ['cluster']],
    [
      'a need was replaced and nothing stands upon it',
      at({...ground, v1: 'replaced'}),
      ['jason'],
      ['v1', 'jason'],
    ],
    ['several, in their order', at(ground), ['v1', 'v2', 'john'], ['v1', 'v2', 'john']],
    ['what an earlier one replaces is met by it', at({...ground}), ['v2', 'john'], ['v1', 'v2', 'john']],
    ['the same one twice', at(ground), ['v1', 'v1'], ['v1']],
    ['none', at(ground), [], []],
    ['all', at({}), labs.map(({id}) => id), labs.map(({id}) => id)],
    ['all again', at({...ground, v1: 'standing'}), labs.map(({id}) => id), labs.map(({id}) => id)],
  ];

  it.each(table)('%s', (_, progress, wanted, plan) => {
    expect(planFor(labs, progress, wanted)).toEqual(plan);
  });

  it('makes a need anew that a lab of the plan takes away', () => {
    const rivals = [lab('a', 1), lab('b', 2, {replaces: ['a']}), lab('c', 3, {needs: ['a']})];
    expect(planFor(rivals, at({a: 'standing'}), ['c'])).toEqual(['c']);
    expect(planFor(rivals, at({a: 'standing'}), ['b', 'c'])).toEqual(['b', 'a', 'c']);
  });

  it('runs every lab behind its needs, from any progress to any lab', () => {
    const choices = ['standing', 'replaced', undefined] as const;
    for (let code = 0; code < 3 ** labs.length; code += 1) {
      const some: Record<string, LabStatus> = {};
      labs.forEach(({id}, index) => {
        const status = choices[Math.floor(code / 3 ** index) % 3];
        if (status) some[id] = status;
      });
      const wanted = labs[code % labs.length]?.id ?? '';
      const plan = planFor(labs, at(some), [wanted]);
      expect(plan.at(-1)).toBe(wanted);
      expect(new Set(plan).size).toBe(plan.length);
      for (const [index, id] of plan.entries()) {
        for (const need of needsOf(labs, id)) {
          expect(plan.indexOf(need)).toBeLessThan(index);
        }
      }
    }
  });
});

describe('progress', () => {
  it('has a lab that passed stand, and its rivals replaced', () => {
    const after = passed(passed(at(ground), 'v1'), 'jason');
    expect(statuses(after)).toEqual({...ground, v1: 'replaced', jason: 'standing'});
    expect(statuses(passed(after, 'v2'))).toEqual({
      ...ground,
      v1: 'replaced',
      jason: 'replaced',
      v2: 'standing',
    });
  });

  it('has a lab that passed again stand again, with its new time', () => {
    const again = passed(at({...ground, v1: 'replaced', v2: 'standing'}), 'v1');
    expect(statuses(again)).toEqual({...ground, v1: 'standing', v2: 'replaced'});
    expect(again.labs['v1']?.milliseconds).toBe(2);
  });

  it('forgets a lab that was undone, and lets nothing stand upon it', () => {
    const all = at({...ground, v1: 'replaced', john: 'standing'}, 'bookinfo');
    const undone = withoutLab(labs, all, 'bookinfo');
    expect(statuses(undone)).toEqual({
      cluster: 'standing',
      istio: 'standing',
      v1: 'replaced',
      john: 'replaced',
    });
    expect(undone.position).toEqual(all.position);
    // Else a jump to john would find no Bookinfo.
    expect(planFor(labs, undone, ['john'])).toEqual(['bookinfo', 'v1', 'john']);
  });

  it('keeps the ground of a lab that was undone', () => {
    expect(statuses(withoutLab(labs, at({...ground, v1: 'replaced', v2: 'standing'}), 'v2'))).toEqual({
      ...ground,
      v1: 'replaced',
    });
  });
});

describe('resumeLab', () => {
  it.each([
    ['the place where they were', at(ground, 'istio'), 'istio'],
    ['the first that has not passed', at({cluster: 'standing'}), 'istio'],
    ['a gap', at({cluster: 'standing', bookinfo: 'standing'}), 'istio'],
    ['the first that has not passed when the place is gone', at({}, 'gone'), 'cluster'],
    ['the last one after all', at(Object.fromEntries(labs.map(({id}) => [id, 'standing']))), 'john'],
  ])('is %s', (_, progress, id) => {
    expect(resumeLab(labs, progress).id).toBe(id);
  });

  it('says so when there are no labs', () => {
    expect(() => resumeLab([], at({}))).toThrow('There are no labs.');
  });
});

describe('the blocks of a lab', () => {
  const mixed = lab('mixed', 1, {
    steps: [
      {
        title: 'one',
        blocks: [
          {kind: 'prose', markdown: ''},
          command('s1c1', {engines: ['kind']}),
          file('s1c2'),
          {kind: 'hint', markdown: ''},
          file('s1c3'),
          check('s1c4'),
        ],
      },
      {title: 'two', blocks: [{...check('s2c1'), momentary: true}]},
    ],
    reset: [command('r1'), command('r2', {engines: ['sandbox']})],
  });
  const step = mixed.steps[0];

  it('leaves out what is for another engine, and what is only read', () => {
    if (!step) throw new Error('no step');
    expect(runnableBlocks(step, 'sandbox').map(({id}) => id)).toEqual(['s1c2', 's1c3', 's1c4']);
    expect(runnableBlocks(step, 'kind').map(({id}) => id)).toEqual(['s1c1', 's1c2', 's1c3', 's1c4']);
    expect(resetCommands(mixed, 'kind').map(({id}) => id)).toEqual(['r1']);
    expect(resetCommands(mixed, 'sandbox').map(({id}) => id)).toEqual(['r1', 'r2']);
  });

  it('counts no momentary check to what a lab leaves behind', () => {
    expect(checksOf(mixed, 'sandbox').map(({id}) => id)).toEqual(['s1c4']);
  });

  it.each([
    [0, 's1c2'],
    [1, 's1c3'],
    [2, 's1c3'],
    [3, 's1c3'],
  ])('finds the file of block %i: %s', (block, id) => {
    expect(fileAt([mixed], {lab: 'mixed', step: 0, block}, 'sandbox')?.id).toBe(id);
  });

  it('finds the file that comes when none came yet, and none where there is none', () => {
    expect(fileAt([mixed], {lab: 'mixed', step: 0, block: 0}, 'kind')?.id).toBe('s1c2');
    expect(fileAt([mixed], {lab: 'mixed', step: 1, block: 0}, 'kind')).toBeUndefined();
    expect(fileAt([mixed], {lab: 'gone', step: 0, block: 0}, 'kind')).toBeUndefined();
  });
});

describe('standingLabs', () => {
  const place = {file: 'lab.md', line: 1, column: 1};
  const stars = {
    kind: 'stars' as const,
    via: 'productpage' as const,
    wanted: {mode: 'seen' as const, stars: ['none' as const], visitors: []},
    place,
  };
  const there = {kind: 'absent' as const, resource: 'pods', name: 'x', place};
  const checking = (id: string) => ({...check(`check of ${id}`), conditions: [stars, there]});
  const all = labs.map(each => ({...each, steps: [{title: '', blocks: [checking(each.id)]}]}));
  const told = (progress: Progress) =>
    standingLabs(all, progress, 'sandbox').map(({id, steps}) => [
      id,
      checksOf({...(all[0] as Lab), steps}, 'sandbox').flatMap(({conditions}) =>
        conditions.map(({kind}) => kind),
      ),
    ]);

  it('leave out what another one replaced, and what a page shows that is routed since', () => {
    const progress = at({bookinfo: 'standing', v1: 'replaced', v2: 'standing'});
    expect(told(progress)).toEqual([
      ['bookinfo', ['absent']],
      ['v2', ['stars', 'absent']],
    ]);
  });

  it('hold as a whole where nothing was built on them', () => {
    expect(told(at({bookinfo: 'standing'}))).toEqual([['bookinfo', ['stars', 'absent']]]);
    expect(told(at({bookinfo: 'given'}))).toEqual([]);
  });
});

describe('solvedAgainFrom', () => {
  const from = (...blocks: Block[]): number =>
    solvedAgainFrom({title: 'Step', blocks: [...blocks, check('last')]}, 'sandbox');
  const text = (each: string) => command('c', {text: each});

  it.each([
    [
      'all that is asked and applied',
      0,
      [text('kubectl apply -f a.yaml'), text('kubectl get pods | grep a')],
    ],
    [
      'a file and what applies it',
      1,
      [text('kubectl delete pod a'), file('f'), text('kubectl apply -f f.yaml')],
    ],
    ['nothing behind what fails a second time', 2, [file('f'), text('kubectl create namespace a')]],
    ['nothing behind what goes on', 1, [command('c', {text: 'kubectl get pods -w', background: true})]],
    [
      'what is upgraded, not what is installed',
      1,
      [text('helm install a b'), text('helm upgrade --install a b')],
    ],
    ['nothing of a program that nobody knows', 1, [text('make everything')]],
    ['only what is for this engine', 0, [command('c', {text: 'make it', engines: ['kind']})]],
  ] as const)('does again %s', (_, expected, blocks) => {
    expect(from(...blocks)).toBe(expected);
  });
});
