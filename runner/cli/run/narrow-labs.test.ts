import {describe, expect, it} from 'vitest';
import {parseConditions} from '../../catalog/conditions.ts';
import type {CheckBlock, Condition, Lab} from '../../catalog/lab.ts';
import {lab} from '../../testing/sample-labs.ts';
import {forVisitors} from './narrow-labs.ts';

const place = {file: 'lab.md', line: 1};

function labWith(source: string): Lab {
  const {conditions} = parseConditions(source, place);
  const check: CheckBlock = {kind: 'check', id: 's1c1', conditions, momentary: false, place};
  return lab('only', 1, {steps: [{title: 'Only step', blocks: [check]}]});
}

function left(source: string, ...visitors: string[]): readonly Condition[] {
  const [narrowed] = forVisitors([labWith(source)], visitors);
  return (narrowed?.steps[0]?.blocks ?? []).flatMap(block =>
    block.kind === 'check' ? block.conditions : [],
  );
}

describe('labs for some visitors', () => {
  it('have what is about them, and what is about nobody', () => {
    const conditions = left(
      [
        '- stars: {jason: black, john: none, anonymous: red}',
        '- stars: {seen: [none, red]}',
        '- {page: /productpage, visitor: john, status: 200}',
        '- absent: virtualservice/reviews -n bookinfo',
      ].join('\n'),
      'jason',
    );
    expect(conditions).toMatchObject([
      {kind: 'stars', wanted: {mode: 'each', visitors: {jason: 'black'}}},
      {kind: 'stars', wanted: {mode: 'seen', visitors: ['jason']}},
      {kind: 'absent'},
    ]);
    expect(conditions[0]).toHaveProperty('wanted.visitors', {jason: 'black'});
  });

  it('lose a check of which nothing is left', () => {
    const [narrowed] = forVisitors(
      [labWith('- stars: {jason: black}'), labWith('- stars: {john: none}')],
      ['john'],
    );
    expect(narrowed?.steps[0]?.blocks).toEqual([]);
  });

  it('are all of them where nobody is named', () => {
    const labs = [labWith('- stars: black')];
    expect(forVisitors(labs, [])).toBe(labs);
  });

  it('are not there for somebody whom no lab knows', () => {
    expect(() => left('- stars: black', 'jasn')).toThrow(
      expect.objectContaining({
        code: 'unknown-visitor',
        exitCode: 2,
        remedies: ['write "jason"', 'There are: anonymous, jason, john'],
      }),
    );
  });
});
