import type {IstioObject} from '../../../runner/istio/types.ts';

/**
 * Takes away what a disagreement does not need, until nothing can go or `limit` variants were tried.
 *
 * @param stillDiffers asks both sides about a variant.
 */
export async function shrinkObject(
  object: IstioObject,
  stillDiffers: (variant: IstioObject) => Promise<boolean>,
  limit = 150,
): Promise<IstioObject> {
  let best = object;
  let left = limit;
  for (;;) {
    let smaller: IstioObject | undefined;
    for (const spec of without(best.spec)) {
      if (left === 0) return best;
      left -= 1;
      const variant = {...best, spec};
      if (await stillDiffers(structuredClone(variant))) {
        smaller = variant;
        break;
      }
    }
    if (!smaller) return best;
    best = smaller;
  }
}

/** Variants of a value with one entry or field less, the large ones first. */
function* without(value: unknown): Generator<unknown> {
  if (Array.isArray(value)) {
    for (const index of value.keys()) yield value.toSpliced(index, 1);
    for (const [index, item] of value.entries()) {
      for (const inner of without(item)) yield value.with(index, inner);
    }
  } else if (value && typeof value === 'object') {
    for (const key of Object.keys(value)) {
      const {[key]: _, ...rest} = value as Record<string, unknown>;
      yield rest;
    }
    for (const [key, item] of Object.entries(value)) {
      for (const inner of without(item)) yield {...value, [key]: inner};
    }
  }
}
