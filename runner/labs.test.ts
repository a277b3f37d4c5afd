import {afterAll, afterEach, beforeAll, describe, expect, it, type TestContext} from 'vitest';
import {compileLabs} from './catalog/catalog.ts';
import {readCompiledLabs} from './catalog/compiled.ts';
import {imagesIn} from './catalog/images.ts';
import type {Lab} from './catalog/lab.ts';
import {istioImages} from './engines/kind/istio-images.ts';
import {LabUnsolvable, openTriedWorkshop, type TriedWorkshop} from './testing/tried-workshop.ts';
import {istioVersion} from './version.ts';

/**
 * Every lab is tested five ways, on the sandbox, with the built-in tools and the real browser: its check fails
 * before it is solved, passes after its own commands, fails on every broken manifest with that cause first,
 * its reset takes the cluster back to where the lab began, and it gets on whatever was done before. Each test takes the cluster to where it begins, so that a
 * lab that fails does not take the next along.
 */
const labs = readCompiledLabs(JSON.stringify(await compileLabs(`${import.meta.dirname}/../labs`)));
let workshop: TriedWorkshop;

beforeAll(async () => {
  workshop = await openTriedWorkshop(labs);
});
afterEach(({task}) => {
  if (task.result?.state === 'fail') workshop.giveUp();
});
afterAll(() => workshop?.close());

/** Takes the cluster to where the test begins; what a lab needs and could not be solved is that lab's failure. */
async function from(context: TestContext, start: 'begin' | 'beSolved', lab: Lab): Promise<void> {
  await workshop[start](lab).catch(error => {
    if (error instanceof LabUnsolvable && error.lab !== lab.id) context.skip(error.message);
    throw error;
  });
}

/** What the learner and Istio put into the cluster, without what time and chance add. */
async function objectsNow(): Promise<string> {
  const kinds = 'namespaces,deployments,services,serviceaccounts,virtualservices,destinationrules,gateways';
  const text = await workshop.kubectl(
    `kubectl get ${kinds} -A -o name 2>/dev/null || kubectl get namespaces,deployments,services,serviceaccounts -A -o name`,
  );
  const routes = await workshop.kubectl(
    `kubectl get virtualservices,destinationrules -A -o jsonpath='{range .items[*]}{.metadata.name}{" "}{.spec}{"\\n"}{end}' 2>/dev/null || true`,
  );
  return `${text}${routes}`;
}

/**
 * What the pods of a kind node itself request: kubeadm's API server 250m, controller manager 200m, scheduler 100m,
 * etcd 100m and 100 MiB, two of CoreDNS with 100m and 70 MiB each, and kindnet 100m and 50 MiB.
 */
const kindsOwn = {millicores: 950, mebibytes: 290};

/** What all pods request of the scheduler. */
async function requestsNow(): Promise<{millicores: number; mebibytes: number; pods: number}> {
  const {items} = JSON.parse(await workshop.kubectl('kubectl get pods -A -o json'));
  const sum = (name: string, read: (quantity: string) => number): number =>
    items
      .flatMap((pod: any) => [
        ...pod.spec.containers,
        // A sidecar that runs beside the others counts like them.
        ...(pod.spec.initContainers ?? []).filter((container: any) => container.restartPolicy === 'Always'),
      ])
      .reduce((total: number, {resources}: any) => total + read(resources?.requests?.[name] ?? '0'), 0);
  return {
    millicores: sum('cpu', text => (text.endsWith('m') ? Number.parseInt(text, 10) : Number(text) * 1000)),
    mebibytes: sum('memory', text => {
      const [, amount = '0', unit = ''] = /^(\d+)(Ki|Mi|Gi|)$/.exec(text) ?? [];
      return Number(amount) * ({Ki: 1 / 1024, Mi: 1, Gi: 1024}[unit] ?? 1 / 1024 ** 2);
    }),
    pods: items.length,
  };
}

