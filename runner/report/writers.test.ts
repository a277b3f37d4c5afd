import {readFileSync} from 'node:fs';
import path from 'node:path';
import {Ajv} from 'ajv';
import {Ajv2020} from 'ajv/dist/2020.js';
import {describe, expect, it} from 'vitest';
import {fetchPrograms} from '../testing/published-program.ts';
import {jsonReport} from './json.ts';
import {reportJsonSchema} from './json-schema.ts';
import {markdownReport} from './markdown.ts';
import published from './report-1.schema.json' with {type: 'json'};
import {sarifReport} from './sarif.ts';
import {brokenCommandRun, failedRun, recordOf} from './testing/sample-run.ts';

const runs = [
  ['that failed', failedRun],
  ['that was killed', brokenCommandRun],
  ['of which nothing is known', []],
] as const;

describe('the JSON of a report', () => {
  it('has the schema that was published: another form is another version', () => {
    expect(reportJsonSchema()).toEqual(published);
  });

  it.each(runs)('is valid by it for a run %s', (_, events) => {
    const ajv = new Ajv2020({strict: false, formats: {'date-time': /^\d{4}-\d\d-\d\dT[\d:.]+Z$/}});
    const isValid = ajv.compile(published);
    expect(isValid(JSON.parse(jsonReport(recordOf(events)))), JSON.stringify(isValid.errors)).toBe(true);
    expect(isValid({...recordOf(events), report: 2})).toBe(false);
  });

  it('has every observation', () => {
    const {labs} = JSON.parse(jsonReport(recordOf(failedRun)));
    const check = labs[1].steps[0].items.find((item: {kind: string}) => item.kind === 'check');
    expect(check.conditions[0].observations).toHaveLength(2);
  });
});

describe('the Markdown of a report', () => {
  const text = markdownReport(recordOf(failedRun));

  it('begins with what the run came to, and tells what failed whole', () => {
    expect(text.split('\n')[2]).toBe(
      '**Lab 02 Route \\<jason\\> & "john" failed.** 1 passed, 1 failed, 1 could not be checked, 1 not run, in 2.4 s.',
    );
    expect(text).toContain('expected: jason black, john none\nseen:     jason red, john none');
    expect(text).toContain(
      '[trace](evidence/02-route/s1c3-1/jason.trace.zip) of loads repeated right after the failure',
    );
  });

  it('keeps its tables whole, whatever stands in them', () => {
    const hostile = recordOf(
      failedRun.map(event =>
        event.type === 'condition-finished'
          ? {...event, result: {...event.result, seen: 'a | b\n```\n<b>', label: '`x` | y'}}
          : event,
      ),
    );
    const rows = markdownReport(hostile)
      .split('\n')
      .filter(line => line.startsWith('| ') && line.includes('y |'));
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(row.replaceAll('\\|', '').split('|')).toHaveLength(8);
  });
});

const sarifSchema = await fetchPrograms({
  name: '@microsoft/jest-sarif',
  version: '1.0.0-beta.0',
  integrity:
    'sha512-A1fOhPd6Ic5iDk4F9YPw1qNB4XF+7+IviR7xl8r2F6QzQkx5cpY9LsGk2rExiFIEcBbjpVnSmwWGBukASkiQ9A==',
  files: ['lib/schemas/sarif-2.1.0-rtm.5.json'],
});

describe('the SARIF of a report', () => {
  const results = (events: Parameters<typeof recordOf>[0]): any[] =>
    JSON.parse(sarifReport(recordOf(events))).runs[0].results;

  it('has each fault of a manifest with its rule, object and fix; what else it may be is a warning', () => {
    expect(results(failedRun)).toMatchObject([
      {
        ruleId: 'header-value',
        level: 'error',
        message: {text: expect.stringContaining('Fix: spec.http[0].match[0]')},
        locations: [
          {
            physicalLocation: {artifactLocation: {uri: 'labs/02-route/lab.md'}, region: {startLine: 31}},
            logicalLocations: [{fullyQualifiedName: 'VirtualService bookinfo/reviews'}],
          },
        ],
      },
      {ruleId: 'weights', level: 'warning'},
    ]);
  });

  it('has the line of a file that could not be applied', () => {
    expect(results(brokenCommandRun)).toMatchObject([
      {
        ruleId: 'broken-file',
        locations: [{physicalLocation: {artifactLocation: {uri: 'route.yaml'}, region: {startLine: 11}}}],
      },
    ]);
  });

  const missing = 'missing' in sarifSchema ? ` (SKIPPED: no schema: ${sarifSchema.missing})` : '';
  it.skipIf(missing !== '').each(runs)(
    `is valid by the schema of SARIF 2.1.0 for a run %s${missing}`,
    (_, events) => {
      if ('missing' in sarifSchema) return;
      const file = path.join(sarifSchema.folder, 'lib/schemas/sarif-2.1.0-rtm.5.json');
      const {$schema: _draft, id: _id, $id: _ownId, ...schema} = JSON.parse(readFileSync(file, 'utf8'));
      const isValid = new Ajv({strict: false, validateFormats: false, unicodeRegExp: false}).compile(schema);
      expect(isValid(JSON.parse(sarifReport(recordOf(events)))), JSON.stringify(isValid.errors)).toBe(true);
      expect(isValid({version: '2.0.0', runs: []})).toBe(false);
    },
  );
});
