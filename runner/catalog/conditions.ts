import {z} from 'zod';
import {suggestion} from '../nearest.ts';
import type {Condition, ConditionKind, Place, Via} from './lab.ts';
import {type LocatedYaml, parseLocatedYaml, type YamlPath} from './located-yaml.ts';
import type {Problem} from './problem.ts';
import {problemsOf} from './schema-problems.ts';
import {starsWanted} from './stars-wanted.ts';
import {parseTarget} from './targets.ts';
import {parseDuration, parseShare} from './units.ts';

const via = z
  .enum(['productpage', 'gateway'], 'via is productpage or gateway')
  .default('productpage' satisfies Via);
const name = z.string('a name is wanted here').min(1, 'must not be empty');
const text = z.string('a text is wanted here; put it in quotes').min(1, 'must not be empty');
/** YAML reads `8080` and `true` as a number and a truth value; a jsonpath prints both as text. */
const printed = z
  .union([z.string(), z.number(), z.boolean()], 'a text, number or truth value is wanted')
  .transform(String);
const texts = z.union(
  [text.transform(one => [one]), z.array(text).min(1)],
  'a text or a list of texts is wanted',
);
const labels = z.record(z.string(), printed, 'a map of names and values is wanted');
const duration = z.string('a time is written like 2s').transform((value, context) => {
  const milliseconds = parseDuration(value);
  if (milliseconds !== undefined) return milliseconds;
  context.addIssue('a time is written like 500ms, 2s or 5m');
  return z.NEVER;
});
const share = z.string('a share is written like 95%').transform((value, context) => {
  const parsed = parseShare(value);
  if (parsed !== undefined) return parsed;
  context.addIssue('a share is a percentage from 0% to 100%');
  return z.NEVER;
});
const target = z.string('an object is named like kind/name -n namespace').transform((value, context) => {
  const parsed = parseTarget(value);
  if (parsed) return parsed;
  context.addIssue('an object is named like kind/name -n namespace');
  return z.NEVER;
});
/** An object that lives in a namespace, whose namespace can't be guessed. */
const namespacedTarget = target.transform((value, context) => {
  if (value.namespace !== undefined) return {...value, namespace: value.namespace};
  context.addIssue('its namespace is missing; add -n and the namespace');
  return z.NEVER;
});
/** A field that is not set reads as an empty text, so that wanting one would never fail. */
const fieldValue = printed.refine(
  value => value !== '',
  'an empty value is also that of a field that is not set',
);
const jsonPath = z.string().regex(/^\{.+\}$/, 'a path is a jsonpath in braces');
const httpStatus = z.int('an HTTP status is a number from 100 to 599').min(100).max(599);
const statuses = z.union(
  [httpStatus.transform(one => [one]), z.array(httpStatus).min(1)],
  'a status or a list is wanted',
);
const workload = z.string().regex(/^[a-z]+\/[a-z0-9.-]+$/, 'a workload is named like deploy/reviews-v1');
const workloads = z.union(
  [workload.transform(one => [one]), z.array(workload).min(1)],
  'a workload like deploy/reviews-v1, or a list of them, is wanted',
);

type Unplaced = Condition extends infer Each ? (Each extends Condition ? Omit<Each, 'place'> : never) : never;
type Schemas = {[Kind in ConditionKind]: z.ZodType<Extract<Unplaced, {kind: Kind}>>};

