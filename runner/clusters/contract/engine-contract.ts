import {existsSync, statSync} from 'node:fs';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {openKube} from '../kube/kube.ts';
import type {ClusterEngine} from '../port.ts';

/** An engine on ground of its own, and what the contract can't see through the port. */
export interface EngineOnTrial {
  engine: ClusterEngine;
  /** How many clusters exist that the engine may have made. */
  made(): Promise<number>;
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

    beforeAll(async () => {
      trial = await start();
      engine = trial.engine;
    });
    afterAll(() => trial?.close());

    it('looks at the machine, changes nothing, and finds what it needs', async () => {
      const detection = await engine.detect(signal);
      expect(detection.usable).toBe(true);
      expect(detection.requirements.filter(({found}) => !found)).toEqual([]);
      expect(await engine.running()).toBe(false);
      expect(await trial.made()).toBe(0);
    });

    it('says where the cluster will be reached before there is one, and starts nothing by that', async () => {
      const {kubeconfig} = await engine.connect();
      expect(existsSync(kubeconfig)).toBe(false);
      expect(await engine.running()).toBe(false);
    });

    it('has nothing to remove yet', async () => {
      expect(await engine.delete(options)).toEqual([]);
    });

    it('makes the cluster answer', async () => {
      await engine.begin?.({...options, confirm: async () => true});
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
