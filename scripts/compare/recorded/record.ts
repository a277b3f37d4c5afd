import {type Counted, tally} from '../answers/answer.ts';
import {differs} from '../answers/difference.ts';
import {answersOfProduct} from '../answers/product-answers.ts';
import {answerOfReal} from '../answers/real-answer.ts';
import type {CompareCase} from '../cases/case.ts';
import {admitted, askReal, type Rig} from '../real/rig.ts';
import type {RecordedCase} from './recording.ts';

/** Asks the real thing about each case; what the product does not expect is asked twice, lest it was not settled. */
export async function record(
  rig: Rig,
  cases: Iterable<CompareCase>,
  print: (line: string) => void,
): Promise<RecordedCase[]> {
  const recorded: RecordedCase[] = [];
  for (const given of cases) {
    const {accepted} = await admitted(rig, given.objects);
    const each = {...given, objects: accepted};
    const ask = async (): Promise<Counted[]> =>
      (await askReal(rig, each)).map(answers => tally(answers.map(answerOfReal)));
    const product = answersOfProduct(each);
    const unexpected = (answers: readonly Counted[]) =>
      answers.some((counted, index) => differs(counted, product[index] ?? {}));
    let answers = await ask();
    if (unexpected(answers)) answers = await ask();
    if (unexpected(answers)) print(`${each.id} differs from the product`);
    recorded.push({case: each, answers});
  }
  return recorded;
}
