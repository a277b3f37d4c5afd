import {readFileSync} from 'node:fs';
import path from 'node:path';
import {parseAllDocuments} from 'yaml';
import {type ReadMesh, readMesh} from '../../../runner/checks/mesh-snapshot.ts';
import {openPage, type PageEntry} from '../../../runner/checks/page-entry.ts';
import {type Kube, openKube} from '../../../runner/engines/kube/kube.ts';
import {isReady} from '../../../runner/engines/kube/pods.ts';
import type {IstioObject} from '../../../runner/istio/types.ts';
import {wayOfPage} from '../../../runner/istio/way/page.ts';
import type {PageWay} from '../../../runner/istio/way/way.ts';
import {rawClient} from '../../../runner/sandbox/conformance/fuzz/raw-client.ts';
import {openWorkbench} from '../../../runner/sandbox/conformance/sandbox-process.ts';
import {groupOf, pluralOf, servedVersion} from '../kubernetes/kinds.ts';
import {waitUntil} from '../real/wait-until.ts';
import {type Loaded, loadPage, signIn} from './page-loads.ts';

type Via = PageWay['via'];

/** A sandbox with Bookinfo, whose page can be loaded and explained. */
export interface SandboxPage {
  kube: Kube;
  /** Takes away what was applied before, and applies these. @returns those that the API refused, each with why. */
  apply(objects: readonly IstioObject[]): Promise<readonly string[]>;
  /** The cluster as `why` reads it, and what it makes of that. */
  mesh(): Promise<ReadMesh>;
  way(visitor: string, via: Via): Promise<PageWay>;
  load(visitor: string, via: Via): Promise<Loaded>;
  close(): Promise<void>;
}

const json = {'content-type': 'application/json'};
const labs = path.resolve(import.meta.dirname, '../../../labs');
const visitors = ['jason', 'john'];

export async function openSandboxPage(): Promise<SandboxPage> {
  const bench = await openWorkbench();
  try {
    const sandbox = await bench.start('pages');
    await bench.installIstio(sandbox);
    const client = rawClient(sandbox.kubeconfigPath);
    const kube = await openKube(sandbox.kubeconfigPath);
    let present: string[] = [];
    /** As it was read last; applying makes it another one. */
    let read: Promise<ReadMesh> | undefined;
    const mesh = () => {
      read ??= readMesh(kube);
      return read;
    };

    async function create(object: IstioObject): Promise<string | undefined> {
      const collection = collectionOf(object);
      const body = JSON.stringify(object);
      const {status, text} = await client.send('POST', collection, {body, headers: json});
      if (status === 201) return void present.push(`${collection}/${object.metadata.name}`);
      // What is Bookinfo's own may be written anew, and is put back by nobody.
      return `${object.kind} ${object.metadata.name}: ${JSON.parse(text).message}`;
    }

    await create({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {name: 'bookinfo', ...{labels: {'istio-injection': 'enabled'}}},
    });
    const manifest = readFileSync(path.join(labs, '03-deploy-bookinfo/manifests/bookinfo.yaml'), 'utf8');
    for (const document of parseAllDocuments(manifest)) {
      const object = document.toJS() as IstioObject;
      const refused = await create({...object, metadata: {...object.metadata, namespace: 'bookinfo'}});
      if (refused) throw new Error(refused);
    }
    present = [];
    const serving = async () =>
      (await kube.list('pods', {namespace: 'bookinfo'})).filter(isReady).length === 6;
    await waitUntil("Bookinfo's pods", serving, 120_000);
    const forwards = new Map<Via, PageEntry>();
    const forward = async (via: Via) => {
      const known = forwards.get(via) ?? (await openPage(kube, via));
      forwards.set(via, known);
      return Number(new URL(known.origin).port);
    };
    const cookies = new Map<string, string>();
    for (const name of visitors) cookies.set(name, await signIn(await forward('productpage'), name));

    return {
      kube,
      mesh,
      async apply(objects) {
        read = undefined;
        for (const each of present.splice(0)) await client.send('DELETE', each);
        const refused: string[] = [];
        for (const object of objects) {
          const why = await create(object);
          if (why) refused.push(why);
        }
        return refused;
      },
      async way(visitor, via) {
        const {snapshot, pods} = await mesh();
        const signedInAs = visitors.includes(visitor) ? {signedInAs: visitor} : {};
        return wayOfPage({snapshot, pods, visitor, via, ...signedInAs});
      },
      load: async (visitor, via) => loadPage(await forward(via), cookies.get(visitor)),
      async close() {
        for (const each of forwards.values()) await each.close();
        client.close();
        await bench.close();
      },
    };
  } catch (error) {
    await bench.close();
    throw error;
  }
}

function collectionOf({apiVersion, kind, metadata}: IstioObject): string {
  const served = servedVersion(apiVersion, kind);
  const root = groupOf(served) === '' ? `/api/${served}` : `/apis/${served}`;
  return `${root}${metadata.namespace ? `/namespaces/${metadata.namespace}` : ''}/${pluralOf(kind)}`;
}
