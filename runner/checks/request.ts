import {isStartUpStatus, type RoundKind} from '../../verify/settle.ts';
import {selectorText} from '../engines/kube/pods.ts';
import type {Answerers} from './answering.ts';
import type {CheckContext, Checker} from './context.ts';
import {enter, inTurn, type PageEntry} from './page-entry.ts';
import {podsOfApp, settleThenLook, settling, unlessRight} from './settling.ts';

export interface Answer {
  /** 0 when there was no answer. */
  code: number;
  seconds: number;
}

export type RequestCondition = Parameters<typeof checkRequest>[0];

/** Sends one request. Rejects when there is nobody to send it. */
export type Ask = () => Promise<Answer>;

/**
 * Requests from inside a pod (by curl) or through the gateway: their codes, times and the share of good ones. One at a
 * time while it settles, and all of them for the proof.
 */
export const checkRequest: Checker<'request'> = async (condition, context) => {
  const {label, expected, isGood} = wantedOf(condition);
  const entry = condition.from === 'gateway' ? await enter(context, 'gateway') : undefined;
  try {
    const ask = entry ? await askInTurn(condition, entry, context.signal) : await fromPod(condition, context);
    const who = await answerersOf(condition, context);
    const look = async (): Promise<{kind: RoundKind; answer: Answer}> => {
      const answer = await ask();
      context.signal.throwIfAborted();
      if (isGood(answer)) return {kind: 'right', answer};
      return {kind: answer.code === 0 || isStartUpStatus(answer.code) ? 'unanswered' : 'wrong', answer};
    };
    const first = await settleThenLook(unlessRight(settling(context, who)), look);
    const answers = [first.answer];
    while (answers.length < condition.times) answers.push((await look()).answer);
    const passed = areEnough(answers, condition);
    const silent =
      !passed && answers.some(({code}) => code === 0 || isStartUpStatus(code))
        ? await context.answering.silent(context.kube, who)
        : [];
    return {
      verdict: passed ? 'passed' : 'failed',
      label,
      expected,
      seen: [seenIn(answers), ...silent].join('; '),
    };
  } finally {
    await entry?.close();
  }
};

/** What is wanted of the answers, in words and as a question. */
export function wantedOf(condition: RequestCondition): {
  label: string;
  expected: string;
  isGood(answer: Answer): boolean;
} {
  const label = `${condition.times === 1 ? '' : `${condition.times} x `}${condition.url} from ${condition.from}`;
  const share = condition.rate === 1 ? '' : ` for at least ${Math.round(condition.rate * 100)} %`;
  const limit = condition.fasterThan === undefined ? '' : `, each within ${condition.fasterThan / 1000} s`;
  const expected = `${condition.codes.join(' or ')}${share}${limit}`;
  const isGood = ({code, seconds}: Answer) =>
    condition.codes.includes(code) &&
    (condition.fasterThan === undefined || seconds * 1000 <= condition.fasterThan);
  return {label, expected, isGood};
}

/** Whether enough of the answers are good. */
export function areEnough(answers: readonly Answer[], condition: RequestCondition): boolean {
  const {isGood} = wantedOf(condition);
  return answers.filter(isGood).length >= Math.max(1, condition.rate * answers.length);
}

/** The answers in one line: `200: 49, 503: 1 (slowest 0.31 s)`. */
export function seenIn(answers: readonly Answer[]): string {
  const counts = new Map<number, number>();
  for (const {code} of answers) counts.set(code, (counts.get(code) ?? 0) + 1);
  const seen = [...counts].map(([code, count]) => `${code === 0 ? 'no answer' : code}: ${count}`).join(', ');
  const slowest = Math.max(0, ...answers.map(answer => answer.seconds));
  return `${seen} (slowest ${slowest.toFixed(2)} s)`;
}

/** The pods of the Service that is asked; through the gateway, those of the page. */
async function answerersOf(condition: RequestCondition, {kube}: CheckContext): Promise<readonly Answerers[]> {
  if (condition.from === 'gateway') return [podsOfApp('productpage')];
  const {hostname} = new URL(condition.url);
  const [name = '', namespace = ownNamespace(condition)] = hostname.split('.');
  const selector: Record<string, string> | undefined = (await kube.get('services', name, namespace))?.['spec']
    ?.selector;
  return selector && Object.keys(selector).length > 0 ? [{namespace, selector: selectorText(selector)}] : [];
}

function ownNamespace({from}: RequestCondition): string {
  return / -n (\S+)$/.exec(from)?.[1] ?? 'default';
}

/** Each request goes to the next of the gateway's pods. */
export async function askInTurn(
  condition: RequestCondition,
  entry: Pick<PageEntry, 'origins'>,
  signal: AbortSignal,
): Promise<Ask> {
  const origins = await entry.origins();
  const next = inTurn(() => origins);
  return () => askFromHere(condition, next(), signal)();
}

/** Requests from here, to an address. */
export function askFromHere(condition: RequestCondition, origin: string, signal: AbortSignal): Ask {
  return async () => {
    const startedAt = performance.now();
    const response = await fetch(new URL(condition.url, origin), {
      headers: condition.headers,
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(30_000)]),
    }).catch(() => undefined);
    await response?.arrayBuffer().catch(() => undefined);
    return {code: response?.status ?? 0, seconds: (performance.now() - startedAt) / 1000};
  };
}

async function fromPod(condition: RequestCondition, context: CheckContext): Promise<Ask> {
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
  return async () => {
    const result = await context.processes.tool({
      command: 'kubectl',
      args: ['exec', ...where, workload, '--', ...curl],
      directory: context.directory,
      env,
      timeout: 60_000,
      signal: context.signal,
    });
    const [code, seconds] = result.stdout.trim().split(/\s+/).map(Number);
    return {code: code || 0, seconds: seconds || 0};
  };
}