/** A mistake that shows in half of the loads only: with fewer of them, chance would hide it now and then. */
const loadsForShares = 30;

describe.each(labs.map(lab => ({name: `lab ${lab.number} ${lab.id}`, lab})))('$name', ({lab}) => {
  /** Before the first lab there is no cluster to ask. */
  const objectsAtBeginning = async (): Promise<string> => (lab.needs.length > 0 ? objectsNow() : '');
  let before: string | undefined;

  it('fails its check before it is solved', async context => {
    await from(context, 'begin', lab);
    before = await objectsAtBeginning();
    expect((await workshop.check(lab)).verdict).toBe('failed');
  });

  it('passes after its own commands', async context => {
    await from(context, 'begin', lab);
    await workshop.solve(lab);
    const {verdict, results} = await workshop.check(lab);
    expect(results.filter(result => result.verdict !== 'passed')).toEqual([]);
    expect(verdict).toBe('passed');
  });

  it.runIf(lab.id === 'deploy-bookinfo')('leaves room on a kind node with 2 CPUs and 6 GB', async context => {
    await from(context, 'beSolved', lab);
    const requested = await requestsNow();
    // istiod 100m and 256 MiB, the gateway 100m and 128 MiB, and six sidecars of 10m and 64 MiB.
    expect(requested).toEqual({millicores: 260, mebibytes: 768, pods: 8});
    // A quarter of the CPUs, and more than half of the memory, are left to what the pods use beyond that.
    expect(requested.millicores + kindsOwn.millicores).toBeLessThanOrEqual(1500);
    expect(requested.mebibytes + kindsOwn.mebibytes).toBeLessThanOrEqual(3072);
  });

  it.runIf(lab.id === 'deploy-bookinfo')(
    'runs what an archive can hold, and asks no registry for it',
    async context => {
      await from(context, 'beSolved', lab);
      const {items} = JSON.parse(await workshop.kubectl('kubectl get pods -A -o json'));
      const containers = items.flatMap(({spec}: any) => [...(spec.initContainers ?? []), ...spec.containers]);
      const held = [...(await istioImages(istioVersion)), ...imagesIn(labs)];
      expect(containers.filter(({image}: any) => !held.includes(image))).toEqual([]);
      expect([...new Set(containers.map((one: any) => one.imagePullPolicy))]).toEqual(['IfNotPresent']);
    },
  );

  it('gets on when it was done before, twice, and half', async context => {
    await from(context, 'begin', lab);
    await workshop.solveOnWhatWasDone(lab, lab.number);
    expect((await workshop.check(lab)).verdict, workshop.output()).toBe('passed');
  });

  it('returns to where it began by its reset', async context => {
    if (before === undefined) {
      await from(context, 'begin', lab);
      before = await objectsAtBeginning();
    }
    await from(context, 'beSolved', lab);
    await workshop.undo(lab);
    expect(await objectsAtBeginning()).toBe(before);
    expect((await workshop.check(lab)).verdict).toBe('failed');
  });

  it.for(lab.broken.map(broken => ({file: broken.file, mistake: broken.mistake, broken})))(
    'fails when $mistake, and says so',
    async ({broken}, context) => {
      await from(context, 'begin', lab);
      await workshop.solve(lab, broken);
      const loads = broken.cause === 'weights' ? loadsForShares : undefined;
      const {verdict, results} = await workshop.check(lab, loads);
      const causes = results.flatMap(result => result.why ?? []);
      expect(verdict).toBe('failed');
      expect(causes[0]?.code, JSON.stringify(results, null, 1)).toBe(broken.cause);
      await workshop.undo(lab, broken);
    },
  );

  const next = labs[labs.indexOf(lab) + 1];
  it.runIf(next?.needs.includes(lab.id))('can be solved again, for the labs that need it', async context => {
    await from(context, 'begin', lab);
    await workshop.solve(lab);
    expect((await workshop.check(lab)).verdict).toBe('passed');
  });
});
