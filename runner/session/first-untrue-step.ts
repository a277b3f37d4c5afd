import type {CheckBlock, EngineName, Lab} from '../catalog/lab.ts';
import {checkOf, checksOf} from '../state/plan.ts';

/**
 * Where a lab that was begun before is gone on with: behind the last step that is certain to be true among those before
 * the first that is not. A step without a check is never certain, so it is done again.
 * @returns the step's index, or `end` when all that the lab leaves behind is true.
 */
export async function firstUntrueStep(options: {
  lab: Lab;
  engine: EngineName;
  holds(block: CheckBlock): Promise<boolean>;
}): Promise<number | 'end'> {
  const {lab, engine, holds} = options;
  const lasting = checksOf(lab, engine);
  let untrue: CheckBlock | undefined;
  for (const block of lasting) {
    if (await holds(block)) continue;
    untrue = block;
    break;
  }
  if (lasting.length > 0 && !untrue) return 'end';
  const steps = lab.steps.map(step => checkOf(step, engine));
  const first = untrue ? steps.indexOf(untrue) : 0;
  for (let step = first - 1; step >= 0; step -= 1) {
    const check = steps[step];
    // A lasting one was just seen to hold.
    if (check && (lasting.includes(check) || (await holds(check)))) return step + 1;
  }
  return 0;
}
