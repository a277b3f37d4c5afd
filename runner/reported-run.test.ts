import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import {createInterface} from 'node:readline';
import {Writable} from 'node:stream';
import {Ajv2020} from 'ajv/dist/2020.js';
import {unzipSync} from 'fflate';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {readCompiledLabs} from './catalog/compiled.ts';
import type {CommandBlock, Lab} from './catalog/lab.ts';
import {run} from './cli/commands/run.ts';
import {conditionsOf} from './report/counts.ts';
import type {RunRecord} from './report/schema.ts';
import {auditPage, found} from './report/testing/audit-page.ts';
import {stopSandbox} from './sandbox/lifecycle/control.ts';
import {planted} from './testing/planted-secrets.ts';
import {type TestIo, testIo} from './testing/test-io.ts';

const outside: TestIo[] = [];
afterAll(() => {
  for (const each of outside) each.remove();
});

function anOutside(): TestIo {
  const each = testIo();
  outside.push(each);
  return each;
}

/** A stream that keeps what is written. */
function kept(): {stream: NodeJS.WriteStream; text(): string} {
  let text = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += chunk;
      done();
    },
  });
  return {stream: stream as unknown as NodeJS.WriteStream, text: () => text};
}

/** All that a folder holds, archives unpacked: by its path. */
function filesIn(folder: string): ReadonlyMap<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (const entry of readdirSync(folder, {withFileTypes: true, recursive: true})) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const bytes = readFileSync(file);
    files.set(path.relative(folder, file), bytes);
    if (!file.endsWith('.zip')) continue;
    for (const [name, inside] of Object.entries(unzipSync(bytes))) files.set(`${entry.name}/${name}`, inside);
  }
  return files;
}

const readReport = (folder: string): RunRecord =>
  JSON.parse(readFileSync(path.join(folder, 'report.json'), 'utf8'));

/** The files of a report are whole, and what they lead to is there. @param evidence where, if not beside them */
function expectWhole(folder: string, evidence = folder): RunRecord {
  const record = readReport(folder);
  const schema = JSON.parse(readFileSync(path.join(folder, 'report.schema.json'), 'utf8'));
  const isValid = new Ajv2020({strict: false, validateFormats: false}).compile(schema);
  expect(isValid(record), JSON.stringify(isValid.errors)).toBe(true);
  const xml = readFileSync(path.join(folder, 'junit.xml'), 'utf8');
  expect(xml).toMatch(/<\/testsuites>\n$|<testsuites [^>]*\/>\n$/);
  expect(JSON.parse(readFileSync(path.join(folder, 'report.sarif'), 'utf8')).version).toBe('2.1.0');
  expect(readFileSync(path.join(folder, 'index.html'), 'utf8')).toMatch(/<\/html>\n$/);
  expect(readFileSync(path.join(folder, 'report.md'), 'utf8')).toContain('## Versions');
  for (const {pictures, traces} of record.labs.flatMap(conditionsOf)) {
    for (const {file} of [...pictures, ...traces])
      expect(existsSync(path.join(evidence, file)), file).toBe(true);
  }
  return record;
}

/** The labs with a route that leads elsewhere, and commands that print secrets. */
function spoiled(labs: readonly Lab[]): readonly Lab[] {
  return labs.slice(0, 4).map(lab => {
    if (lab.id === 'route-to-v1') {
      const manifests = lab.manifests.map(({name, content}) => ({
        name,
        content: content.replace('host: reviews\n        subset: v1', 'host: reviews\n        subset: v3'),
      }));
      return {...lab, manifests};
    }
    if (lab.number !== 1) return lab;
    const command = (id: string, text: string): CommandBlock => ({
      kind: 'command',
      id,
      text,
      background: false,
      timeout: 60_000,
      exit: 0,
      place: lab.place,
    });
    const printing = [
      ...planted.map((_, index) => `cat planted-${index}.txt`),
      'kubectl create secret generic planted -n default --from-literal=password=planted-live-secret',
      'kubectl get secret planted -n default -o yaml',
      'kubectl get secret planted -n default -o json | cat',
      "kubectl get secret planted -n default -o jsonpath='{.data.password}'",
      'kubectl config view --raw',
      'cat "$KUBECONFIG"',
      'curl --version || true; echo "Cookie: session=planted-typed-cookie"',
    ];
    const [first, second, ...rest] = lab.steps;
    if (!first || !second) throw new Error('lab 1 has lost its steps');
    const blocks = [...printing.map((text, index) => command(`p${index}`, text)), ...second.blocks];
    return {
      ...lab,
      manifests: planted.map(({text}, index) => ({name: `planted-${index}.txt`, content: text})),
      steps: [first, {...second, blocks}, ...rest],
    };
  });
}

