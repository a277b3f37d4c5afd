import type {CheckContext, Checker} from './context.ts';
import {openPage} from './page-entry.ts';

interface Answer {
  /** 0 when there was no answer. */
  code: number;
  seconds: number;
}

/** Requests from inside a pod (by curl) or through the gateway: their codes, times and the share of good ones. */
export const checkRequest: Checker<'request'> = async (condition, context) => {
  const label = `${condition.times === 1 ? '' : `${condition.times} x `}${condition.url} from ${condition.from}`;
  const share = condition.rate === 1 ? '' : ` for at least ${Math.round(condition.rate * 100)} %`;
  const limit = condition.fasterThan === undefined ? '' : `, each within ${condition.fasterThan / 1000} s`;
  const expected = `${condition.codes.join(' or ')}${share}${limit}`;
  const answers =
    condition.from === 'gateway'
      ? await throughGateway(condition, context)
      : await fromPod(condition, context);
  const good = answers.filter(
    answer =>
      condition.codes.includes(answer.code) &&
      (condition.fasterThan === undefined || answer.seconds * 1000 <= condition.fasterThan),
  );
  const counts = new Map<number, number>();
  for (const {code} of answers) counts.set(code, (counts.get(code) ?? 0) + 1);
  const seen = [...counts].map(([code, count]) => `${code === 0 ? 'no answer' : code}: ${count}`).join(', ');
  const slowest = Math.max(0, ...answers.map(answer => answer.seconds));
  return {
    verdict: answers.length > 0 && good.length >= condition.rate * answers.length ? 'passed' : 'failed',
    label,
    expected,
    seen: `${seen} (slowest ${slowest.toFixed(2)} s)`,
  };
};

type RequestCondition = Parameters<typeof checkRequest>[0];

async function throughGateway(
  condition: RequestCondition,
  {kube, signal}: CheckContext,
): Promise<readonly Answer[]> {
  const entry = await openPage(kube, 'gateway');
  try {
    const answers: Answer[] = [];
    for (let count = 0; count < condition.times && !signal.aborted; count += 1) {
      const startedAt = performance.now();
      const response = await fetch(new URL(condition.url, entry.origin), {
        headers: condition.headers,
        redirect: 'manual',
        signal: AbortSignal.any([signal, AbortSignal.timeout(30_000)]),
      }).catch(() => undefined);
      await response?.arrayBuffer();
      answers.push({code: response?.status ?? 0, seconds: (performance.now() - startedAt) / 1000});
    }
    return answers;
  } finally {
    await entry.close();
  }
}

async function fromPod(condition: RequestCondition, context: CheckContext): Promise<readonly Answer[]> {
  const headers = Object.entries(condition.headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const curl = [
    'curl',
    '-s',
    '-o',
    '/dev/null',
    '-w',
    '%{http_code} %{time_total}\\n',
    '--max-time',
    '30',
    ...headers,
    condition.url,
  ];
  const [workload = '', ...where] = condition.from.split(' ');
  const env = await context.environment();
  const answers: Answer[] = [];
  for (let count = 0; count < condition.times && !context.signal.aborted; count += 1) {
    const result = await context.processes.tool({
      command: 'kubectl',
      args: ['exec', ...where, workload, '--', ...curl],
      directory: context.directory,
      env,
      timeout: 60_000,
      signal: context.signal,
    });
    const [code, seconds] = result.stdout.trim().split(/\s+/).map(Number);
    answers.push({code: code ?? 0, seconds: seconds ?? 0});
  }
  return answers;
}
