import type {Checker, ClusterlessContext} from './context.ts';

const timeoutMilliseconds = 30_000;

/** A command whose exit code, and output where wanted, tell. */
export const checkCommand: Checker<'command', ClusterlessContext> = async (
  condition,
  {processes, directory, environment, signal, onProgress},
) => {
  const wanted = condition.output === undefined ? '' : `, output with "${condition.output}"`;
  onProgress({seen: 'not over yet', bound: timeoutMilliseconds});
  const result = await processes.shell({
    text: condition.text,
    directory,
    env: await environment(),
    timeout: timeoutMilliseconds,
    signal,
  });
  const output = `${result.stdout}${result.stderr}`;
  const good =
    result.exitCode === condition.exit && !result.timedOut && output.includes(condition.output ?? '');
  const last = output.trim().split('\n').at(-1) ?? '';
  return {
    verdict: good ? 'passed' : 'failed',
    label: condition.text,
    expected: `exit code ${condition.exit}${wanted}`,
    seen: result.timedOut
      ? `no end within ${timeoutMilliseconds / 1000} s`
      : `exit code ${result.exitCode}${last ? `: ${last}` : ''}`,
  };
};

/** A question that the learner answers; without anybody to ask, it could not be checked. */
export const checkAnswer: Checker<'answer', ClusterlessContext> = async (condition, {answer}) => {
  const given = await answer?.(condition.question, condition.choices);
  const label = condition.question;
  const expected = 'the right answer';
  if (given === undefined) {
    return {
      verdict: 'unknown',
      label,
      expected,
      seen: 'nobody to ask',
      remedies: ['Answer it in the app: istio-workshop'],
    };
  }
  return {verdict: given === condition.solution ? 'passed' : 'failed', label, expected, seen: given};
};
