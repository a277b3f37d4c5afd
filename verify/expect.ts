import {VerifyError} from './errors.ts';
import type {Visitor} from './observation.ts';
import {type Star, stars} from './split.ts';

/** What `--expect` asks for. */
export type Expectation =
  | {mode: 'each'; visitors: Readonly<Record<Visitor, Star>>}
  | {mode: 'mix'; shares: Readonly<Partial<Record<Star, number>>>}
  | {mode: 'seen'; stars: readonly Star[]};

/** Who is asked where the expectation names nobody. */
export const usualVisitors: readonly Visitor[] = ['anonymous', 'jason', 'john'];

/**
 * Understands `black` (everybody), `jason=black,john=none`, a mix `none=33%,black=33%,red=33%`, and `seen:none,black`.
 *
 * @throws VerifyError `bad-expectation` that says what was meant to stand there.
 */
export function parseExpectation(text: string): Expectation {
  const trimmed = text.trim();
  if (trimmed.startsWith('seen:')) {
    return {mode: 'seen', stars: trimmed.slice(5).split(',').map(starOf)};
  }
  if (!trimmed.includes('=')) {
    const star = starOf(trimmed);
    return {mode: 'each', visitors: Object.fromEntries(usualVisitors.map(visitor => [visitor, star]))};
  }
  const pairs = trimmed.split(',').map(pair => {
    const [name = '', value = '', ...more] = pair.split('=').map(part => part.trim());
    if (name === '' || value === '' || more.length > 0) throw bad(`"${pair}" is not NAME=STARS`);
    return [name, value] as const;
  });
  const names = new Set(pairs.map(([name]) => name));
  if (names.size !== pairs.length) throw bad('a name stands there twice');
  if (pairs.every(([, value]) => value.endsWith('%'))) {
    const shares = Object.fromEntries(pairs.map(([name, value]) => [starOf(name), shareOf(value)]));
    if (Object.values(shares).every(share => share === 0))
      throw bad('at least one share must be more than 0 %');
    return {mode: 'mix', shares};
  }
  return {
    mode: 'each',
    visitors: Object.fromEntries(pairs.map(([visitor, star]) => [visitor, starOf(star)])),
  };
}

function starOf(text: string): Star {
  const star = stars.find(candidate => candidate === text.trim());
  if (star === undefined) throw bad(`"${text.trim()}" is not one of ${stars.join(', ')}`);
  return star;
}

function shareOf(text: string): number {
  const share = Number(text.slice(0, -1));
  if (!Number.isFinite(share) || share < 0 || text.length === 1)
    throw bad(`"${text}" is not a share such as 33%`);
  return share;
}

function bad(reason: string): VerifyError {
  return new VerifyError({
    code: 'bad-expectation',
    message: `The expectation can not be read: ${reason}.`,
    remedies: [
      'black',
      'anonymous=red,jason=black,john=none',
      'none=33%,black=33%,red=33%',
      'seen:none,black,red',
    ],
  });
}