describe('a run that fails, with secrets planted in it', () => {
  const {io, folder} = anOutside();
  const report = path.join(folder, 'report');
  const stdout = kept();
  const stderr = kept();
  let record: RunRecord;
  let exitCode: number;

  beforeAll(async () => {
    const programFolder = path.join(folder, 'program');
    mkdirSync(programFolder);
    for (const name of readdirSync(io.programFolder)) {
      if (name !== 'labs.json')
        symlinkSync(path.join(io.programFolder, name), path.join(programFolder, name));
    }
    const labs = readCompiledLabs(readFileSync(path.join(io.programFolder, 'labs.json'), 'utf8'));
    writeFileSync(path.join(programFolder, 'labs.json'), JSON.stringify({format: 1, labs: spoiled(labs)}));
    const streams = {stdout: stdout.stream, stderr: stderr.stream};
    exitCode = await run({...io, ...streams, programFolder}, [], {
      all: true,
      fresh: false,
      loads: '3',
      json: true,
      report,
    });
    record = expectWhole(report);
  });

  afterAll(() => stopSandbox(path.join(folder, 'state', 'workshops', 'default', 'sandbox')));

  it('ends as failed, in the report as in its exit code', () => {
    expect(exitCode).toBe(1);
    expect(record).toMatchObject({complete: true, outcome: 'failed'});
    expect(record.labs.map(({state}) => state)).toEqual(['passed', 'passed', 'passed', 'failed']);
    expect(record.counts.failed).toBeGreaterThan(0);
  });

  it('tells what failed with everything that explains it', () => {
    const failed = conditionsOf(record.labs[3] as RunRecord['labs'][number]).find(
      ({state}) => state === 'failed',
    );
    expect(failed).toMatchObject({
      kind: 'stars',
      expected: 'none for every visitor',
      seen: expect.stringContaining('red'),
    });
    expect(failed?.rows.map(({visitor, seen, good}) => [visitor, seen, good])).toEqual(
      ['anonymous', 'jason', 'john'].map(visitor => [visitor, 'red', 0]),
    );
    expect(failed?.way?.lines.join('\n')).toContain('VirtualService bookinfo/reviews');
    expect(failed?.why.length).toBeGreaterThan(0);
    expect(failed?.pictures.map(({visitor, html}) => [visitor, html !== undefined])).toEqual(
      ['anonymous', 'jason', 'john'].map(visitor => [visitor, true]),
    );
    expect(failed?.traces.map(({visitor, loads}) => [visitor, loads])).toEqual(
      ['anonymous', 'jason', 'john'].map(visitor => [visitor, ['red', 'red']]),
    );
    expect(failed?.proxyLogs.map(({container}) => container)).toContain('istio-proxy');
    expect(failed?.observations.filter(({phase}) => phase === 'prove')).toHaveLength(9);
  });

  it('keeps a picture for each visitor of each check of the page that passed, and no more', () => {
    const stars = conditionsOf(record.labs[2] as RunRecord['labs'][number]).filter(
      ({kind}) => kind === 'stars',
    );
    expect(stars).toHaveLength(1);
    expect(stars[0]).toMatchObject({state: 'passed', traces: [], proxyLogs: []});
    expect(stars[0]?.pictures.map(({visitor, html}) => [visitor, html])).toEqual(
      ['anonymous', 'jason', 'john'].map(visitor => [visitor, undefined]),
    );
    expect(stars[0]?.trueAfter).toBeLessThan(stars[0]?.milliseconds ?? 0);
  });

  it('knows the versions of everything, and when commands were routed', () => {
    expect(record.versions).toMatchObject({
      kubernetes: expect.stringContaining('+istio-workshop'),
      istio: expect.stringMatching(/^1\.\d+\.\d+$/),
      browser: expect.stringContaining('chrom'),
      node: process.versions.node,
    });
    const commands = record.labs.flatMap(lab => lab.steps.flatMap(({items}) => items));
    expect(commands.some(item => item.kind === 'command' && item.routed && item.routed.proxies > 0)).toBe(
      true,
    );
  });

  it('lets no secret into a report, a trace or an event', () => {
    const kubeconfig = readFileSync(path.join(folder, 'state/workshops/default/sandbox/kubeconfig'), 'utf8');
    const credentials = [...kubeconfig.matchAll(/-data: (\S+)/g)].map(([, data]) => data ?? '');
    expect(credentials.length).toBeGreaterThanOrEqual(3);
    const secrets = [
      ...planted.flatMap(each => each.secrets),
      ...credentials.map(data => data.slice(0, 60)),
      ...credentials.map(data => data.slice(-60)),
      'planted-live-secret',
      Buffer.from('planted-live-secret').toString('base64'),
      'planted-typed-cookie',
    ];
    const files = filesIn(report);
    expect([...files.keys()].filter(name => name.includes('.trace.zip/')).length).toBeGreaterThan(6);
    const leaks: string[] = [];
    const look = (where: string, text: string): void => {
      for (const secret of secrets) if (text.includes(secret)) leaks.push(`${where}: ${secret}`);
    };
    for (const [name, bytes] of files) look(name, Buffer.from(bytes).toString('latin1'));
    look('stdout', stdout.text());
    look('stderr', stderr.text());
    expect(leaks).toEqual([]);
    // What is redacted is seen to be, and the page's own session as well.
    expect(stdout.text()).toContain('(redacted)');
    const network = [...files].filter(([name]) => name.endsWith('.network'));
    const sent = network.map(([, bytes]) => Buffer.from(bytes).toString('utf8')).join('\n');
    expect(sent).toMatch(/"name":"cookie","value":"\(redacted\)"/i);
    expect(sent).not.toMatch(/"value":"session=/i);
  });

  it.skipIf(!found)('is a page that anybody can read', async () => {
    const audits = await auditPage(path.join(report, 'index.html'), [
      {colours: 'light', width: 360, scripts: true},
      {colours: 'dark', width: 1280, scripts: true},
    ]);
    for (const audit of audits) {
      expect(audit).toMatchObject({complaints: [], missing: [], barriers: []});
      expect(audit.overflow).toBeLessThanOrEqual(0);
    }
  });
});

describe('kill -9 of a run with a report', () => {
  const {io, folder} = anOutside();
  const build = process.env['ISTIO_WORKSHOP_BUILD'] ?? io.programFolder;
  const start = (...args: string[]): ChildProcess =>
    spawn(process.execPath, [path.join(build, 'main.mjs'), ...args], {
      cwd: folder,
      // Its private workshop lies where it can be found afterwards.
      env: {...(io.env as Record<string, string>), TMPDIR: folder},
      stdio: ['ignore', 'pipe', 'ignore'],
    });

  afterAll(async () => {
    for (const name of readdirSync(folder).filter(name => name.startsWith('iw-fresh-'))) {
      await stopSandbox(path.join(folder, name, 'state', 'workshops', 'fresh', 'sandbox'));
    }
  });

  it('leaves a valid report of what was seen so far, whenever it comes', async () => {
    const report = path.join(folder, 'report');
    const child = start('run', '03', '--json', '--loads', '2', '--report', report);
    let looks = 0;
    try {
      for await (const line of createInterface({input: child.stdout as NodeJS.ReadableStream})) {
        if (!/"type":"(?:lab-started|command-finished|condition-finished)"/.test(line)) continue;
        // What lies there at any moment is what a kill would leave.
        looks += 1;
        const copy = path.join(folder, `at-${looks}`);
        mkdirSync(copy);
        for (const name of readdirSync(report)) {
          if (/^(?!\.).*\.\w+$/.test(name)) copyFileSync(path.join(report, name), path.join(copy, name));
        }
        expectWhole(copy, report);
        if (line.includes('"lab-started"') && line.includes('deploy-bookinfo')) child.kill('SIGKILL');
      }
    } finally {
      child.kill('SIGKILL');
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    expect(child.signalCode).toBe('SIGKILL');
    expect(looks).toBeGreaterThan(10);
    const record = expectWhole(report);
    expect(record).toMatchObject({complete: false, outcome: 'running'});
    expect(record.counts.passed).toBeGreaterThan(0);
    expect(record.counts.notRun).toBeGreaterThan(0);
    expect(readFileSync(path.join(report, 'index.html'), 'utf8')).toContain('has not come to its end');
  });
});
