import {writeFileSync} from 'node:fs';
import type {IstioObject} from '../../../runner/istio/types.ts';
import {istioVersion, pilotVersion} from '../versions.ts';
import {shrinkObject} from './shrink-object.ts';
import {outlinesOf, type Verdict} from './verdict.ts';

/** A line of the recorded answers, after the first, which says what was asked. */
export interface RecordedAnswer extends Verdict {
  object: IstioObject;
}

/** How many objects that are let in without a word are kept, beside those with something to say. */
const mostSilent = 40;

/**
 * Keeps the smallest object for each thing that istiod's webhook says about a kind.
 *
 * @param askReal asks the webhook; undefined where an API server would not get as far.
 */
export function recorder(askReal: (object: IstioObject) => Promise<Verdict | undefined>) {
  const seen = new Set<string>();
  const lines: string[] = [];
  let silent = 0;

  async function smallest(object: IstioObject, outline: string): Promise<RecordedAnswer> {
    const says = async (variant: IstioObject) => {
      const verdict = await askReal(variant);
      return verdict !== undefined && outlinesOf(variant.kind, verdict).includes(outline);
    };
    const found = await shrinkObject(object, says);
    return {object: found, ...((await askReal(found)) as Verdict)};
  }

  return {
    async add(object: IstioObject, verdict: Verdict): Promise<void> {
      const outlines = outlinesOf(object.kind, verdict);
      if (outlines.length === 0 && silent < mostSilent) {
        silent += 1;
        lines.push(JSON.stringify({object: withoutTime(object), warnings: []}));
      }
      for (const outline of outlines) {
        if (seen.has(outline)) continue;
        const answer = await smallest(object, outline);
        for (const own of outlinesOf(object.kind, answer)) seen.add(own);
        seen.add(outline);
        lines.push(JSON.stringify({...answer, object: withoutTime(answer.object)}));
      }
    },
    /** @param asked what the objects were drawn from */
    write(file: string, asked: {seed: number; count: number}): number {
      const head = JSON.stringify({istioVersion, pilotVersion, ...asked});
      writeFileSync(file, `${[head, ...lines].join('\n')}\n`);
      return lines.length;
    },
  };
}

function withoutTime({metadata: {creationTimestamp: _, ...metadata}, ...object}: IstioObject): IstioObject {
  return {...object, metadata} as IstioObject;
}
