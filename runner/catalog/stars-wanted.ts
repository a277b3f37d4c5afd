import {z} from 'zod';
import type {Stars, StarsWanted} from './lab.ts';
import {parseShare} from './units.ts';

/** Who loads the page when a check names nobody. */
export const defaultVisitors = ['anonymous', 'jason', 'john'] as const;

/** How far a share may be off, when the check does not say: 10 percentage points. */
export const defaultMargin = 0.1;

export const starValues = ['none', 'black', 'red'] as const satisfies readonly Stars[];

const star = z.enum(starValues, `stars are one of ${starValues.join(', ')}`);
const share = z.string('a share is written with a percent sign').transform((text, context) => {
  const value = parseShare(text);
  if (value !== undefined) return value;
  context.addIssue('a share is a percentage from 0% to 100%');
  return z.NEVER;
});
const visitor = z
  .string()
  .regex(
    /^[a-z0-9-]+( signed out)?$/,
    'a visitor is named in lower case, such as jason, anonymous or jason signed out',
  );
const visitors = z.array(visitor).min(1, 'name at least one visitor');

const same = star.transform(
  (stars): StarsWanted => ({
    mode: 'each',
    visitors: Object.fromEntries(defaultVisitors.map(name => [name, stars])),
  }),
);

const each = z
  .record(visitor, star)
  .refine(map => Object.keys(map).length > 0, 'name at least one visitor')
  .transform((map): StarsWanted => ({mode: 'each', visitors: map}));

const seen = z
  .strictObject({seen: z.array(star).min(1, 'name at least one colour'), visitors: visitors.optional()})
  .transform(
    (value): StarsWanted => ({
      mode: 'seen',
      stars: value.seen,
      visitors: value.visitors ?? [...defaultVisitors],
    }),
  );

const mix = z
  .strictObject({
    none: share.optional(),
    black: share.optional(),
    red: share.optional(),
    margin: share.optional(),
    visitors: visitors.optional(),
  })
  .transform((value, context): StarsWanted => {
    const shares: Record<Stars, number> = {
      none: value.none ?? 0,
      black: value.black ?? 0,
      red: value.red ?? 0,
    };
    const total = shares.none + shares.black + shares.red;
    // Thirds are written as 33%, so a sum of 99% is meant to be everything.
    if (Math.abs(total - 1) > 0.015) {
      context.addIssue(`the shares add up to ${Math.round(total * 100)}%, and must add up to 100%`);
      return z.NEVER;
    }
    for (const key of starValues) shares[key] /= total;
    return {
      mode: 'mix',
      shares,
      margin: value.margin ?? defaultMargin,
      visitors: value.visitors ?? [...defaultVisitors],
    };
  });

/**
 * `black`, `{jason: black, john: none}`, `{none: 33%, black: 33%, red: 33%}` or `{seen: [none, red]}`.
 * The form is told by the keys, so that the message is about the form that was meant.
 */
export const starsWanted = z.unknown().transform((value, context): StarsWanted => {
  const result = formOf(value).safeParse(value);
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    context.addIssue({code: 'custom', message: issue.message, path: [...issue.path], input: value});
  }
  return z.NEVER;
});

function formOf(value: unknown): z.ZodType<StarsWanted> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return same;
  const keys = Object.keys(value);
  if (keys.includes('seen')) return seen;
  return keys.some(key => (starValues as readonly string[]).includes(key)) ? mix : each;
}
