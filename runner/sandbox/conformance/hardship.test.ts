import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterAll, beforeAll, describe, expect, it, onTestFinished} from 'vitest';
import {type Clock, seededRandom, systemClock} from '../clock.ts';
import type {SandboxHandshake} from '../lifecycle/control.ts';
import {startSandbox} from '../sandbox.ts';
import {type RawClient, rawClient} from './fuzz/raw-client.ts';
import {openWorkbench, type Workbench} from './sandbox-process.ts';

/** `npm run soak` asks for more rounds and other seeds. */
const rounds = Number(process.env['ISTIO_WORKSHOP_HARD_ROUNDS'] ?? 2);
const seed = Number(process.env['ISTIO_WORKSHOP_SEED'] ?? 1);
/** A journal is made small a second after the first refusal, while writers never rest: this is far more than a second's. */
const mostWrites = 5000;
const configMaps = '/api/v1/namespaces/default/configmaps';
const asJson = {'content-type': 'application/json'};

let bench: Workbench;

beforeAll(async () => {
  bench = await openWorkbench();
});

afterAll(() => bench?.close());

async function put(client: RawClient, name: string, value: string): Promise<number> {
  const body = JSON.stringify({metadata: {name}, data: {value}});
  const {status} = await client.send('PUT', `${configMaps}/${name}`, {body, headers: asJson});
  if (status !== 404) return status;
  return (await client.send('POST', configMaps, {body, headers: asJson})).status;
}

async function stored(client: RawClient): Promise<Map<string, string>> {
  const {items} = JSON.parse((await client.send('GET', configMaps)).text);
  return new Map(items.map(({metadata, data}: any) => [metadata.name, data?.value]));
}

describe(`hardship, ${rounds} times (seed ${seed})`, () => {
  it('a disk that fills up costs no write that was acknowledged, and no start', {
    timeout: 60_000 + rounds * 30_000,
  }, async () => {
    const random = seededRandom(seed);
    let sandbox = await bench.start('full', {largestFileKilobytes: 256});
    const acknowledged = new Map<string, string>();
    for (let round = 0; round < rounds; round++) {
      const client = rawClient(sandbox.kubeconfigPath);
      const writeWhile = async (goesOn: (told: {refused: number; acceptedInARow: number}) => boolean) => {
        const told = {refused: 0, acceptedInARow: 0};
        for (let write = 0; goesOn(told) && write < mostWrites; write++) {
          const name = `c${Math.floor(random() * 10)}`;
          const value = `${round}-${write}-${'x'.repeat(random() * 4000)}`;
          const status = await put(client, name, value);
          expect([200, 201, 500]).toContain(status);
          if (status < 300) acknowledged.set(name, value);
          else told.refused += 1;
          told.acceptedInARow = status < 300 ? told.acceptedInARow + 1 : 0;
        }
        return told;
      };
      // Twice: what was made small once has to become small again.
      for (let fill = 0; fill < 2; fill++) {
        expect(await writeWhile(({refused}) => refused < 5)).toMatchObject({refused: 5});
        const healed = await writeWhile(({acceptedInARow}) => acceptedInARow < 20);
        expect(healed).toMatchObject({acceptedInARow: 20});
      }
      expect((await client.send('GET', '/readyz')).status).toBe(200);
      for (const [name, value] of acknowledged) expect((await stored(client)).get(name)).toBe(value);
      client.close();
      await bench.kill(sandbox);
      // It starts where nothing can be written.
      sandbox = await bench.start('full', {largestFileKilobytes: 256});
      const again = rawClient(sandbox.kubeconfigPath);
      for (const [name, value] of acknowledged) expect((await stored(again)).get(name)).toBe(value);
      again.close();
    }
    expect(readFileSync(path.join(bench.folder, 'full', 'sandbox.log'), 'utf8')).not.toContain('crashed');
  });

  it('of starters at once one serves, and all find it', {timeout: 30_000 + rounds * 20_000}, async () => {
    let last: SandboxHandshake | undefined;
    for (let round = 0; round < rounds; round++) {
      const started = await Promise.allSettled([1, 2, 3].map(() => bench.start('raced')));
      const found = started.flatMap(each => (each.status === 'fulfilled' ? [each.value] : []));
      const refused = started.flatMap(each =>
        each.status === 'rejected' ? [String(each.reason.detail)] : [],
      );
      expect(new Set(found.map(({pid}) => pid)).size).toBe(1);
      // Whoever lost may say so, in words.
      for (const detail of refused) expect(detail).toContain('serves this sandbox already');
      last = found[0] as SandboxHandshake;
      const client = rawClient(last.kubeconfigPath);
      expect(await put(client, 'kept', String(round))).toBeLessThan(300);
      if (round > 0) expect((await stored(client)).get('kept')).toBe(String(round));
      client.close();
      await bench.kill(last);
    }
  });

  it('a clock that jumps stops nothing, and a start finds the state whatever the time is', {
    timeout: 30_000 + rounds * 20_000,
  }, async () => {
    const directory = mkdtempSync(path.join(tmpdir(), 'iw-jump-'));
    onTestFinished(() => rmSync(directory, {recursive: true, force: true}));
    const random = seededRandom(seed);
    const day = 24 * 60 * 60 * 1000;
    let ahead = 0;
    const clock: Clock = {now: () => systemClock.now() + ahead, after: systemClock.after};
    const faults: string[] = [];
    for (let round = 0; round < rounds; round++) {
      const onError = (what: string, error: unknown) => faults.push(`${what}: ${(error as Error).stack}`);
      const sandbox = await startSandbox({
        directory,
        name: 'jump',
        istioVersion: '1.30.3',
        clock,
        random,
        onError,
      });
      const client = rawClient(sandbox.kubeconfigPath);
      if (round === 0) {
        const template = {
          spec: {
            containers: [{name: 'c', image: 'docker.io/curlimages/curl:8.16.0'}],
            restartPolicy: 'Never',
          },
        };
        const spec = {schedule: '*/1 * * * *', jobTemplate: {spec: {template}}};
        const {status} = await client.send('POST', '/apis/batch/v1/namespaces/default/cronjobs', {
          body: JSON.stringify({metadata: {name: 'every-minute'}, spec}),
          headers: asJson,
        });
        expect(status).toBe(201);
      }
      for (const jump of [
        day,
        -2 * day,
        Math.round(3650 * random()) * day,
        -Math.round(3650 * random()) * day,
        60_000,
      ]) {
        ahead += jump;
        expect((await client.send('GET', '/readyz')).status).toBe(200);
        expect(await put(client, `r${round}`, String(jump))).toBeLessThan(300);
        const pod = {
          metadata: {name: `p${round}-${Math.abs(Math.round(jump))}`},
          spec: {containers: [{name: 'c', image: 'docker.io/curlimages/curl:8.16.0'}]},
        };
        const {status} = await client.send('POST', '/api/v1/namespaces/default/pods', {
          body: JSON.stringify(pod),
          headers: asJson,
        });
        expect(status).toBe(201);
      }
      const {items} = JSON.parse((await client.send('GET', '/apis/batch/v1/namespaces/default/jobs')).text);
      expect(items.length).toBeLessThan(50);
      expect((await stored(client)).get(`r${round}`)).toBe('60000');
      client.close();
      await sandbox.close();
    }
    expect(faults.filter(fault => /TypeError|RangeError|ReferenceError/.test(fault))).toEqual([]);
  });
});
