import {z} from 'zod';
import type {Place} from './lab.ts';
import {parseLocatedYaml} from './located-yaml.ts';
import type {Problem} from './problem.ts';
import {problemsOf} from './schema-problems.ts';

const word = (what: string) =>
  z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, `${what} must be lower-case words with dashes`);
const line = (what: string, limit: number) =>
  z
    .string()
    .min(1, `${what} must not be empty`)
    .max(limit, `${what} must fit on one line of the screen: ${limit} characters at most`);

const schema = z.strictObject({
  format: z.literal(1, 'the only format is 1'),
  id: word('an id'),
  title: line('the title', 50),
  summary: line('the summary', 100),
  minutes: z.int().positive('minutes must be above 0'),
  needs: z.array(word('a lab id')).default([]),
  replaces: z.array(word('a lab id')).default([]),
  tags: z.array(word('a tag')).default([]),
  /** Files under another lab's `manifests/`, as `lab-id/file.yaml`. */
  manifests: z
    .array(
      z
        .string()
        .regex(
          /^[a-z0-9-]+\/[\w.-]+$/,
          'a shared manifest is named by the lab it belongs to and its file name',
        ),
    )
    .default([]),
});

export type FrontMatter = z.output<typeof schema>;

const examples: Readonly<Record<string, string>> = {
  format: 'format: 1',
  id: 'id: route-to-v2',
  title: 'title: Send everyone to reviews v2',
  summary: 'summary: Replace the v1 route by one that you write yourself.',
  minutes: 'minutes: 5',
  needs: 'needs: [route-to-v1]',
  replaces: 'replaces: [route-to-v1]',
  tags: 'tags: [routing]',
  manifests: 'manifests: [deploy-bookinfo/bookinfo.yaml]',
};

/** What stands above the prose of a `lab.md`, and where it stands. */
export interface ParsedFrontMatter {
  data?: FrontMatter;
  /** Where the field is written; the first line when it is missing. */
  placeOf(field: keyof FrontMatter, index?: number): Place;
  /** The rest of the file. */
  body: string;
  /** The line on which the rest begins. */
  bodyLine: number;
  problems: readonly Problem[];
}

/** Splits a lab file at its front matter and checks the latter. */
export function parseFrontMatter(source: string, file: string): ParsedFrontMatter {
  const match = /^---\n([\s\S]*?\n)?---(?:\n|$)/.exec(source);
  if (!match) {
    const place = {file, line: 1};
    return {
      placeOf: () => place,
      body: source,
      bodyLine: 1,
      problems: [
        {
          place,
          message: 'the front matter is missing or never closed',
          fix: 'begin the file with a block between two lines of ---, with format, id, title, summary and minutes',
        },
      ],
    };
  }
  const yaml = parseLocatedYaml(match[1] ?? '', {file, line: 2});
  const parsed = schema.safeParse(yaml.value ?? {});
  const problems = [...yaml.problems];
  if (yaml.problems.length === 0 && !parsed.success) {
    problems.push(
      ...problemsOf({
        error: parsed.error,
        value: yaml.value ?? {},
        placeOf: yaml.placeOf,
        known: Object.keys(examples),
        example: field => examples[field],
      }),
    );
  }
  return {
    ...(parsed.success ? {data: parsed.data} : {}),
    placeOf: (field, index) => yaml.placeOf(index === undefined ? [field] : [field, index]),
    body: source.slice(match[0].length),
    bodyLine: match[0].split('\n').length,
    problems,
  };
}
