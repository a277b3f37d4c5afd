import type {z} from 'zod';
import {suggestion} from '../nearest.ts';
import type {Place} from './lab.ts';
import type {YamlPath} from './located-yaml.ts';
import type {Problem} from './problem.ts';

export interface SchemaProblemsOptions {
  error: z.ZodError;
  /** What was checked. */
  value: unknown;
  placeOf(path: YamlPath): Place;
  /** Where the checked value stands inside the document. */
  base?: YamlPath;
  /** Field names that exist at the top of the checked value. */
  known: readonly string[];
  /** A correct line for a field, to show as the fix. */
  example(field: string): string | undefined;
}

/** Turns what a schema found into problems with a line and a fix. */
export function problemsOf({
  error,
  value,
  placeOf,
  base = [],
  known,
  example,
}: SchemaProblemsOptions): readonly Problem[] {
  return error.issues.flatMap((issue): Problem[] => {
    const path = issue.path.map(key => (typeof key === 'symbol' ? String(key) : key));
    const field = String(path[0] ?? '');
    const shown = example(field);
    const fix =
      shown === undefined ? 'see "How to write a lab" in the README' : `write it like this: ${shown}`;
    const place = placeOf([...base, ...path]);
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map(key => ({
        place: placeOf([...base, ...path, key]),
        message: `unknown field "${key}"`,
        fix: path.length === 0 ? suggestion(key, known) : 'remove it',
      }));
    }
    if (valueAt(value, path) === undefined) {
      return [
        {place, message: `the field "${path.join('.')}" is missing`, fix: shown ? `add ${shown}` : fix},
      ];
    }
    return [{place, message: `"${path.join('.')}" is wrong: ${issue.message}`, fix}];
  });
}

function valueAt(value: unknown, path: YamlPath): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>)[key] : undefined,
    value,
  );
}
