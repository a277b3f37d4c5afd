import {mkdirSync} from 'node:fs';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {compileLabs} from './catalog/catalog.ts';
import {readCompiledLabs} from './catalog/compiled.ts';
import type {BrokenManifest, Lab} from './catalog/lab.ts';
import {type ConditionResult, verdictOf} from './checks/result.ts';
import {type App, openApp} from './cli/app.ts';
import {systemProcesses} from './processes.ts';
import type {SessionEvent} from './session/events.ts';
import type {Executor} from './session/executor.ts';
import {writeLearnerFile} from './session/work-folder.ts';
import {checksOf, runnableBlocks} from './state/plan.ts';
import {testIo} from './testing/test-io.ts';

/**
 * Every lab is tested four ways, on the sandbox, with the built-in tools and the real browser: its check fails
 * before it is solved, passes after its own commands, fails on every broken manifest with that cause first, and
 * its reset takes the cluster back to where the lab began.
 */
const outside = testIo();
const labs = readCompiledLabs(JSON.stringify(await compileLabs(`${import.meta.dirname}/../labs`)));
const signal = new AbortController().signal;
let app: App;
let executor: Executor;
let events: SessionEvent[] = [];

beforeAll(async () => {
  app = await openApp(outside.io, {});
  executor = app.createExecutor({event: event => void events.push(event), close: async () => {}}, {loads: 3});
  mkdirSync(app.workFolder, {recursive: true});
});

afterAll(async () => {
  await executor?.close();
  await app?.dispose(() => {});
  outside.remove();
});

async function solve(lab: Lab, broken?: BrokenManifest): Promise<void> {
  await executor.beginLab(lab);
  for (const step of lab.steps) {
    for (const block of runnableBlocks(step, 'sandbox')) {
      if (block.kind === 'check') continue;
      if (broken?.insteadOf && block.kind === 'command' && block.text.includes(broken.insteadOf)) {
        await applyBroken(broken);
        continue;
      }
      events = [];
      const outcome = await executor.runBlock(lab, block.id, signal);
      expect(outcome, `${block.kind === 'command' ? block.text : block.name}\n${outputOf(events)}`).toBe(
        'done',
      );
    }
  }
  if (broken && !broken.insteadOf) await applyBroken(broken);
}

async function applyBroken(broken: BrokenManifest): Promise<void> {
  await writeLearnerFile(app.workFolder, 'broken.yaml', broken.content);
  await kubectl('kubectl apply -f broken.yaml');
}

async function kubectl(text: string): Promise<string> {
  const result = await systemProcesses.shell({text, directory: app.workFolder, env: await app.environment()});
  expect(result.exitCode, `${text}\n${result.stdout}${result.stderr}`).toBe(0);
  return result.stdout;
}

function outputOf(all: readonly SessionEvent[]): string {
  return all
    .map(event =>
      event.type === 'command-output'
        ? event.text
        : event.type === 'command-finished'
          ? (event.problem ?? '')
          : '',
    )
    .join('');
}

async function check(
  lab: Lab,
): Promise<{verdict: ConditionResult['verdict']; results: readonly ConditionResult[]}> {
  events = [];
  const verdicts = [];
  for (const block of checksOf(lab, 'sandbox')) {
    verdicts.push({verdict: await executor.runCheck(lab, block.id, {signal, quiet: false})});
  }
  const results = events.flatMap(event => (event.type === 'condition-finished' ? [event.result] : []));
  return {verdict: verdictOf(verdicts), results};
}

/** What the learner and Istio put into the cluster, without what time and chance add. */
async function objectsNow(): Promise<string> {
  const kinds = 'namespaces,deployments,services,serviceaccounts,virtualservices,destinationrules,gateways';
  const text = await kubectl(
    `kubectl get ${kinds} -A -o name 2>/dev/null || kubectl get namespaces,deployments,services,serviceaccounts -A -o name`,
  );
  const routes = await kubectl(
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
  const {items} = JSON.parse(await kubectl('kubectl get pods -A -o json'));
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

describe.each(labs.map(lab => ({name: `lab ${lab.number} ${lab.id}`, lab})))(
  '$name',
  {timeout: 120_000},
  ({lab}) => {
    let before: string | undefined;

    it('fails its check before it is solved', async () => {
      if (lab.number > 1) before = await objectsNow();
      expect((await check(lab)).verdict).toBe('failed');
    });

    it('passes after its own commands', async () => {
      await solve(lab);
      const {verdict, results} = await check(lab);
      expect(results.filter(result => result.verdict !== 'passed')).toEqual([]);
      expect(verdict).toBe('passed');
    });

    it.runIf(lab.id === 'deploy-bookinfo')('leaves room on a kind node with 2 CPUs and 6 GB', async () => {
      const requested = await requestsNow();
      // istiod 100m and 256 MiB, the gateway 100m and 128 MiB, and six sidecars of 10m and 64 MiB.
      expect(requested).toEqual({millicores: 260, mebibytes: 768, pods: 8});
      // A quarter of the CPUs, and more than half of the memory, are left to what the pods use beyond that.
      expect(requested.millicores + kindsOwn.millicores).toBeLessThanOrEqual(1500);
      expect(requested.mebibytes + kindsOwn.mebibytes).toBeLessThanOrEqual(3072);
    });

    it('returns to where it began by its reset', async () => {
      expect(await executor.runReset(lab, signal), outputOf(events)).toBe(true);
      if (before !== undefined) expect(await objectsNow()).toBe(before);
      expect((await check(lab)).verdict).toBe('failed');
    });

    it.each(lab.broken.map(broken => ({file: broken.file, mistake: broken.mistake, broken})))(
      'fails when $mistake, and says so',
      async ({broken}) => {
        await solve(lab, broken);
        const {verdict, results} = await check(lab);
        const causes = results.flatMap(result => result.why ?? []);
        expect(verdict).toBe('failed');
        expect(causes[0]?.code, JSON.stringify(results, null, 1)).toBe(broken.cause);
        await kubectl('kubectl delete -f broken.yaml --ignore-not-found');
        expect(await executor.runReset(lab, signal)).toBe(true);
      },
    );

    const next = labs[labs.indexOf(lab) + 1];
    it.runIf(next?.needs.includes(lab.id))('can be solved again, for the labs that need it', async () => {
      await solve(lab);
      expect((await check(lab)).verdict).toBe('passed');
    });
  },
);
