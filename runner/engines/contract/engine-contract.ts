import {existsSync, readdirSync, statSync} from 'node:fs';
import {afterAll, afterEach, beforeAll, describe, expect, it} from 'vitest';
import {openKube} from '../kube/kube.ts';
import type {ClusterEngine, ClusterFacts} from '../port.ts';

/** An engine on ground of its own, and what the contract can't see through the port. */
export interface EngineOnTrial {
  engine: ClusterEngine;
  /** Where the engine keeps what it knows; nothing else is there. */
  folder: string;
  /** The same engine in an app that was started anew, over the same folder and with what `begin` gave to remember. */
  again(facts: ClusterFacts): ClusterEngine;
  /** How many clusters exist that the engine may have made. */
  made(): Promise<number>;
  /** What others own in the same place, in words: it must never change. */
  others(): Promise<readonly string[]>;
  /** Lets the next cluster take for ever to come up, where that can be arranged. */
  stall?(): void;
  close(): Promise<void>;
}

/** What everything above the engine port relies on, whatever the engine. */
export function engineContract(name: string, start: () => Promise<EngineOnTrial>): void {
  describe(`the engine ${name}`, () => {
    const {signal} = new AbortController();
    const progress: string[] = [];
    const options = {signal, onProgress: ({text}: {text: string}) => void progress.push(text)};
    let trial: EngineOnTrial;
    let engine: ClusterEngine;
    let others: readonly string[];
    let facts: ClusterFacts;

    beforeAll(async () => {
      trial = await start();
      engine = trial.engine;
      others = await trial.others();
      expect(others).not.toEqual([]);
    });
    afterEach(async () => expect(await trial.others()).toEqual(others));
    afterAll(() => trial?.close());

    it('looks at the machine, changes nothing, and finds what it needs', async () => {
      const detection = await engine.detect(signal);
      expect(detection.usable).toBe(true);
      expect(detection.requirements.filter(({found}) => !found)).toEqual([]);
      expect(await engine.running()).toBe(false);
      expect(await trial.made()).toBe(0);
      expect(filesIn(trial.folder)).toEqual([]);
    });

    it('says of itself whether it is simulated', () => {
      expect(/simulated/.test(engine.title)).toBe(engine.capabilities.simulated);
    });

    it('says where the cluster will be reached before there is one, and starts nothing by that', async () => {
      const {kubeconfig} = await engine.connect();
      expect(existsSync(kubeconfig)).toBe(false);
      expect(await engine.running()).toBe(false);
    });

    it('has nothing to remove yet', async () => {
      expect(await engine.delete(options)).toEqual([]);
    });

    it('makes nothing when it is told to stop before it began', {timeout: 10_000}, async () => {
      const stopped = {...options, signal: AbortSignal.abort()};
      if (engine.capabilities.ownsCluster) {
        await expect(engine.ensure(stopped)).rejects.toThrow();
      } else {
        // There is nothing to make, and so nothing to stop.
        await engine.ensure(stopped).catch(() => {});
      }
      expect(await trial.made()).toBe(0);
      expect(await engine.running()).toBe(false);
    });

    it('stops in time in the middle of it, leaves nothing, and says so', {timeout: 10_000}, async context => {
      if (!trial.stall) return context.skip('this engine has no long creation');
      trial.stall();
      const stop = new AbortController();
      const ensuring = engine.ensure({
        signal: stop.signal,
        onProgress: progressing => {
          if (/Preparing|starting/.test(progressing.text)) stop.abort();
        },
      });
      await expect(ensuring).rejects.toMatchObject({code: 'interrupted', exitCode: 130});
      expect(await trial.made()).toBe(0);
      expect(await engine.running()).toBe(false);
    });

    it('makes the cluster answer', async () => {
      facts = (await engine.begin?.({...options, confirm: async () => true})) ?? {};
      await engine.ensure(options);
      expect(await engine.running()).toBe(true);
      const {kubeconfig, env} = await engine.connect();
      expect(statSync(kubeconfig).mode & 0o777).toBe(0o600);
      expect(await (await openKube(kubeconfig)).version()).toMatch(/^v1\.\d+/);
      expect(env['ISTIO_CHARTS']).toMatch(/^https?:/);
      expect(env['ISTIO_VERSION']).toMatch(/^1\.\d+\.\d+$/);
    });

    it('leaves a cluster that answers as it is', async () => {
      const [before, made] = [await engine.connect(), await trial.made()];
      await engine.ensure(options);
      expect(await engine.connect()).toEqual(before);
      expect(await trial.made()).toBe(made);
    });

    it('is found again by an app that was started anew', async () => {
      const [before, made] = [await engine.connect(), await trial.made()];
      const again = trial.again(facts);
      expect(await again.begin?.(options)).toEqual(again.begin && facts);
      expect(await again.running()).toBe(true);
      await again.ensure(options);
      expect(await trial.made()).toBe(made);
      expect((await again.connect()).kubeconfig).toBe(before.kubeconfig);
    });

    it('does not guess whether proxies have settled where there are none', async () => {
      if (engine.settled) expect([true, undefined]).toContain(await engine.settled(signal));
    });

    it('says what goes on running, if anything does', async () => {
      expect(engine.afterwards() !== undefined).toBe(engine.capabilities.ownsCluster);
    });

    it('removes the cluster if it made it, and only then', async () => {
      const {kubeconfig} = await engine.connect();
      const kube = await openKube(kubeconfig);
      const removed = await engine.delete(options);
      if (engine.capabilities.ownsCluster) {
        expect(removed).toHaveLength(1);
        expect(await trial.made()).toBe(0);
      } else {
        expect(await kube.version()).toMatch(/^v1/);
      }
      expect(await engine.running()).toBe(false);
      expect(await engine.delete(options)).toEqual([]);
    });

    it('can begin anew after that', async () => {
      await engine.begin?.({...options, confirm: async () => true});
      await engine.ensure(options);
      expect(await engine.running()).toBe(true);
      await engine.delete(options);
    });
  });
}

function filesIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder, {recursive: true}).map(String) : [];
}
