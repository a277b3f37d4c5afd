import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {compileLabs} from './catalog/catalog.ts';
import {readCompiledLabs} from './catalog/compiled.ts';
import {runnableBlocks} from './state/plan.ts';
import {openTriedWorkshop, type TriedWorkshop} from './testing/tried-workshop.ts';

/** Every command of every lab: for the soak; `npm test` interrupts one of each lab. */
const every = process.env['ISTIO_WORKSHOP_EVERY_COMMAND'] === '1';
const labs = readCompiledLabs(JSON.stringify(await compileLabs(`${import.meta.dirname}/../labs`)));
const cases = labs.flatMap(lab =>
  lab.steps
    .flatMap(step => runnableBlocks(step, 'sandbox'))
    .filter(block => block.kind === 'command' && !block.background)
    .map((block, index) => ({name: `lab ${lab.number}, ${block.id}`, lab, index})),
);
let workshop: TriedWorkshop;

describe.runIf(every)('a lab that was done by hand before, and is interrupted', () => {
  beforeAll(async () => {
    workshop = await openTriedWorkshop(labs);
  });
  afterAll(() => workshop?.close());

  it.each(cases)('gets on behind $name', async ({lab, index}) => {
    await workshop.begin(lab);
    await workshop.solveOnWhatWasDone(lab, index).catch(error => {
      workshop.giveUp();
      throw error;
    });
    expect((await workshop.check(lab)).verdict, workshop.output()).toBe('passed');
  });
});
