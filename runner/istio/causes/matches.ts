import {fullMatch, RegexError} from '../re2.ts';
import {type HttpMatch, refOf, type StringMatch, type VirtualService} from '../types.ts';
import type {Candidate} from './cause.ts';
import {change, objectName, showCommand} from './cause.ts';
import type {Scene} from './hop.ts';
import {ruleTaken, winnerOf} from './lookup.ts';
import {withChanged} from './mend.ts';
import type {Detector, WrongRequest} from './wrong.ts';

/** How entries of a match go together, and what a regular expression has to cover. */
export const matchDetector: Detector = (scene, wrong) =>
  wrong.flatMap(request => [...meansOr(scene, request), ...wholeValue(scene, request)]);

/** Entries of one `match` are alternatives: what was meant together needs one dash. */
function meansOr(scene: Scene, {asked, prediction}: WrongRequest): readonly Candidate[] {
  const owner = winnerOf(scene, prediction);
  const origin = prediction.route?.origin;
  const taken = ruleTaken(scene, prediction);
  const entries = taken?.rule.match ?? [];
  if (!owner || !origin || origin.match === undefined || entries.length < 2) return [];
  const together: HttpMatch = Object.assign({}, ...entries);
  const rules = (owner.spec?.http ?? []).flatMap((rule, index) =>
    (rule.match ?? []).length > 1 ? [index] : [],
  );
  return [
    {
      code: 'match-means-or',
      sentence: `The entries of a match are alternatives: the request of ${asked.who} fits match[${origin.match}] alone.`,
      look: 'Each dash under match begins another way in; what has to hold together stands behind one dash.',
      object: objectName(refOf(owner)),
      fix: `spec.http[${origin.rule}].match: ${entries.length} entries -> one, ${JSON.stringify(together)}`,
      command: showCommand(refOf(owner)),
      mended: withChanged<VirtualService>(scene.snapshot, refOf(owner), copy => {
        for (const index of rules) {
          const rule = copy.spec?.http?.[index];
          if (rule) rule.match = [Object.assign({}, ...(rule.match ?? []))];
        }
      }),
    },
  ];
}

/** A regular expression is compared with the whole value. */
function wholeValue(scene: Scene, {asked, prediction}: WrongRequest): readonly Candidate[] {
  const owner = winnerOf(scene, prediction);
  if (!owner) return [];
  const ref = refOf(owner);
  return (owner.spec?.http ?? []).flatMap((rule, index) =>
    (rule.match ?? []).flatMap((match, entry) => {
      const written: [
        path: string,
        wants: StringMatch | undefined,
        value: string | undefined,
        field: string,
      ][] = [
        ['uri', match.uri, prediction.request.path, 'path'],
        ...Object.entries(match.headers ?? {}).map(
          ([name, wants]): [string, StringMatch, string | undefined, string] => [
            `headers.${name}`,
            wants,
            asked.headers[name.toLowerCase()],
            `header ${name}`,
          ],
        ),
      ];
      return written.flatMap(([path, wants, value, field]): readonly Candidate[] => {
        const regex = wants?.regex;
        const better = regex !== undefined && value !== undefined ? widened(regex, value) : undefined;
        if (better === undefined || regex === undefined) return [];
        return [
          {
            code: 'regex-whole-value',
            sentence: `The regular expression "${regex}" has to cover the whole ${field}, which is "${value}".`,
            look: 'A regex finds no part of a value, unlike a search; prefix is for a beginning.',
            object: objectName(ref),
            fix: change(`spec.http[${index}].match[${entry}].${path}.regex`, regex, better),
            command: showCommand(ref),
            mended: withChanged<VirtualService>(scene.snapshot, ref, copy => {
              const found = copy.spec?.http?.[index]?.match?.[entry];
              const name = path.replace(/^headers\./, '');
              if (path === 'uri' && found?.uri) found.uri = {regex: better};
              else if (found?.headers?.[name]) found.headers[name] = {regex: better};
            }),
          },
        ];
      });
    }),
  );
}

/** The expression with what it lacks to cover the value; undefined where it covers it, or finds nothing in it. */
function widened(regex: string, value: string): string | undefined {
  const test = (source: string) => {
    try {
      return fullMatch(source).test(value);
    } catch (error) {
      if (error instanceof RegexError) return false;
      throw error;
    }
  };
  if (test(regex) || !test(`.*(?:${regex}).*`)) return undefined;
  return [`${regex}.*`, `.*${regex}`, `.*${regex}.*`].find(test);
}
