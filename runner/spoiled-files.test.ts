import {cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {lintLabs} from './catalog/catalog.ts';
import {serveChartFolder} from './engines/charts/serve-folder.ts';
import {minifyKubeconfig} from './engines/context/kubeconfig.ts';
import {WorkshopError} from './errors.ts';
import {packCharts} from './sandbox/charts/pack.ts';
import {type Random, seededRandom, systemClock} from './sandbox/clock.ts';
import {sandboxStatus} from './sandbox/lifecycle/control.ts';
import {keptCredentials} from './sandbox/lifecycle/kept-credentials.ts';
import {takeLock} from './sandbox/lifecycle/lock.ts';
import {openStateFolder, statePaths} from './sandbox/lifecycle/state-folder.ts';
import {openJournal} from './sandbox/store/journal.ts';
import {Store} from './sandbox/store/store.ts';
import {connectionOf, mergeKubeconfig, readKubeconfigFiles} from './sandbox/tools/shared/kubeconfig.ts';
import {openWorkshopStore} from './session/workshop-store.ts';

/** `npm run soak` asks for more of each, and other seeds. */
const rounds = Number(process.env['ISTIO_WORKSHOP_SPOIL_ROUNDS'] ?? 12);
const seed = Number(process.env['ISTIO_WORKSHOP_SEED'] ?? 1);
/** Every round writes and reads a file five times. */
const patiently = {timeout: 30_000 + rounds * 3000};
const labs = path.resolve(import.meta.dirname, '..', 'labs');

let folder = '';

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'spoiled-'));
});

afterAll(() => rmSync(folder, {recursive: true, force: true}));

/** How a file comes to be another one than was written: cut, a bit that flipped, bytes lost, doubled or zeroed. */
const spoilings = {
  cut: (whole: Buffer, at: number) => whole.subarray(0, at),
  flip: (whole: Buffer, at: number, random: Random) => {
    const spoiled = Buffer.from(whole);
    spoiled[at] = (spoiled[at] ?? 0) ^ (1 << Math.floor(random() * 8));
    return spoiled;
  },
  hole: (whole: Buffer, at: number, random: Random) => {
    const length = 1 + Math.floor(random() * 64);
    return Buffer.concat([whole.subarray(0, at), whole.subarray(at + length)]);
  },
  zeros: (whole: Buffer, at: number) => Buffer.from(whole).fill(0, at, Math.min(at + 512, whole.length)),
  twice: (whole: Buffer, at: number) => Buffer.concat([whole.subarray(0, at), whole]),
};

/** Where the parts of a file meet: its lines, members and values; there a cut or a flip is most likely to be believed. */
function boundariesOf(whole: Buffer): readonly number[] {
  const found = [0, whole.length - 1];
  for (const [at, byte] of whole.entries())
    if ('\n"{}[],:'.includes(String.fromCharCode(byte))) found.push(at, at + 1);
  return found;
}

/** Spoils a file again and again and reads it. @returns what was thrown that is no sentence for a person. */
async function spoiled(file: string, read: () => unknown): Promise<string[]> {
  const random = seededRandom(seed);
  const whole = readFileSync(file);
  const boundaries = boundariesOf(whole);
  const faults: string[] = [];
  for (const [name, spoil] of Object.entries(spoilings)) {
    for (let round = 0; round < rounds; round++) {
      const places = round % 2 === 0 ? boundaries : undefined;
      const at = places?.[Math.floor(random() * places.length)] ?? Math.floor(random() * whole.length);
      writeFileSync(file, spoil(whole, at, random));
      try {
        await read();
      } catch (error) {
        const forPeople = error instanceof WorkshopError || (error as Error)?.name === 'ToolError';
        if (!forPeople) faults.push(`${name} at ${at}: ${error instanceof Error ? error.stack : error}`);
      }
    }
  }
  writeFileSync(file, whole);
  return faults.slice(0, 3);
}

