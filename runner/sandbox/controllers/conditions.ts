import type {Condition} from '../objects.ts';

export function findCondition(conditions: Condition[] | undefined, type: string): Condition | undefined {
  return conditions?.find(condition => condition.type === type);
}

/**
 * The list with one condition set. `lastTransitionTime` moves only when the status does; the order of the others
 * stays.
 */
export function withCondition(
  conditions: Condition[] | undefined,
  next: Condition,
  now: string,
): Condition[] {
  const before = findCondition(conditions, next.type);
  const lastTransitionTime = before?.status === next.status ? (before.lastTransitionTime ?? now) : now;
  const set: Condition = {...next, lastTransitionTime};
  if (!before) return [...(conditions ?? []), set];
  return (conditions ?? []).map(condition => (condition.type === next.type ? set : condition));
}

export function withoutCondition(conditions: Condition[] | undefined, type: string): Condition[] {
  return (conditions ?? []).filter(condition => condition.type !== type);
}
