import {appendFileSync} from 'node:fs';
import {stringify} from 'yaml';
import {brief, type Counted, tally} from './answers/answer.ts';
import {differs} from './answers/difference.ts';
import {answersOfProduct} from './answers/product-answers.ts';
import {answerOfReal} from './answers/real-answer.ts';
import type {CompareCase} from './cases/case.ts';
import {RefusedByEnvoy} from './real/envoy.ts';
import {admitted, askReal, type Rig} from './real/rig.ts';
import {shrink} from './shrink.ts';

export interface CompareOptions {
  /** Prints every answer, not only where they differ. */
  all: boolean;
  /** Makes each difference as small as it can be. */
  shrink: boolean;
  /** Where differences are appended to, one JSON document a line. */
  file: string;
  print(line: string): void;
}

export interface CompareTotals {
  cases: number;
  requests: number;
  /** Objects that istiod's webhook refused, and that are left out on both sides. */
  refused: number;
  differences: number;
  /** Differences that were gone when asked again. */
  unsteady: number;
  /** Cases of which istiod makes what Envoy does not take, so that there is no answer. */
  refusedByEnvoy: number;
  /** Cases that the real side could not be asked otherwise. */
  errors: number;
  milliseconds: number;
}

/** A run of hours says how far it is, so that what was compared counts also when it is ended early. */
const progressEvery = 20;

async function countedReal(rig: Rig, each: CompareCase): Promise<Counted[]> {
  return (await askReal(rig, each)).map(answers => tally(answers.map(answerOfReal)));
}

/** Asks both sides about each case and prints where they differ; of each case the first difference only. */
export async function compareCases(
  rig: Rig,
  cases: Iterable<CompareCase>,
  options: CompareOptions,
): Promise<CompareTotals> {
  const {print} = options;
  const totals = {
    cases: 0,
    requests: 0,
    refused: 0,
    differences: 0,
    unsteady: 0,
    refusedByEnvoy: 0,
    errors: 0,
    milliseconds: 0,
  };

  const stillDiffers = async (variant: CompareCase) => {
    if ((await admitted(rig, variant.objects)).refused.length > 0) return false;
    const [real] = await countedReal(rig, variant).catch(() => []);
    return real !== undefined && differs(real, answersOfProduct(variant)[0] ?? {});
  };

  /** @returns whether the two sides differ to the end: what nobody sees again was not settled. */
  async function report(each: CompareCase): Promise<boolean> {
    const small = options.shrink ? await shrink(each, stillDiffers) : each;
    const [real = {}] = await countedReal(rig, small);
    const [product = {}] = answersOfProduct(small);
    if (!differs(real, product)) return false;
    appendFileSync(options.file, `${JSON.stringify({...small, real, product})}\n`);
    print(`DIFFERENT ${each.id}\n${stringify(small.objects)}${JSON.stringify(small.requests[0])}`);
    if (small.options) print(`   in:      ${JSON.stringify(small.options)}`);
    print(`   real:    ${JSON.stringify(real)}\n   product: ${JSON.stringify(product)}`);
    return true;
  }

  for (const given of cases) {
    const {accepted, refused} = await admitted(rig, given.objects);
    for (const line of refused) print(`${given.id}: refused ${line}`);
    totals.refused += refused.length;
    const each = {...given, objects: accepted};
    const startedAt = performance.now();
    let real: Counted[];
    try {
      real = await countedReal(rig, each);
    } catch (error) {
      if (rig.ended()) throw new Error(`${each.id}: ${rig.ended()}`);
      totals[error instanceof RefusedByEnvoy ? 'refusedByEnvoy' : 'errors'] += 1;
      print(`${each.id}: not compared: ${(error as Error).message}`);
      continue;
    }
    totals.milliseconds += performance.now() - startedAt;
    totals.cases += 1;
    totals.requests += each.requests.length;
    const product = answersOfProduct(each);
    let reported = false;
    for (const [index, request] of each.requests.entries()) {
      const [seen, expected] = [real[index] ?? {}, product[index] ?? {}];
      if (options.all) {
        print(`${each.id} ${JSON.stringify(request)}`);
        print(`   real:    ${brief(seen)}   product: ${brief(expected)}`);
      }
      if (reported || !differs(seen, expected)) continue;
      const single = {...each, requests: [request]};
      // Once more, so that nothing is reported that was only not settled yet.
      if ((await stillDiffers(single)) && (await report(single))) {
        reported = true;
        totals.differences += 1;
      } else totals.unsteady += 1;
    }
    if (totals.cases % progressEvery === 0) print(`${each.id}: so far ${JSON.stringify(totals)}`);
  }
  return totals;
}
