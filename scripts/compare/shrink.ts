import type {IstioObject} from '../../runner/istio/types.ts';
import type {CompareCase} from './cases/case.ts';

/** What says which object or destination is meant stays, so that a smaller case is still about the same. */
const keptKeys = new Set(['kind', 'apiVersion', 'name', 'hosts', 'host', 'destination', 'metadata']);

/** Smaller variants of a value: a list without one entry, an object without one field. */
function* smaller(value: unknown, depth = 0): Generator<unknown> {
  if (Array.isArray(value)) {
    for (let index = value.length - 1; index >= 0; index -= 1) {
      if (value.length > 1 || depth > 2) yield value.toSpliced(index, 1);
    }
    for (let index = 0; index < value.length; index += 1) {
      for (const inner of smaller(value[index], depth + 1)) yield value.with(index, inner);
    }
  } else if (value && typeof value === 'object') {
    for (const key of Object.keys(value)) {
      if (keptKeys.has(key)) continue;
      const {[key]: _, ...rest} = value as Record<string, unknown>;
      yield rest;
    }
    for (const [key, inner] of Object.entries(value)) {
      if (key === 'metadata') continue;
      for (const changed of smaller(inner, depth + 1)) yield {...value, [key]: changed};
    }
  }
}

/** Not every smaller object is one that Istio would accept. */
function acceptable(objects: readonly IstioObject[]): boolean {
  return objects.every(({kind, spec}) => {
    if (kind !== 'VirtualService') return spec !== undefined;
    const rules: any[] = spec?.http ?? [];
    return spec?.hosts?.length > 0 && rules.length > 0 && rules.every(acceptableRule);
  });
}

function acceptableRule(rule: any): boolean {
  const route: any[] = rule.route ?? [];
  const matches: any[] | undefined = rule.match;
  return (
    Boolean(route.length > 0 || rule.redirect || rule.directResponse || rule.delegate) &&
    (matches === undefined || matches.length > 0) &&
    (matches ?? []).every(match => Object.keys(match).length > 0) &&
    route.every(({destination}) => destination?.host) &&
    (route.length < 2 || route.some(({weight}) => weight > 0))
  );
}

/**
 * Takes away what a difference does not need, until nothing can go or `limit` variants were tried.
 *
 * @param stillDiffers asks both sides about a variant.
 */
export async function shrink(
  each: CompareCase,
  stillDiffers: (variant: CompareCase) => Promise<boolean>,
  limit = 40,
): Promise<CompareCase> {
  let best = each;
  let tried = 0;
  let found = true;
  while (found && tried < limit) {
    found = false;
    for (const objects of smaller(best.objects) as Iterable<IstioObject[]>) {
      if (objects.length === 0 || !acceptable(objects)) continue;
      tried += 1;
      if (tried > limit) break;
      const variant = {...best, objects};
      if (await stillDiffers(variant)) {
        best = variant;
        found = true;
        break;
      }
    }
  }
  return best;
}
