import {expect, it} from 'vitest';
import type {CheckBlock, Step} from '../catalog/lab.ts';
import {check, command, lab} from '../testing/sample-labs.ts';
import {firstUntrueStep} from './first-untrue-step.ts';

const step = (id: string, ...checks: CheckBlock[]): Step => ({title: id, blocks: [command(id), ...checks]});
const momentary = (id: string): CheckBlock => ({...check(id), momentary: true});

async function goesOnAt(steps: readonly Step[], ...holding: string[]): Promise<number | 'end'> {
  const sample = lab('sample', 1, {steps});
  return firstUntrueStep({lab: sample, engine: 'sandbox', holds: async ({id}) => holding.includes(id)});
}

it('goes on behind the last step that is certain to be true', async () => {
  const steps = [step('one', check('a')), step('two', check('b')), step('three', check('c'))];
  expect(await goesOnAt(steps)).toBe(0);
  expect(await goesOnAt(steps, 'a')).toBe(1);
  expect(await goesOnAt(steps, 'a', 'b')).toBe(2);
  expect(await goesOnAt(steps, 'a', 'b', 'c')).toBe('end');
  // What a later step needs is true only if nothing before it is amiss.
  expect(await goesOnAt(steps, 'b', 'c')).toBe(0);
});

it('does steps without a check again, since nobody can see whether they are true', async () => {
  const steps = [step('one', check('a')), step('two'), step('three', check('c'))];
  expect(await goesOnAt(steps, 'a')).toBe(1);
  expect(await goesOnAt([step('one'), step('two', check('b'))])).toBe(0);
  expect(await goesOnAt([step('one'), step('two')])).toBe(0);
});

it('asks for what was true for a moment only where that decides', async () => {
  const steps = [step('one', momentary('a')), step('two', check('b'))];
  expect(await goesOnAt(steps, 'b')).toBe('end');
  expect(await goesOnAt(steps, 'a')).toBe(1);
  expect(await goesOnAt(steps)).toBe(0);
});
