import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, expect, it} from 'vitest';
import type {MeshMoment} from '../checks/mesh-moment.ts';
import {openMeshHistory} from './mesh-history.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'iw-'));
});
afterEach(() => rm(folder, {recursive: true, force: true}));

function moment(at: number, host: string): MeshMoment {
  const metadata = {name: 'reviews', namespace: 'bookinfo'};
  const config = [
    {apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata, spec: {hosts: [host]}},
  ];
  return {at, input: {services: [], pods: [], config}};
}

it('keeps the mesh before its last change and behind it, over restarts', async () => {
  const [first, same, second, third] = [moment(1, 'a'), moment(2, 'a'), moment(3, 'b'), moment(4, 'c')];
  expect(await openMeshHistory(folder).isEmpty()).toBe(true);
  expect(await openMeshHistory(folder).keep(first)).toBeUndefined();
  expect(await openMeshHistory(folder).keep(same)).toBeUndefined();
  expect(await openMeshHistory(folder).keep(second)).toEqual([first, second]);
  expect(await openMeshHistory(folder).keep(moment(9, 'b'))).toEqual([first, second]);
  expect(await openMeshHistory(folder).keep(third)).toEqual([second, third]);
});

it('begins anew where its file is damaged', async () => {
  await writeFile(path.join(folder, 'mesh-history.json'), '{"moments":');
  expect(await openMeshHistory(folder).keep(moment(1, 'a'))).toBeUndefined();
  expect(await openMeshHistory(folder).isEmpty()).toBe(false);
});
