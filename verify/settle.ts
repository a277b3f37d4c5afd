import type {Observation} from './observation.ts';

/** What a round of answers came to: the worst of them. */
export type RoundKind =
  | 'right'
  /** Somebody answered, and not as wanted. */
  | 'wrong'
  /** An answer that could come from a start-up: nobody listens, 502, 503, 504, the page's own error texts. */
  | 'unanswered';

/** How long an answer that is not right may still become so, in milliseconds. */
export interface SettleBounds {
  /** From a change of the configuration until every proxy acts by it. */
  propagation: number;
  /** From the start of an application until it answers. */
  startUp: number;
}

/** What is waited for while it settles, for the screen. */
export interface Waiting {
  for: 'start-up' | 'propagation';
  /** Who does not answer yet, a sentence each; empty where nobody can tell. */
  who: readonly string[];
  /** Milliseconds so far, and at most. */
  elapsed: number;
  bound: number;
}

export interface SettleOptions {
  /** One round of answers of everybody who should answer. */
  round(): Promise<RoundKind>;
  /** Has the configuration reached the proxies? Where nobody can tell, it stays false. */
  configured(): boolean | Promise<boolean>;
  /** Who should answer and did not yet in this round, a sentence each; undefined where nobody can tell. */
  starting?(round: RoundKind): Promise<readonly string[] | undefined>;
  bounds: SettleBounds;
  /** Good rounds in a row that stand in for who can't tell. @default 3 */
  goodRounds?: number;
  /** Milliseconds, from any origin. */
  now(): number;
  /** Waits between two rounds of which the first was not good. */
  pause(milliseconds: number): Promise<void>;
  /** Calls `tick` every second while a round goes on, which may itself wait for who starts. */
  meanwhile?<T>(work: Promise<T>, tick: () => void): Promise<T>;
  onWait?(waiting: Waiting): void;
  signal?: AbortSignal;
}

export interface Settled {
  /** What ended the settling: the last two are the bounds, at which it was not settled. */
  by: 'engine' | 'good-rounds' | 'propagation' | 'start-up';
  /** Milliseconds until then. */
  after: number;
}

const goodRoundsNeeded = 3;
const pauseMilliseconds = 200;

/**
 * Waits until whoever should answer answers **and** the configuration has reached the proxies. The two have bounds of
 * their own; that of the propagation begins once nobody is starting any more, since a proxy that starts gets its
 * configuration then. What comes after is the proof, and it is never gone back from.
 *
 * @throws the signal's reason when it is aborted.
 */
export async function settle(options: SettleOptions): Promise<Settled> {
  const {bounds, now, signal} = options;
  const startedAt = now();
  const settled = (by: Settled['by']): Settled => ({by, after: now() - startedAt});
  let answersSince = startedAt;
  let hasWaited = false;
  let good = 0;
  for (;;) {
    const round = await watchedRound(options, startedAt);
    signal?.throwIfAborted();
    const who = await options.starting?.(round);
    const isStarting = who ? who.length > 0 : round === 'unanswered';
    good = round === 'right' && !isStarting ? good + 1 : 0;
    const waits = (kind: Waiting['for'], since: number): Waiting => ({
      for: kind,
      who: who ?? [],
      elapsed: now() - since,
      bound: kind === 'start-up' ? bounds.startUp : bounds.propagation,
    });
    if (isStarting) {
      if (now() - startedAt >= bounds.startUp) return settled('start-up');
      hasWaited = true;
      options.onWait?.(waits('start-up', startedAt));
      await options.pause(pauseMilliseconds);
      answersSince = now();
      continue;
    }
    // Who began to answer a moment ago may not be known to every proxy yet.
    const isEcho = round === 'unanswered' && hasWaited;
    if (!isEcho && (await options.configured())) return settled('engine');
    if (good >= (options.goodRounds ?? goodRoundsNeeded)) return settled('good-rounds');
    if (now() - answersSince >= bounds.propagation) return settled('propagation');
    if (good > 0) continue;
    options.onWait?.(waits('propagation', answersSince));
    await options.pause(pauseMilliseconds);
  }
}

/** A round, with a word on who starts if it takes long. */
async function watchedRound(options: SettleOptions, startedAt: number): Promise<RoundKind> {
  const {meanwhile, onWait, bounds, now} = options;
  if (!meanwhile || !onWait) return options.round();
  let isOver = false;
  let isAsked = false;
  async function tell(): Promise<void> {
    if (isAsked) return;
    isAsked = true;
    const who = (await options.starting?.('unanswered').catch(() => [])) ?? [];
    isAsked = false;
    // Where somebody can tell and nobody starts, it is only slow.
    if (isOver || (options.starting && who.length === 0)) return;
    onWait?.({for: 'start-up', who, elapsed: now() - startedAt, bound: bounds.startUp});
  }
  return meanwhile(
    options.round().finally(() => {
      isOver = true;
    }),
    () => void tell(),
  );
}

/** The worst of the answers that one round brought. */
export function worstOf(kinds: readonly RoundKind[]): RoundKind {
  if (kinds.includes('unanswered')) return 'unanswered';
  return kinds.includes('wrong') ? 'wrong' : 'right';
}

/** Whether a status could come from a start-up: Envoy's 503, a gateway's 502 and 504. */
export function isStartUpStatus(status: number): boolean {
  return status === 502 || status === 503 || status === 504;
}

/** Failures of a load that a start-up can cause: nobody listens yet, or the connection is cut. */
const startUpFailures = new Set(['connection-refused', 'connection-closed', 'unreachable', 'timeout']);

/** Whether a load of the page could come from a start-up. */
export function isStartUpLoad({failure, status, stars, errors, reviews}: Observation): boolean {
  if (failure !== undefined) return startUpFailures.has(failure.code);
  if (status === null || isStartUpStatus(status)) return true;
  return stars === 'unavailable' && status === 200 && (errors.length > 0 || reviews === 0);
}

/** `reviews-v2-7d… started 9 s ago and does not answer yet (waiting for 3 s of at most 120 s)`. */
export function waitingText({for: kind, who, elapsed, bound}: Waiting): string {
  const seconds = `waiting for ${Math.round(elapsed / 1000)} s of at most ${Math.round(bound / 1000)} s`;
  if (kind === 'propagation') return `not as wanted yet: the change may still be on its way (${seconds})`;
  const subject = who.length > 0 ? who.join('; ') : 'the page does not answer yet: something may still start';
  return `${subject} (${seconds})`;
}
