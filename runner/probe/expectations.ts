import {z} from 'zod';
import {type KindShown, parseCondition} from '../catalog/conditions.ts';
import type {Condition} from '../catalog/lab.ts';
import {type LocatedYaml, parseLocatedYaml} from '../catalog/located-yaml.ts';
import type {Problem} from '../catalog/problem.ts';
import {problemsOf} from '../catalog/schema-problems.ts';
import {parseDuration} from '../catalog/units.ts';
import {exitCodes, WorkshopError} from '../errors.ts';

/** What a page that is there already should be like, whoever serves it. */
export interface Expectations {
  /** The page of the stars: `https://shop.example.org/productpage`. */
  url?: string;
  /** Loads of each visitor that must all be right. */
  loads?: number;
  /** How long a wrong answer counts as "not yet", in milliseconds. */
  settle?: number;
  /** How long no answer counts as "not yet", in milliseconds. */
  startUp?: number;
  /** Where the pods are, for who gives a kubeconfig. */
  namespace?: string;
  conditions: readonly Condition[];
}

/** The kinds of conditions that need nothing but an address. */
const kinds: Readonly<Record<'stars' | 'page' | 'request', KindShown>> = {
  stars: {
    fields: ['stars'],
    example: '- stars: black, {jason: black, john: none}, {none: 90%, red: 10%} or {seen: [none, red]}',
  },
  page: {
    fields: ['page', 'visitor', 'status', 'text', 'absentText', 'slowerThan', 'fasterThan'],
    example: '- {page: /productpage, visitor: jason, status: 200, fasterThan: 2s}',
  },
  request: {
    fields: ['request', 'headers', 'times', 'codes', 'rate', 'fasterThan'],
    example: '- {request: /api/v1/products, codes: 200, times: 50, rate: 99%, fasterThan: 500ms}',
  },
};

const duration = z.string('a time is written like 15s').transform((value, context) => {
  const milliseconds = parseDuration(value);
  if (milliseconds !== undefined) return milliseconds;
  context.addIssue('a time is written like 500ms, 15s or 2m');
  return z.NEVER;
});

const schema = z.strictObject({
  format: z.literal(1, 'the only format is 1').optional(),
  url: z
    .string('an address is wanted')
    .refine(isHttp, 'an address begins with http:// or https://')
    .optional(),
  loads: z.int('a whole number is wanted').min(1).max(1000, 'at most 1000').optional(),
  settle: duration.optional(),
  startUp: duration.optional(),
  namespace: z.string('a name is wanted').min(1, 'must not be empty').optional(),
  expect: z.array(z.unknown(), 'a list is wanted').min(1, 'a list of at least one condition is wanted'),
});

const examples: Readonly<Record<string, string>> = {
  format: 'format: 1',
  url: 'url: https://shop.example.org/productpage',
  loads: 'loads: 20',
  settle: 'settle: 15s',
  startUp: 'startUp: 30s',
  namespace: 'namespace: bookinfo',
  expect: 'expect: [{stars: black}]',
};

/** A file to begin with: every field that there is, with what it means. */
export const exampleExpectations = `# What the page should be like. Use it with: istio-workshop probe FILE
format: 1

# The page with the stars; paths below are taken from its host. --url has the last word.
url: http://localhost:9080/productpage

# Loads of each visitor that must all be right.
loads: 10
# How long a wrong answer counts as "not yet", and how long none does.
settle: 15s
startUp: 30s

# Where the pods are, for --context and --kubeconfig.
namespace: bookinfo

expect:
  # Who sees which stars: none is v1, black is v2, red is v3.
  - stars: {jason: black, john: none, anonymous: red}
  # One colour for everybody: "- stars: black". All of these and no other: "- stars: {seen: [none, red]}".
  # Shares of the loads, with how far off they may be: "- stars: {none: 90%, red: 10%, margin: 5%}".

  # A page: its status, what it says and does not say, and how long it may take.
  - page: /productpage
    visitor: jason
    status: 200
    text: Sign out
    absentText: Error fetching
    fasterThan: 5s

  # Requests: their status codes, the share of good ones, and how long each may take.
  - request: /api/v1/products
    times: 20
    codes: 200
    rate: 100%
    fasterThan: 2s
`;

/**
 * Reads a file of expectations.
 * @param file as messages name it
 * @throws WorkshopError `bad-expectations` with each problem, its line and its fix
 */
export function parseExpectations(text: string, file: string): Expectations {
  const yaml = parseLocatedYaml(text, {file, line: 1});
  if (yaml.problems.length > 0) throw refused(yaml.problems);
  const value = yaml.value ?? {};
  const parsed = schema.safeParse(value);
  const read = conditionsIn(value, yaml);
  const problems = [
    ...(parsed.success
      ? []
      : problemsOf({
          error: parsed.error,
          value,
          placeOf: yaml.placeOf,
          known: Object.keys(examples),
          example: field => examples[field],
        })),
    ...read.problems,
  ];
  if (!parsed.success || problems.length > 0) throw refused(problems);
  const {format: _, expect: __, ...rest} = parsed.data;
  const given = Object.fromEntries(Object.entries(rest).filter(([, each]) => each !== undefined));
  return {...given, conditions: read.conditions};
}

function conditionsIn(
  value: unknown,
  yaml: LocatedYaml,
): {conditions: readonly Condition[]; problems: readonly Problem[]} {
  const entries = (value as {expect?: unknown} | null)?.expect;
  const results = (Array.isArray(entries) ? entries : []).map((entry, index) =>
    conditionAt(entry, ['expect', index], yaml),
  );
  return {
    conditions: results.flatMap(({condition}) => condition ?? []),
    problems: results.flatMap(({problems}) => problems),
  };
}

function conditionAt(
  entry: unknown,
  path: readonly (string | number)[],
  yaml: LocatedYaml,
): ReturnType<typeof parseCondition> {
  if (typeof entry !== 'object' || entry === null) return parseCondition(entry, path, yaml, kinds);
  const kind = Object.keys(kinds).find(each => each in entry) as keyof typeof kinds | undefined;
  const unknown = Object.keys(entry).filter(key => kind && !kinds[kind].fields.includes(key));
  // Where it enters is said by the address, so what a lab says of that means nothing here.
  const meant = kind === 'request' ? {...entry, from: 'gateway'} : entry;
  const ways = unknown.filter(key => key === 'via' || key === 'from');
  if (ways.length === 0) return parseCondition(meant, path, yaml, kinds);
  return {
    problems: ways.map(key => ({
      place: yaml.placeOf([...path, key]),
      message: `unknown field "${key}"`,
      fix: 'remove it: the address says where requests enter',
    })),
  };
}

function isHttp(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.canParse(text);
}

function refused(problems: readonly Problem[]): WorkshopError {
  const lines = problems.map(({place, message}) => `${place.file}:${place.line}: ${message}`);
  const count = problems.length;
  return new WorkshopError({
    code: 'bad-expectations',
    message: `The expectations have ${count === 1 ? 'a problem' : `${count} problems`}.`,
    detail: lines.join('\n'),
    remedies: [
      ...problems.map(({place, fix}) => `line ${place.line}: ${fix}`),
      {say: 'A file to begin with', command: 'probe --example'},
    ],
    exitCode: exitCodes.usage,
  });
}
