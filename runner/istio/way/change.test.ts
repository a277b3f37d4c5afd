import {fileURLToPath} from 'node:url';
import {describe, expect, it} from 'vitest';
import {loadLabs} from '../../catalog/catalog.ts';
import {changeFor, type MeshMoment, readMoment} from '../../checks/mesh-moment.ts';
import {fakeKube} from '../../checks/testing/fake-context.ts';
import type {KubeItem} from '../../engines/kube/kube.ts';
import {BookinfoMesh} from '../../testing/bookinfo-mesh.ts';
import {createPaint} from '../../ui/paint.ts';
import {changeLines} from '../../ui/way/change-lines.ts';
import {sameMesh} from './change.ts';

const labs = await loadLabs(fileURLToPath(new URL('../../../labs', import.meta.url)));
const looks = {width: 200, paint: createPaint(false)};
const visitors = ['anonymous', 'jason', 'john'];

function moment(mesh: BookinfoMesh): Promise<MeshMoment> {
  const items = mesh.items() as readonly KubeItem[];
  return readMoment(
    fakeKube(() => items),
    0,
  );
}

async function solve(mesh: BookinfoMesh, id: string): Promise<MeshMoment> {
  const lab = labs.find(other => other.id === id);
  if (!lab) throw new Error(`no lab ${id}`);
  mesh.solve(lab);
  return moment(mesh);
}

describe('the last change', () => {
  it('is told for each visitor, with the rule that decides now and the one before', async () => {
    const mesh = new BookinfoMesh();
    for (const id of ['deploy-bookinfo', 'route-to-v1']) await solve(mesh, id);
    const before = await moment(mesh);
    const after = await solve(mesh, 'route-jason');
    expect(changeLines(changeFor([before, after], visitors, 'productpage'), looks)).toEqual([
      'The last change: VirtualService bookinfo/reviews was changed.',
      '  anonymous: v1 for every request → v3 for every request, since VirtualService bookinfo/reviews http[1]: every call (before: VirtualService bookinfo/reviews http[0]: every call)',
      '  jason: v1 for every request → v2 for every request, since VirtualService bookinfo/reviews http[0].match[0]: end-user exact jason (before: VirtualService bookinfo/reviews http[0]: every call)',
      '  john: v1 for every request → v3 for every request, since VirtualService bookinfo/reviews http[1]: every call (before: VirtualService bookinfo/reviews http[0]: every call)',
    ]);
  });

  it('names objects that are gone or new, and whose page stays as it was', async () => {
    const mesh = new BookinfoMesh();
    const before = await solve(mesh, 'deploy-bookinfo');
    mesh.apply(
      '{apiVersion: security.istio.io/v1, kind: PeerAuthentication, metadata: {name: default}}',
      'bookinfo',
    );
    const after = await moment(mesh);
    const lines = changeLines(changeFor([before, after], ['john'], 'productpage'), looks);
    expect(lines).toEqual([
      'The last change: PeerAuthentication bookinfo/default was created.',
      '  john: still v1 33 %, v2 33 %, v3 33 %',
      "Nobody's page is another one.",
    ]);
    expect(changeFor([after, before], ['john'], 'productpage').objects).toMatchObject([{what: 'deleted'}]);
    expect(changeLines(undefined, looks)).toEqual(['The workshop has seen no change of the mesh yet.']);
  });

  it('is none where pods were only made anew', async () => {
    const mesh = new BookinfoMesh();
    const before = await solve(mesh, 'deploy-bookinfo');
    const renamed = before.input.pods.map(pod => ({
      ...pod,
      metadata: {...pod.metadata, name: `${pod.metadata.name}-again`},
    }));
    expect(sameMesh(before.input, {...before.input, pods: renamed})).toBe(true);
    expect(sameMesh(before.input, {...before.input, pods: renamed.slice(1)})).toBe(false);
  });
});
