import {existsSync} from 'node:fs';
import {ownerLabel} from '../../engines/context/namespaces.ts';
import {
  type Inventory,
  type InventoryItem,
  itemText,
  leftovers,
  takeInventory,
} from '../../engines/kube/inventory.ts';
import type {Kube} from '../../engines/kube/kube.ts';
import {openKube} from '../../engines/kube/kube.ts';
import {asWorkshopError, messageOf} from '../../errors.ts';
import type {View} from '../../session/events.ts';
import type {App} from '../app.ts';

/** The end of a run that leaves nothing, and how it is verified. */
export interface CleanUp {
  /**
   * Removes what the run made, whatever has become of it, compares the cluster with what it was before, and tells both.
   * Never throws. @returns whether nothing of the run is left
   */
  finish(): Promise<boolean>;
}

/** How long a cluster that is gone may take to be seen so, in milliseconds. */
const farewell = 3000;

/** Notes what is in a cluster that is shared, before anything is made there. */
export async function beginCleanUp(app: App, view: View): Promise<CleanUp> {
  const {engine} = app;
  const isShared = !engine.capabilities.ownsCluster;
  const before = isShared ? await inventoryOf(app) : undefined;

  async function finish(): Promise<boolean> {
    const left: string[] = [];
    const kube = await openKube((await engine.connect()).kubeconfig).catch(() => undefined);
    const own = isShared ? await ownRunOf(app) : undefined;
    try {
      await app.dispose(text => view.event({type: 'cluster-progress', text}));
    } catch (error) {
      view.event({type: 'problem', error: asWorkshopError(error)});
      left.push(`what could not be removed: ${messageOf(error)}`);
    }
    try {
      if (kube && before && own) left.push(...(await leftInCluster({kube, before, own, view})));
      else if (kube && (await answers(kube)))
        left.push(`the cluster at ${kube.config.getCurrentCluster()?.server}`);
    } catch (error) {
      left.push(`what could not be compared: ${messageOf(error)}`);
    }
    if (app.privateFolder && existsSync(app.privateFolder)) left.push(`the folder ${app.privateFolder}`);
    view.event({type: 'cleanup-finished', left});
    return left.length === 0;
  }

  return {finish};
}

type OwnRun = Parameters<typeof leftovers>[2];

async function inventoryOf({engine}: App): Promise<Inventory> {
  return takeInventory(await openKube((await engine.connect()).kubeconfig));
}

async function ownRunOf({engine, store}: App): Promise<OwnRun> {
  const [{env}, record] = await Promise.all([engine.connect(), store.readRecord()]);
  return {
    label: {name: ownerLabel, value: env['ISTIO_WORKSHOP_OWNER'] ?? ''},
    namespaces: engine.capabilities.namespaces ?? [],
    installed: record?.istio === 'ours',
  };
}

async function leftInCluster(options: {
  kube: Kube;
  before: Inventory;
  own: OwnRun;
  view: View;
}): Promise<readonly string[]> {
  const {kube, before, own, view} = options;
  const look = async (): Promise<readonly InventoryItem[]> =>
    leftovers(before, await takeInventory(kube), own);
  for (const item of await look()) {
    if (!(await removeSpread(kube, item))) continue;
    view.event({type: 'cluster-progress', text: `removed, since this run brought it: ${itemText(item)}`});
  }
  if (before.hidden.length > 0) {
    view.event({
      type: 'note',
      text: `not compared, since they may not be listed: ${before.hidden.join(', ')}`,
    });
  }
  return (await look()).map(itemText);
}

/**
 * What an installation of Istio leaves on purpose: its types, since all routes would go with them, and a certificate in
 * every namespace. Where this run brought them and nobody has an object of the type, they go with it.
 * @returns whether it was removed
 */
async function removeSpread(
  kube: Kube,
  {resource, name, namespace, labels}: InventoryItem,
): Promise<boolean> {
  const isCertificate = resource === 'configmaps' && labels['istio.io/config'] === 'true';
  const isUnused = resource.startsWith('customresourcedefinitions') && (await kube.list(name)).length === 0;
  if (isCertificate || isUnused) await kube.remove(resource, name, namespace);
  return isCertificate || isUnused;
}

async function answers(kube: Kube): Promise<boolean> {
  return kube
    .during(AbortSignal.timeout(farewell))
    .version()
    .then(
      () => true,
      () => false,
    );
}