describe(`${rounds} times cut, flipped and the like (seed ${seed})`, () => {
  it(
    'a journal comes up with what can be read, tells what is lost, and takes writes',
    patiently,
    async () => {
      const store = path.join(folder, 'store');
      const file = path.join(store, 'journal.jsonl');
      const first = new Store(openJournal({folder: store, clock: systemClock}));
      for (let count = 0; count < 30; count++) {
        const metadata = {name: `n${count % 20}`, namespace: 'n'};
        first.put('configmaps', {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata,
          data: {count: String(count)},
        });
      }
      first.close();
      const stored = first.list('configmaps').map(({metadata}) => metadata.name);
      const faults = await spoiled(file, () => {
        const opened = openJournal({folder: store, clock: systemClock});
        const again = new Store(opened);
        const names = new Set(again.list('configmaps').map(({metadata}) => metadata.name));
        const missing = stored.filter(name => !names.has(name));
        if (missing.length > 0 && !opened.damage) throw new Error(`lost without a word: ${missing}`);
        if (again.revision < 30) throw new Error(`revision ${again.revision} again`);
        again.put('configmaps', {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: {name: 'new', namespace: 'n'},
        });
        again.close();
        if (!new Store(openJournal({folder: store, clock: systemClock})).get('configmaps', 'n', 'new'))
          throw new Error('a later write is not there');
      });
      expect(faults).toEqual([]);
    },
  );

  it("the sandbox's own files cost what they hold, and no start", patiently, async () => {
    const directory = path.join(folder, 'sandbox');
    const paths = statePaths(directory);
    openStateFolder({directory, name: 'n'});
    writeFileSync(
      paths.record,
      JSON.stringify({format: 1, name: 'n', port: 40_000, chartsPort: 40_001}, null, 2),
    );
    writeFileSync(paths.lock, JSON.stringify({pid: 2 ** 30, startTicks: '1', bootedAt: 0}));
    writeFileSync(paths.handshake, JSON.stringify({pid: 2 ** 30, process: {pid: 2 ** 30, bootedAt: 0}}));
    await keptCredentials(paths.credentials, systemClock);
    expect({
      record: await spoiled(paths.record, () => openStateFolder({directory, name: 'n'})),
      lock: await spoiled(paths.lock, () => takeLock(paths.lock)()),
      handshake: await spoiled(paths.handshake, () => sandboxStatus(directory)),
      credentials: await spoiled(paths.credentials, async () => {
        const {createSecureContext} = await import('node:tls');
        const {authority, server, client} = await keptCredentials(paths.credentials, systemClock);
        for (const {certificate, key} of [server, client])
          createSecureContext({ca: authority, cert: certificate, key});
      }),
    }).toEqual({record: [], lock: [], handshake: [], credentials: []});
  });

  it("a workshop's files are read or refused in a sentence", patiently, async () => {
    const store = await openWorkshopStore({stateFolder: path.join(folder, 'state'), name: 'mine'});
    await store.writeRecord({name: 'mine', engine: 'sandbox', workFolder: '/work', settings: {context: 'c'}});
    await store.writeProgress({
      labs: {a: {status: 'standing', passedAt: '2026-01-01T00:00:00Z', milliseconds: 3}},
      position: {lab: 'a', step: 0, block: 1},
    });
    const faults = [
      ...(await spoiled(path.join(store.folder, 'workshop.json'), async () => {
        const record = await store.readRecord();
        path.resolve(record?.workFolder ?? '');
      })),
      ...(await spoiled(path.join(store.folder, 'progress.json'), async () => {
        const {labs, position} = await store.readProgress();
        for (const record of Object.values(labs)) new Date(record.passedAt);
        if (position) position.lab.toUpperCase();
      })),
    ];
    expect(faults).toEqual([]);
  });

  it('labs are linted to the end', patiently, async () => {
    const copy = path.join(folder, 'labs');
    mkdirSync(copy);
    for (const lab of ['01-create-cluster', '04-route-to-v1'])
      cpSync(path.join(labs, lab), path.join(copy, lab), {recursive: true});
    const faults: string[] = [];
    for (const file of [
      '01-create-cluster/lab.md',
      '04-route-to-v1/lab.md',
      '04-route-to-v1/manifests/virtual-service-all-v1.yaml',
    ])
      faults.push(...(await spoiled(path.join(copy, file), () => lintLabs(copy))));
    expect(faults).toEqual([]);
  });

  it('packed charts are served or refused in a sentence', patiently, async () => {
    const charts = path.join(folder, 'charts');
    mkdirSync(charts);
    const [chart] = await packCharts({istioVersion: '1.30.3'});
    const file = path.join(charts, 'chart.tgz');
    writeFileSync(file, chart?.archive ?? '');
    expect(await spoiled(file, async () => (await serveChartFolder(charts)).close())).toEqual([]);
  });

  it(
    'a kubeconfig is read or refused in a sentence, by the program and by its kubectl',
    patiently,
    async () => {
      const file = path.join(folder, 'kubeconfig');
      writeFileSync(
        file,
        `apiVersion: v1
kind: Config
clusters: [{name: c, cluster: {server: 'https://127.0.0.1:1', certificate-authority-data: YQ==}}]
users: [{name: u, user: {token: secret}}]
contexts:
- name: x
  context: {cluster: c, user: u, namespace: n}
current-context: x
`,
      );
      const faults = await spoiled(file, async () => {
        try {
          minifyKubeconfig([file], undefined);
        } finally {
          await connectionOf(mergeKubeconfig(await readKubeconfigFiles([file], true)));
        }
      });
      expect(faults).toEqual([]);
    },
  );
});
