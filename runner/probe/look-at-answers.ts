import {isStartUpStatus} from '../../verify/settle.ts';
import type {Condition} from '../catalog/lab.ts';
import {lookAtPage, wantedOf} from '../checks/page.ts';
import {type Answer, areEnough, askFromHere, seenIn, wantedOf as wantedAnswers} from '../checks/request.ts';
import type {ConditionResult} from '../checks/result.ts';
import {settleThenLook} from '../checks/settling.ts';
import type {ProbeContext} from './context.ts';

type Result = Omit<ConditionResult, 'milliseconds'>;

const unanswered = (url: string): string => `See whether anything answers there: curl -v ${url}`;

/** A page as one visitor gets it; without any answer nothing can be said of it. */
export async function lookAtPageThere(
  condition: Condition & {kind: 'page'},
  {url, settling, signal}: ProbeContext,
): Promise<Result> {
  const {origin} = new URL(url);
  const label = `page ${condition.path} as ${condition.visitor}`;
  const expected = wantedOf(condition).join(', ');
  const seen = await settleThenLook(settling, () => lookAtPage(condition, origin, signal));
  const common = {label, expected, seen: seen.text};
  if (seen.kind === 'right') return {verdict: 'passed', ...common};
  if (seen.hasAnswer) return {verdict: 'failed', ...common};
  return {verdict: 'unknown', ...common, remedies: [unanswered(`${origin}${condition.path}`)]};
}

/** Requests one after the other: their codes, times and the share of good ones. */
export async function lookAtRequests(
  condition: Condition & {kind: 'request'},
  {url, settling, signal, onProgress}: ProbeContext,
): Promise<Result> {
  const {origin} = new URL(url);
  const {expected, isGood} = wantedAnswers(condition);
  const label = `${condition.times} x ${condition.url}`;
  const ask = askFromHere(condition, origin, signal);
  const look = async (): Promise<{kind: 'right' | 'wrong' | 'unanswered'; answer: Answer}> => {
    const answer = await ask();
    signal.throwIfAborted();
    if (isGood(answer)) return {kind: 'right', answer};
    return {kind: answer.code === 0 || isStartUpStatus(answer.code) ? 'unanswered' : 'wrong', answer};
  };
  const answers = [(await settleThenLook(settling, look)).answer];
  while (answers.length < condition.times) {
    answers.push((await look()).answer);
    onProgress({seen: `${answers.length} of ${condition.times} requests`});
  }
  const common = {label, expected, seen: seenIn(answers)};
  if (areEnough(answers, condition)) return {verdict: 'passed', ...common};
  if (answers.some(({code}) => code > 0)) return {verdict: 'failed', ...common};
  return {
    verdict: 'unknown',
    ...common,
    remedies: [unanswered(new URL(condition.url, origin).href)],
  };
}
