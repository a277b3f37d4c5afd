import type {
  CheckRecord,
  CommandRecord,
  ConditionRecord,
  ConditionState,
  LabRecord,
  RunRecord,
} from './schema.ts';

export function checksOf(lab: LabRecord): readonly CheckRecord[] {
  return lab.steps.flatMap(step => step.items).filter(item => item.kind === 'check');
}

export function conditionsOf(lab: LabRecord): readonly ConditionRecord[] {
  return checksOf(lab).flatMap(check => check.conditions);
}

export function failedCommandsOf(lab: LabRecord): readonly CommandRecord[] {
  const commands = lab.steps.flatMap(step => step.items).filter(item => item.kind === 'command');
  return commands.filter(({state}) => state === 'failed');
}

/** How many conditions stand how; one that was being looked at when a run was killed has not been run to its end. */
export function countConditions(labs: readonly LabRecord[]): RunRecord['counts'] {
  const states = labs.flatMap(conditionsOf).map(({state}) => state);
  const count = (...wanted: readonly ConditionState[]): number =>
    states.filter(state => wanted.includes(state)).length;
  return {
    passed: count('passed'),
    failed: count('failed'),
    unknown: count('unknown'),
    notRun: count('not-run', 'running'),
  };
}