const schemas: Schemas = {
  stars: z
    .strictObject({stars: starsWanted, via})
    .transform(value => ({kind: 'stars', wanted: value.stars, via: value.via})),
  resource: z
    .strictObject({resource: target, fields: z.record(jsonPath, fieldValue).default({})})
    .transform(value => ({
      kind: 'resource',
      ...value.resource,
      fields: Object.entries(value.fields).map(([path, equals]) => ({path, equals})),
    })),
  absent: z.strictObject({absent: target}).transform(value => ({kind: 'absent', ...value.absent})),
  ready: z
    .strictObject({ready: workloads, namespace: name, sidecar: z.boolean().default(false)})
    .transform(value => ({
      kind: 'ready',
      workloads: value.ready,
      namespace: value.namespace,
      sidecar: value.sidecar,
    })),
  crds: z
    .strictObject({crds: z.strictObject({group: name, atLeast: z.int().positive('at least 1')})})
    .transform(value => ({kind: 'crds', ...value.crds})),
  release: z
    .strictObject({release: name, namespace: name})
    .transform(({release, namespace}) => ({kind: 'release', name: release, namespace})),
  page: z
    .strictObject({
      page: z.string().regex(/^\//, 'a page is a path that begins with /'),
      via,
      visitor: name.default('anonymous'),
      status: httpStatus.optional(),
      text: texts.optional(),
      absentText: texts.optional(),
      slowerThan: duration.optional(),
      fasterThan: duration.optional(),
    })
    .refine(
      ({status, text: wanted, absentText, slowerThan, fasterThan}) =>
        [status, wanted, absentText, slowerThan, fasterThan].some(value => value !== undefined),
      'it wants nothing; add status, text, absentText, slowerThan or fasterThan',
    )
    .transform(({page, ...rest}) => defined({kind: 'page' as const, path: page, ...rest})),
  request: z
    .strictObject({
      request: z
        .string()
        .regex(/^(https?:\/\/|\/)/, 'a request goes to a URL or, through the gateway, to a path'),
      from: z
        .string()
        .regex(
          /^(gateway|[a-z]+\/[a-z0-9.-]+ -n [a-z0-9-]+)$/,
          'a request comes from a workload like deploy/ratings-v1 -n bookinfo, or from gateway',
        ),
      headers: labels.default({}),
      times: z.int().positive('at least 1').default(1),
      codes: statuses.default([200]),
      rate: share.refine(value => value > 0, 'a rate of 0% never fails').default(1),
      fasterThan: duration.optional(),
    })
    .transform(({request, ...rest}) => defined({kind: 'request' as const, url: request, ...rest})),
  log: z
    .strictObject({log: namespacedTarget, container: name.optional(), contains: text})
    .transform(({log, ...rest}) =>
      defined({
        kind: 'log' as const,
        workload: `${log.resource}/${log.name}`,
        namespace: log.namespace,
        ...rest,
      }),
    ),
  metric: z
    .strictObject({
      metric: z.string().regex(/^[a-zA-Z_:][\w:]*$/, 'a metric is named like istio_requests_total'),
      from: namespacedTarget,
      labels: labels.default({}),
      atLeast: z.number().positive('more than 0').default(1),
    })
    .transform(({metric, from, ...rest}) => ({
      kind: 'metric',
      workload: `${from.resource}/${from.name}`,
      namespace: from.namespace,
      name: metric,
      ...rest,
    })),
  command: z
    .strictObject({command: text, exit: z.int().min(0).max(255).default(0), output: text.optional()})
    .transform(({command, ...rest}) => defined({kind: 'command' as const, text: command, ...rest})),
  answer: z
    .strictObject({answer: text, choices: z.array(printed).min(2, 'at least two choices'), solution: printed})
    .refine(value => value.choices.includes(value.solution), 'the solution must be one of the choices')
    .transform(({answer, ...rest}) => ({kind: 'answer', question: answer, ...rest})),
};

const examples: Readonly<Record<ConditionKind, string>> = {
  stars: '- stars: black, {jason: black, john: none}, {none: 50%, red: 50%} or {seen: [none, red]}',
  resource: '- resource: virtualservice/reviews -n bookinfo',
  absent: '- absent: virtualservice/reviews -n bookinfo',
  ready: '- {ready: [deploy/reviews-v1], namespace: bookinfo}',
  crds: '- crds: {group: istio.io, atLeast: 14}',
  release: '- {release: istiod, namespace: istio-system}',
  page: '- {page: /productpage, status: 200}',
  request: "- {request: 'http://reviews:9080/reviews/0', from: deploy/ratings-v1 -n bookinfo, codes: 200}",
  log: '- {log: deploy/productpage-v1 -n bookinfo, container: istio-proxy, contains: reviews}',
  metric: '- {metric: istio_requests_total, from: deploy/productpage-v1 -n bookinfo, atLeast: 1}',
  command: '- {command: kubectl get nodes, output: Ready}',
  answer: '- {answer: Which version?, choices: [v1, v2], solution: v2}',
};

const allKinds = Object.keys(schemas) as readonly ConditionKind[];

/** A kind of condition as somebody may write it where not all of it means something. */
export interface KindShown {
  fields: readonly string[];
  example: string;
}

/** Reads the list of a `yaml check` fence; `at` is where its first line stands. */
export function parseConditions(
  source: string,
  at: Place,
): {conditions: readonly Condition[]; problems: readonly Problem[]} {
  const yaml = parseLocatedYaml(source, at);
  if (yaml.problems.length > 0) return {conditions: [], problems: yaml.problems};
  if (!Array.isArray(yaml.value) || yaml.value.length === 0) {
    return {
      conditions: [],
      problems: [
        {place: at, message: 'a check is a list of conditions', fix: `write it like this: ${examples.stars}`},
      ],
    };
  }
  const results = yaml.value.map((entry, index) => parseCondition(entry, [index], yaml));
  return {
    conditions: results.flatMap(result => result.condition ?? []),
    problems: results.flatMap(result => result.problems),
  };
}

/**
 * Reads one condition.
 * @param path where it stands in the document
 * @param among the kinds that may stand there, and the fields of each, where these are not all
 */
export function parseCondition(
  entry: unknown,
  path: YamlPath,
  yaml: Pick<LocatedYaml, 'placeOf'>,
  among: Partial<Record<ConditionKind, KindShown>> = {},
): {condition?: Condition; problems: readonly Problem[]} {
  const place = yaml.placeOf(path);
  const chosen = Object.keys(among);
  const kinds = chosen.length > 0 ? allKinds.filter(kind => chosen.includes(kind)) : allKinds;
  const keys = typeof entry === 'object' && entry !== null ? Object.keys(entry) : [];
  const named = kinds.filter(kind => keys.includes(kind));
  // `log` and `metric` may hold a `text` or `labels` of their own, never another kind.
  const kind = named[0];
  if (kind === undefined || named.length > 1) {
    const message =
      named.length > 1
        ? `two conditions in one entry (${named.join(' and ')})`
        : `unknown condition "${keys[0] ?? String(entry)}"`;
    const fix = named.length > 1 ? 'begin each with its own dash' : suggestion(keys[0] ?? '', kinds);
    return {problems: [{place, message, fix}]};
  }
  const parsed = schemas[kind].safeParse(entry);
  // The kind decides the rest of the shape, which the registry's type can't tell through an index.
  if (parsed.success) return {condition: {...parsed.data, place} as Condition, problems: []};
  return {
    problems: problemsOf({
      error: parsed.error,
      value: entry,
      placeOf: yaml.placeOf,
      base: path,
      known: among[kind]?.fields ?? fieldsOf(kind),
      example: () => among[kind]?.example ?? examples[kind],
    }),
  };
}

const fields: Readonly<Record<ConditionKind, readonly string[]>> = {
  stars: ['stars', 'via'],
  resource: ['resource', 'fields'],
  absent: ['absent'],
  ready: ['ready', 'namespace', 'sidecar'],
  crds: ['crds'],
  release: ['release', 'namespace'],
  page: ['page', 'via', 'visitor', 'status', 'text', 'absentText', 'slowerThan', 'fasterThan'],
  request: ['request', 'from', 'headers', 'times', 'codes', 'rate', 'fasterThan'],
  log: ['log', 'container', 'contains'],
  metric: ['metric', 'from', 'labels', 'atLeast'],
  command: ['command', 'exit', 'output'],
  answer: ['answer', 'choices', 'solution'],
};

function fieldsOf(kind: ConditionKind): readonly string[] {
  return fields[kind];
}

type Defined<T> = {[Key in keyof T as undefined extends T[Key] ? never : Key]: T[Key]} & {
  [Key in keyof T as undefined extends T[Key] ? Key : never]?: Exclude<T[Key], undefined>;
};

/** Drops fields that are not set, so that compiled labs hold only what was written. */
function defined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as Defined<T>;
}
