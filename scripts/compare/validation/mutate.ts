import type {IstioObject} from '../../../runner/istio/types.ts';
import type {Choices} from '../cases/random.ts';
import {policyAdditions, ruleAdditions, wrongValues} from './wrong-values.ts';

/** The object with one mistake, or something odd, in it. */
export function mutate({one, chance, upTo}: Choices, object: IstioObject): IstioObject {
  const copy = structuredClone(object);
  const {spec} = copy;
  const roll = upTo(100);
  if (spec.http && roll < 35) Object.assign(one(spec.http as object[]), one(ruleAdditions));
  else if (copy.kind === 'DestinationRule' && roll < 40) {
    const owner: object = chance(0.75) || !spec.subsets?.length ? spec : one(spec.subsets as object[]);
    Object.assign(owner, one(policyAdditions));
  } else {
    const places = fieldsOf(spec).filter(([, key]) => key in wrongValues || roll >= 80);
    const [owner, key] = one(places);
    if (!wrongValues[key] || chance(0.2)) delete owner[key];
    else owner[key] = one(wrongValues[key]);
  }
  return copy;
}

type Owner = Record<string, unknown>;

/** Every field within a value, with the object that has it. */
function fieldsOf(value: unknown): [owner: Owner, key: string][] {
  if (Array.isArray(value)) return value.flatMap(fieldsOf);
  if (!value || typeof value !== 'object') return [];
  const owner = value as Owner;
  return Object.keys(owner).flatMap((key): [Owner, string][] => [[owner, key], ...fieldsOf(owner[key])]);
}
