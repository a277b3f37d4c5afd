import {z} from 'zod';
import {reportVersion} from './report-version.ts';

const milliseconds = z.number().nonnegative().describe('Milliseconds');
const time = z.iso.datetime().describe('A moment, ISO 8601 in UTC');
const file = z.string().describe("A path inside the report's folder");
const place = z.object({file: z.string(), line: z.int().positive()}).describe('Where something stands');
const remedies = z.array(z.string()).describe('What to do next');

/** How a condition stands. */
const state = z
  .enum(['passed', 'failed', 'unknown', 'running', 'not-run'])
  .describe('unknown: it could not be seen; running: the run ended, or was ended, while it was looked at');

const observation = z.object({
  phase: z.enum(['settle', 'prove']).describe('settle: before the proof, where a wrong answer is "not yet"'),
  visitor: z.string(),
  right: z.boolean(),
  at: milliseconds.describe("Milliseconds from the run's start to the end of the load"),
  stars: z.enum(['none', 'black', 'red', 'unavailable']),
  status: z.int().nullable().describe('HTTP status of the page; null without an answer'),
  reviews: z.int(),
  filledStars: z.array(z.number()),
  colours: z.array(z.string()).describe('Computed colours of the filled stars'),
  markupColours: z.array(z.string()).describe('Colours that the markup asks for'),
  errors: z.array(z.string()),
  pod: z.string().nullable(),
  failedStatic: z.array(z.string()),
  signedInAs: z.string().nullable(),
  milliseconds,
  remark: z.string().optional(),
  failure: z.object({code: z.string(), message: z.string()}).optional(),
});

const visitorRow = z.object({
  visitor: z.string(),
  expected: z.string(),
  seen: z.string(),
  stars: z.array(z.number()),
  good: z.int(),
  loads: z.int(),
  version: z.string().optional(),
  metrics: z.string().optional(),
  remark: z.string().optional(),
  milliseconds: milliseconds.optional(),
});

const picture = z.object({
  visitor: z.string(),
  stars: z.string(),
  version: z.string().optional(),
  file,
  html: file.optional().describe("The page's HTML, where the condition did not pass"),
});

const trace = z
  .object({
    visitor: z.string(),
    file,
    loads: z.array(z.string()).describe('What the loads showed that were recorded'),
  })
  .describe('A Playwright trace, recorded in loads repeated right after the failure');

const diagnosis = z.object({
  code: z.string(),
  sentence: z.string(),
  object: z.string().optional(),
  fix: z.string().optional(),
  command: z.string().optional(),
  look: z.string().optional(),
  analysis: z.string().optional().describe('What istioctl analyze says of it'),
  behind: z.boolean().optional(),
  place: place.optional().describe('The line of the manifest that it is about'),
});

const condition = z.object({
  label: z.string(),
  kind: z.string(),
  place: place.optional(),
  state,
  expected: z.string().optional(),
  seen: z.string().optional(),
  startedAt: time.optional(),
  milliseconds: milliseconds.optional().describe('How long the look took, its proof included'),
  trueAfter: milliseconds
    .optional()
    .describe('How long it took to become true: that is settling, and no retry'),
  settledBy: z.string().optional().describe('What ended the settling'),
  reason: z.string().optional().describe('Why it was not run, or could not be seen'),
  rows: z.array(visitorRow),
  notes: z.array(z.string()),
  why: z.array(diagnosis).describe('Causes, the likeliest first'),
  way: z
    .object({
      visitor: z.string(),
      path: z.string(),
      lines: z.array(z.string()),
      tree: z.looseObject({}),
    })
    .optional()
    .describe('The calls that one load of the page is, and what decides each'),
  remedies,
  pictures: z.array(picture),
  traces: z.array(trace),
  proxyLogs: z.array(z.object({pod: z.string(), container: z.string(), lines: z.array(z.string())})),
  observations: z.array(observation),
});

const command = z.object({
  kind: z.literal('command'),
  text: z.string(),
  place: place.optional(),
  state: z.enum(['running', 'done', 'failed']),
  background: z.boolean(),
  startedAt: time,
  milliseconds: milliseconds.optional(),
  exitCode: z.int().optional(),
  wanted: z.int().optional(),
  output: z.string().describe('The end of what it printed'),
  problem: z.string().optional(),
  remark: z.string().optional(),
  routed: z
    .object({milliseconds, proxies: z.int()})
    .optional()
    .describe('From its end until the last proxy had the change'),
});

const writtenFile = z.object({
  kind: z.literal('file'),
  name: z.string(),
  change: z.enum(['created', 'updated', 'unchanged']),
  diff: z.string().optional(),
});

const check = z.object({
  kind: z.literal('check'),
  state,
  startedAt: time.optional(),
  milliseconds: milliseconds.optional(),
  attempts: z.int().nonnegative(),
  conditions: z.array(condition),
});

const step = z.object({
  number: z.int(),
  title: z.string(),
  items: z.array(z.discriminatedUnion('kind', [command, writtenFile, check])),
});

const lab = z.object({
  id: z.string(),
  number: z.int(),
  title: z.string(),
  file: z.string().optional().describe('The page of the lab'),
  state,
  attempts: z.int().nonnegative().describe('How often it was begun; what is told is the last time'),
  startedAt: time.optional(),
  milliseconds: milliseconds.optional(),
  steps: z.array(step),
});

const problem = z.object({
  code: z.string(),
  message: z.string(),
  detail: z.string().optional(),
  remedies,
  exitCode: z.int(),
  lab: z.string().optional(),
  faults: z
    .array(z.object({place, message: z.string(), fix: z.string()}))
    .describe('Of labs that can not be read: each fault with its line'),
});

/** All that a run leaves for others to read; every writer of a report begins here. */
export const reportSchema = z.object({
  $schema: z.string(),
  report: z.literal(reportVersion),
  command: z.string().describe('What was run, such as run --all --ci'),
  complete: z.boolean().describe('false while it goes on, and of a run that was killed'),
  outcome: z.enum(['passed', 'failed', 'unknown', 'interrupted', 'running']),
  startedAt: time,
  updatedAt: time,
  milliseconds,
  workshop: z.string(),
  engine: z.object({name: z.string(), title: z.string(), simulated: z.boolean()}),
  versions: z
    .record(z.string(), z.string())
    .describe('Of everything that was at work: istio-workshop, node, platform, kubernetes, istio, browser'),
  counts: z.object({
    passed: z.int(),
    failed: z.int(),
    unknown: z.int(),
    notRun: z.int(),
  }),
  labs: z.array(lab),
  notes: z.array(z.object({at: time, text: z.string()})),
  problems: z.array(problem),
});

export type RunRecord = z.infer<typeof reportSchema>;
export type LabRecord = z.infer<typeof lab>;
export type StepRecord = z.infer<typeof step>;
export type StepItem = StepRecord['items'][number];
export type CommandRecord = z.infer<typeof command>;
export type CheckRecord = z.infer<typeof check>;
export type ConditionRecord = z.infer<typeof condition>;
export type ConditionState = z.infer<typeof state>;
export type DiagnosisRecord = z.infer<typeof diagnosis>;
export type ProblemRecord = z.infer<typeof problem>;
