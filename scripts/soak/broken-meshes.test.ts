import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';

interface Broken {
  name: string;
  lab: string;
  condition: RegExp;
  cause?: string;
  changes?: readonly {file: string; from: string; to: string}[];
  commands?: readonly string[];
}

const root = path.resolve(import.meta.dirname, '..', '..');
const part = (file: string) => import(path.join(import.meta.dirname, 'broken-meshes', file));
const {brokenMeshes}: {brokenMeshes: readonly Broken[]} = await part('ways.mjs');
const {alteredSources} = await part('altered-program.mjs');
const {createMeshes} = await part('play-mesh.mjs');

describe('the ways in which a mesh is broken', () => {
  it('are more than forty, each with a name of its own', () => {
    expect(new Set(brokenMeshes.map(({name}) => name)).size).toBe(brokenMeshes.length);
    expect(brokenMeshes.length).toBeGreaterThanOrEqual(40);
  });

  it.each(brokenMeshes.filter(({changes}) => changes))(
    'change what stands in the sources: $name',
    ({changes = []}) => {
      const sources: ReadonlyMap<string, string> = alteredSources(root, changes);
      for (const {file, to} of changes) expect(sources.get(path.join(root, file))).toContain(to);
    },
  );
});

/** One that always shows and one that shows by chance, the rest being as the labs' own broken manifests; `npm run soak -- --only broken-meshes` plays them all. */
describe('a mesh that is broken', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'meshes-'));
  const build = process.env['ISTIO_WORKSHOP_BUILD'] ?? path.join(root, '.build');
  let meshes: {play(broken: Broken | undefined): Promise<string | undefined>; close(): Promise<void>};

  beforeAll(() => {
    meshes = createMeshes({root, build, folder});
  });
  afterAll(async () => {
    await meshes.close();
    rmSync(folder, {recursive: true, force: true});
  });

  it.each(['reviews v3 has black stars', 'one request of ten goes to any version'])(
    'fails in the right place and for the right reason: %s',
    async name => {
      expect(await meshes.play(brokenMeshes.find(broken => broken.name === name))).toBeUndefined();
    },
  );
});
