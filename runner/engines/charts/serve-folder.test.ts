import {createHash} from 'node:crypto';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {gzipSync} from 'node:zlib';
import {pack} from 'tar-stream';
import {afterEach, beforeEach, expect, it} from 'vitest';
import {parse} from 'yaml';
import {openCharts} from './source.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'iw-charts-'));
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));

async function chart(name: string, version: string): Promise<Buffer> {
  const archive = pack();
  archive.entry({name: `${name}/charts/sub/Chart.yaml`}, 'name: sub\nversion: 9.9.9\n');
  archive.entry({name: `${name}/Chart.yaml`}, `apiVersion: v2\nname: ${name}\nversion: ${version}\n`);
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer);
  return gzipSync(Buffer.concat(chunks));
}

it('serves a folder of charts as Helm wants a repository, and knows the release of Istio in it', async () => {
  const packed = await chart('istiod', '1.27.1');
  writeFileSync(path.join(folder, 'istiod-1.27.1.tgz'), packed);
  writeFileSync(path.join(folder, 'base-1.27.1.tgz'), await chart('base', '1.27.1'));
  writeFileSync(path.join(folder, 'secret.txt'), 'not a chart');
  const source = await openCharts(folder);
  const index = parse(await (await fetch(`${source.url}/index.yaml`)).text());
  expect(Object.keys(index.entries)).toEqual(['base', 'istiod']);
  const [entry] = index.entries.istiod;
  expect(entry).toMatchObject({
    version: '1.27.1',
    urls: ['istiod-1.27.1.tgz'],
    digest: createHash('sha256').update(packed).digest('hex'),
  });
  const served = Buffer.from(await (await fetch(`${source.url}/${entry.urls[0]}`)).arrayBuffer());
  expect(served.equals(packed)).toBe(true);
  expect((await fetch(`${source.url}/secret.txt`)).status).toBe(404);
  expect((await fetch(`${source.url}/..%2Fsecret.txt`)).status).toBe(404);
  expect(source.istioVersion).toBe('1.27.1');
  await source.close();
});

it('says which file is no chart, and when there is none at all', async () => {
  await expect(openCharts(path.join(folder, 'nowhere'))).rejects.toMatchObject({code: 'no-charts'});
  await expect(openCharts(folder)).rejects.toMatchObject({code: 'no-charts'});
  writeFileSync(path.join(folder, 'broken.tgz'), 'no archive');
  await expect(openCharts(folder)).rejects.toMatchObject({message: expect.stringContaining('broken.tgz')});
});
