import type {Checker} from './context.ts';
import {openPage} from './page-entry.ts';

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

/** A page as one visitor gets it: status, texts, and how long it took. */
export const checkPage: Checker<'page'> = async (condition, {kube, signal}) => {
  const {path, visitor, via} = condition;
  const label = `page ${path} as ${visitor}`;
  const wanted = [
    condition.status === undefined ? undefined : `status ${condition.status}`,
    ...(condition.text ?? []).map(text => `"${text}"`),
    ...(condition.absentText ?? []).map(text => `no "${text}"`),
    condition.slowerThan === undefined ? undefined : `at least ${condition.slowerThan / 1000} s`,
    condition.fasterThan === undefined ? undefined : `at most ${condition.fasterThan / 1000} s`,
  ].filter(part => part !== undefined);
  const expected = wanted.join(', ');
  const entry = await openPage(kube, via);
  try {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(timeoutMilliseconds)]);
    const cookie = await cookieOf(entry.origin, visitor, limited);
    const startedAt = performance.now();
    const response = await fetch(new URL(path, entry.origin), {
      headers: cookie ? {cookie} : {},
      redirect: 'manual',
      signal: limited,
    });
    const text = await response.text();
    const milliseconds = performance.now() - startedAt;
    const wrong = [
      condition.status !== undefined && response.status !== condition.status
        ? `status ${response.status}`
        : undefined,
      ...(condition.text ?? []).filter(part => !text.includes(part)).map(part => `no "${part}"`),
      ...(condition.absentText ?? []).filter(part => text.includes(part)).map(part => `"${part}"`),
      condition.slowerThan !== undefined && milliseconds < condition.slowerThan
        ? `only ${(milliseconds / 1000).toFixed(2)} s`
        : undefined,
      condition.fasterThan !== undefined && milliseconds > condition.fasterThan
        ? `${(milliseconds / 1000).toFixed(2)} s`
        : undefined,
    ].filter(part => part !== undefined);
    const seen =
      wrong.length > 0
        ? wrong.join(', ')
        : `status ${response.status}, ${(milliseconds / 1000).toFixed(2)} s`;
    return {verdict: wrong.length > 0 ? 'failed' : 'passed', label, expected, seen};
  } finally {
    await entry.close();
  }
};
