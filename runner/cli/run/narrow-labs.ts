import type {Block, Condition, Lab, StarsWanted} from '../../catalog/lab.ts';
import {visitorsOf} from '../../checks/wanted.ts';
import {exitCodes, WorkshopError} from '../../errors.ts';
import {suggestion} from '../../nearest.ts';

/**
 * The labs with those conditions that are about one of the visitors, or about none; a check of which nothing is left
 * goes.
 * @throws WorkshopError `unknown-visitor` for a name that no lab knows
 */
export function forVisitors(labs: readonly Lab[], visitors: readonly string[]): readonly Lab[] {
  if (visitors.length === 0) return labs;
  const known = [...new Set(labs.flatMap(conditionsOf).flatMap(visitorsIn))];
  for (const visitor of visitors) {
    if (known.includes(visitor)) continue;
    throw new WorkshopError({
      code: 'unknown-visitor',
      message: `No lab has a visitor "${visitor}".`,
      remedies: [suggestion(visitor, known), `There are: ${known.join(', ')}`],
      exitCode: exitCodes.usage,
    });
  }
  return labs.map(lab => withConditions(lab, condition => narrowed(condition, visitors)));
}

/** The lab with each condition as `change` makes it; without those that it makes nothing of. */
export function withConditions(lab: Lab, change: (condition: Condition) => Condition | undefined): Lab {
  const blocksOf = (blocks: readonly Block[]): Block[] =>
    blocks.flatMap((block): Block[] => {
      if (block.kind !== 'check') return [block];
      const conditions = block.conditions.flatMap(condition => change(condition) ?? []);
      return conditions.length === 0 ? [] : [{...block, conditions}];
    });
  return {...lab, steps: lab.steps.map(step => ({...step, blocks: blocksOf(step.blocks)}))};
}

function conditionsOf({steps}: Lab): readonly Condition[] {
  return steps
    .flatMap(step => step.blocks)
    .flatMap(block => (block.kind === 'check' ? block.conditions : []));
}

function visitorsIn(condition: Condition): readonly string[] {
  if (condition.kind === 'stars') return visitorsOf(condition.wanted);
  return condition.kind === 'page' ? [condition.visitor] : [];
}

function narrowed(condition: Condition, visitors: readonly string[]): Condition | undefined {
  const own = visitorsIn(condition);
  const left = own.filter(visitor => visitors.includes(visitor));
  if (own.length === left.length) return condition;
  if (left.length === 0) return undefined;
  return condition.kind === 'stars' ? {...condition, wanted: wantedBy(condition.wanted, left)} : condition;
}

function wantedBy(wanted: StarsWanted, visitors: readonly string[]): StarsWanted {
  if (wanted.mode !== 'each') return {...wanted, visitors};
  const own = Object.entries(wanted.visitors).filter(([visitor]) => visitors.includes(visitor));
  return {...wanted, visitors: Object.fromEntries(own)};
}
