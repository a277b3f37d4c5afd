import {isStartUpStatus, type RoundKind, worstOf} from '../../verify/settle.ts';
import type {Checker} from './context.ts';
import {enter} from './page-entry.ts';
import {podsOfApp, settleThenLook, settling, unlessRight} from './settling.ts';

const timeoutMilliseconds = 30_000;

/** Signs in through the page's own form. @returns the session cookie, or none for `anonymous`. */
async function cookieOf(origin: string, visitor: string, signal: AbortSignal): Promise<string | undefined> {
  if (visitor === 'anonymous') return undefined;
  const response = await fetch(new URL('/login', origin), {
    method: 'POST',
    body: new URLSearchParams({username: visitor, passwd: 'any'}),
    // Following it would lead to the Referer, which only a browser sends.
    redirect: 'manual',
    signal,
  });
  return response.headers
    .getSetCookie()
    .map(cookie => cookie.split(';')[0])
    .join('; ');
}

export type PageCondition = Parameters<typeof checkPage>[0];

export interface SeenPage {
  kind: RoundKind;
  /** Whether anything answered at all. */
  hasAnswer: boolean;
  text: string;
}

/** A page as one visitor gets it: status (200 unless another is wanted), texts, and how long it took. */
export const checkPage: Checker<'page'> = async (condition, context) => {
  const {path, visitor, via} = condition;
  const {kube, signal, answering} = context;
  const label = `page ${path} as ${visitor}`;
  const expected = wantedOf(condition).join(', ');
  const entry = await enter(context, via);
  try {
    const who = ['productpage', 'details', 'reviews', 'ratings'].map(app => podsOfApp(app));
    const seen = await settleThenLook(unlessRight(settling(context, who)), async () =>
      lookEverywhere(await entry.origins(), origin => lookAtPage(condition, origin, signal)),
    );
    if (seen.kind === 'right') return {verdict: 'passed', label, expected, seen: seen.text};
    const silent = seen.kind === 'unanswered' ? await answering.silent(kube, who) : [];
    const remedies = seen.hasAnswer ? {} : {remedies: ['Look at the pods: kubectl get pods -n bookinfo']};
    const verdict = seen.hasAnswer ? 'failed' : 'unknown';
    return {verdict, label, expected, seen: [seen.text, ...silent].join('; '), ...remedies};
  } finally {
    await entry.close();
  }
};

/** What is not right at one of the addresses is not right. */
export async function lookEverywhere(
  origins: readonly string[],
  look: (origin: string) => Promise<SeenPage>,
): Promise<SeenPage> {
  const seen: SeenPage[] = [];
  for (const origin of origins) seen.push(await look(origin));
  const worst = seen.find(({kind}) => kind === worstOf(seen.map(each => each.kind)));
  if (!worst) throw new RangeError('at least one address is needed');
  return worst;
}

/** What is wanted of a page, a few words each. */
export function wantedOf({
  status,
  text,
  absentText,
  slowerThan,
  fasterThan,
}: PageCondition): readonly string[] {
  const wanted = [
    status === undefined ? undefined : `status ${status}`,
    ...(text ?? []).map(part => `"${part}"`),
    ...(absentText ?? []).map(part => `no "${part}"`),
    slowerThan === undefined ? undefined : `at least ${slowerThan / 1000} s`,
    fasterThan === undefined ? undefined : `at most ${fasterThan / 1000} s`,
  ];
  return wanted.filter(part => part !== undefined);
}

/** Loads the page once as its visitor. @throws the signal's reason when it is aborted. */
export async function lookAtPage(
  condition: PageCondition,
  origin: string,
  signal: AbortSignal,
): Promise<SeenPage> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(timeoutMilliseconds)]);
  try {
    const cookie = await cookieOf(origin, condition.visitor, limited);
    const startedAt = performance.now();
    const response = await fetch(new URL(condition.path, origin), {
      headers: cookie ? {cookie} : {},
      redirect: 'manual',
      signal: limited,
    });
    const body = await response.text();
    const {status} = response;
    return judgePage(condition, {status, body, milliseconds: performance.now() - startedAt});
  } catch (error) {
    signal.throwIfAborted();
    const reason =
      error instanceof Error ? ((error.cause as Error | undefined)?.message ?? error.message) : '';
    return {kind: 'unanswered', hasAnswer: false, text: `no answer${reason ? `: ${reason}` : ''}`};
  }
}

/** What the page says while something behind it does not answer. */
const errorTexts =
  /Error fetching product|Sorry, product \w+ are currently unavailable|Ratings service is currently unavailable/;

/** What is wrong with an answer, if anything; an empty page shows neither what is wanted nor its absence. */
export function judgePage(
  condition: PageCondition,
  {status, body, milliseconds}: {status: number; body: string; milliseconds: number},
): SeenPage {
  const {text = [], absentText = [], slowerThan, fasterThan} = condition;
  const seconds = (milliseconds / 1000).toFixed(2);
  const wrong = [
    status === (condition.status ?? 200) ? undefined : `status ${status}`,
    condition.status === undefined && body.trim() === '' ? 'an empty page' : undefined,
    ...text.filter(part => !body.includes(part)).map(part => `no "${part}"`),
    ...absentText.filter(part => body.includes(part)).map(part => `"${part}"`),
    slowerThan !== undefined && milliseconds < slowerThan ? `only ${seconds} s` : undefined,
    fasterThan !== undefined && milliseconds > fasterThan ? `${seconds} s` : undefined,
  ].filter(part => part !== undefined);
  if (wrong.length === 0) return {kind: 'right', hasAnswer: true, text: `status ${status}, ${seconds} s`};
  const isStartUp = isStartUpStatus(status) || errorTexts.test(body);
  return {kind: isStartUp ? 'unanswered' : 'wrong', hasAnswer: true, text: wrong.join(', ')};
}
