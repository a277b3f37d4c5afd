import type {FaultPolicy, RetryPolicy} from '../route-table.ts';
import type {Answer} from './way.ts';

/** Answers alike become one; the most frequent first. */
export function merged(answers: readonly Answer[]): readonly Answer[] {
  const found = new Map<string, Answer>();
  for (const answer of answers) {
    if (answer.share <= 0) continue;
    const {share, ...rest} = answer;
    const key = JSON.stringify([
      rest.status,
      Math.round(rest.ms),
      rest.ending,
      rest.version,
      rest.reviews,
      rest.details,
    ]);
    const known = found.get(key);
    found.set(key, known ? {...known, share: known.share + share} : answer);
  }
  return [...found.values()].sort((a, b) => b.share - a.share || a.ms - b.ms);
}

export function scaled(answers: readonly Answer[], share: number): readonly Answer[] {
  return answers.map(answer => ({...answer, share: answer.share * share}));
}

/**
 * What a fault makes of answers. The delay comes first, hits by itself, and is not part of the route's timeout; the
 * abort comes before the route, so that nothing is asked or tried again (Envoy: the fault filter).
 */
export function withFault(fault: FaultPolicy | undefined, answers: readonly Answer[]): readonly Answer[] {
  if (!fault) return answers;
  const {abort, delay} = fault;
  const hit = portion(abort?.percentage);
  const decided: readonly Answer[] = [
    ...scaled(answers, 1 - hit),
    ...(abort && hit > 0
      ? [{share: hit, status: abort.httpStatus, ms: 0, ending: 'abort'} satisfies Answer]
      : []),
  ];
  const late = portion(delay?.percentage);
  return merged([
    ...scaled(decided, 1 - late),
    ...scaled(decided, late).map(answer => ({...answer, ms: answer.ms + (delay?.milliseconds ?? 0)})),
  ]);
}

function portion(percentage: number | undefined): number {
  return Math.min(1, Math.max(0, (percentage ?? 0) / 100));
}

/** More tries than anybody waits for change nothing any more. */
const mostTries = 25;

/** What a proxy gets when it tries again as a policy says, each try like the first. */
export function withRetries(policy: RetryPolicy | undefined, answers: readonly Answer[]): readonly Answer[] {
  const limited = answers.map(answer => withinTry(policy, answer));
  if (!policy) return merged(limited);
  const done: Answer[] = [];
  let open: readonly Answer[] = limited;
  for (let attempt = 0; attempt < Math.min(policy.attempts, mostTries); attempt += 1) {
    const again = open.filter(answer => isRetried(policy, answer));
    done.push(...open.filter(answer => !again.includes(answer)));
    if (again.length === 0) return merged(done);
    open = merged(
      again.flatMap(before =>
        limited.map(next => ({...next, share: before.share * next.share, ms: before.ms + next.ms})),
      ),
    );
  }
  return merged([...done, ...open]);
}

function withinTry(policy: RetryPolicy | undefined, answer: Answer): Answer {
  const limit = policy?.perTryTimeout;
  if (!limit || answer.ms <= limit) return answer;
  return {share: answer.share, status: 504, ms: limit, ending: 'timeout'};
}

/** Envoy: `retry_state_impl.cc`. Its own refusals (no route, no cluster, no host) are never tried again. */
function isRetried({retryOn, statusCodes}: RetryPolicy, {status, ending}: Answer): boolean {
  if (['no-rule', 'no-cluster', 'no-pod', 'blocked', 'direct', 'redirect'].includes(ending)) return false;
  if (ending === 'timeout') return ['5xx', 'gateway-error', 'reset'].some(name => retryOn.has(name));
  if (ending === 'tls') {
    return ['5xx', 'gateway-error', 'connect-failure', 'reset'].some(name => retryOn.has(name));
  }
  if (statusCodes.has(status)) return true;
  if (retryOn.has('5xx') && status >= 500) return true;
  if (retryOn.has('gateway-error') && status >= 502 && status <= 504) return true;
  return retryOn.has('retriable-4xx') && status === 409;
}

/** The route's timeout, over all its tries. @param timeout milliseconds; 0: none */
export function withTimeout(timeout: number, answers: readonly Answer[]): readonly Answer[] {
  if (timeout <= 0) return answers;
  return merged(
    answers.map(answer =>
      answer.ms <= timeout
        ? answer
        : {share: answer.share, status: 504, ms: timeout, ending: 'timeout' as const},
    ),
  );
}

/** What a program gets that waits so long for each try, and asks again after anything but 200. */
export function withPatience(
  {ms, tries}: {ms: number; tries: number},
  answers: readonly Answer[],
): readonly Answer[] {
  const once = answers.map(answer =>
    answer.ms <= ms ? answer : {share: answer.share, status: 0, ms, ending: 'gave-up' as const},
  );
  let open: readonly Answer[] = once;
  const done: Answer[] = [];
  for (let attempt = 1; attempt < tries; attempt += 1) {
    done.push(...open.filter(({status}) => status === 200));
    open = open
      .filter(({status}) => status !== 200)
      .flatMap(before =>
        once.map(next => ({...next, share: before.share * next.share, ms: before.ms + next.ms})),
      );
  }
  return merged([...done, ...open]);
}
