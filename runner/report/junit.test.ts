import {createHash} from 'node:crypto';
import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {homedir, tmpdir} from 'node:os';
import path from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {runProcess} from '../../verify/run-process.ts';
import {junitReport} from './junit.ts';
import {brokenCommandRun, failedRun, recordOf} from './testing/sample-run.ts';

const runs = [
  ['that failed', failedRun],
  ['that was killed', brokenCommandRun],
  ['of which nothing is known', []],
] as const;

describe('the JUnit XML of a report', () => {
  const xml = junitReport(recordOf(failedRun));

  it('is a suite for each lab and a case for each condition, with failed, errored and skipped told apart', () => {
    expect(
      [
        ...xml.matchAll(
          /<testsuite name="([^"]*)" tests="(\d)" failures="(\d)" errors="(\d)" skipped="(\d)"/g,
        ),
      ].map(([, ...all]) => all),
    ).toEqual([
      ['01 Lab first', '1', '0', '0', '0'],
      ['02 Route &lt;jason&gt; &amp; &quot;john&quot;', '2', '1', '1', '0'],
      ['03 Lab last', '1', '0', '0', '1'],
    ]);
    expect([...xml.matchAll(/<(failure|error|skipped) /g)].map(([, kind]) => kind)).toEqual([
      'failure',
      'error',
      'skipped',
    ]);
  });

  it('has what was expected beside what was seen, and the why as the text of the failure', () => {
    const failure = /<failure type="header-value"[^>]*>([\s\S]*?)<\/failure>/.exec(xml)?.[1];
    expect(failure).toContain('expected: jason black, john none\nseen:     jason red, john none');
    expect(failure).toContain('why: The rule wants end-user to be &quot;Jason&quot;.');
    expect(failure).toContain('asked for in labs/02-route/lab.md:31');
  });

  it('holds nothing that XML can not', () => {
    const hostile = failedRun.map(event =>
      event.type === 'condition-finished'
        ? {...event, result: {...event.result, seen: 'a\u0000\u001b[31m\ud800\uffff ]]> & <b>'}}
        : event,
    );
    const written = junitReport(recordOf(hostile));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(written).not.toMatch(/[\u0000-\u0008\u000b-\u001f\uffff]|[\ud800-\udfff]/);
    expect(written).toContain(']]&gt; &amp; &lt;b&gt;');
  });
});

/** `junit-10.xsd` of Jenkins' xunit-plugin (src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd), by its hash. */
const schemaHash = 'a1a816f58d1bf95ebabf371994df0b9246dee66ea9572fbec4f9296f1b2c0ff6';
const schemaFile =
  process.env['ISTIO_WORKSHOP_JUNIT_XSD'] ??
  path.join(
    process.env['ISTIO_WORKSHOP_CACHE'] ?? path.join(homedir(), '.cache', 'istio-workshop'),
    'schemas',
    'junit-10.xsd',
  );

async function works(command: string, args: readonly string[]): Promise<boolean> {
  const {exitCode} = await runProcess({command, args, env: {}, timeout: 20_000}).catch(() => ({exitCode: 1}));
  return exitCode === 0;
}

const python = process.env['ISTIO_WORKSHOP_PYTHON'] ?? 'python3';
const withoutSchema = [
  ...((await works('xmllint', ['--version'])) ? [] : ['xmllint']),
  ...(existsSync(schemaFile) ? [] : [`junit-10.xsd at ${schemaFile}`]),
];
const withoutParser = (await works(python, ['-c', 'import junitparser'])) ? [] : ['junitparser in Python'];
const skipped = (missing: readonly string[]): string =>
  missing.length > 0 ? ` (SKIPPED: no ${missing.join(', no ')})` : '';

describe('the JUnit XML as others read it', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'junit-'));
  });
  afterAll(() => rmSync(folder, {recursive: true, force: true}));

  const write = (events: Parameters<typeof recordOf>[0]): string => {
    const file = path.join(folder, 'junit.xml');
    writeFileSync(file, junitReport(recordOf(events)));
    return file;
  };

  it.skipIf(withoutSchema.length > 0).each(runs)(
    `is valid by Jenkins' junit-10.xsd for a run %s${skipped(withoutSchema)}`,
    async (_, events) => {
      expect(createHash('sha256').update(readFileSync(schemaFile)).digest('hex')).toBe(schemaHash);
      const args = ['--noout', '--schema', schemaFile, write(events)];
      const {exitCode, stderr} = await runProcess({command: 'xmllint', args, env: {}, timeout: 20_000});
      expect(exitCode, stderr).toBe(0);
    },
  );

  it.skipIf(withoutParser.length > 0)(
    `is read by junitparser, with the same counts${skipped(withoutParser)}`,
    async () => {
      const program = [
        'import json, sys',
        'from junitparser import JUnitXml',
        'suites = [[s.tests, s.failures, s.errors, s.skipped, [[type(r).__name__ for r in c.result] for c in s]] for s in JUnitXml.fromfile(sys.argv[1])]',
        'print(json.dumps(suites))',
      ].join('\n');
      const args = ['-c', program, write(failedRun)];
      const {stdout, stderr} = await runProcess({command: python, args, env: {}, timeout: 20_000});
      expect(stderr).toBe('');
      expect(JSON.parse(stdout)).toEqual([
        [1, 0, 0, 0, [[]]],
        [2, 1, 1, 0, [['Failure'], ['Error']]],
        [1, 0, 0, 1, [['Skipped']]],
      ]);
    },
  );
});
