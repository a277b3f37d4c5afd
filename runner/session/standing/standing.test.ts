import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {type App, openApp} from '../../cli/app.ts';
import {systemProcesses} from '../../processes.ts';
import {findHelm, findKubectl} from '../../sandbox/conformance/real-tools.ts';
import {command} from '../../testing/sample-labs.ts';
import {type TestIo, testIo} from '../../testing/test-io.ts';
import type {SessionEvent} from '../events.ts';
import {createCommandRunner} from '../run-command.ts';

/** Each kind of command, on what somebody did before: by hand, twice, or by half. */
const kubectl = await findKubectl(33);
const kinds = [
  {name: 'the built-in tools', tools: [] as string[], absent: [] as string[]},
  ...(await Promise.all([findHelm(3), findHelm(4)])).map(helm => ({
    name: `real kubectl and ${helm.name}`,
    tools: [kubectl, helm].flatMap(tool => ('file' in tool ? [path.dirname(tool.file)] : [])),
    absent: [kubectl, helm].flatMap(tool => ('missing' in tool ? [tool.missing] : [])),
  })),
];

interface Ran {
  outcome: string;
  said: string;
}

describe.each(kinds)('with $name', ({tools, absent}) => {
  const reason = absent.length > 0 ? ` (skipped: ${absent.join(', ')})` : '';

  describe.skipIf(absent.length > 0)(`a command whose effect stands already${reason}`, () => {
    let outside: TestIo;
    let app: App;
    const signal = new AbortController().signal;

    beforeAll(async () => {
      outside = testIo({tools});
      app = await openApp(outside.io, {});
      mkdirSync(app.workFolder, {recursive: true});
      await app.engine.ensure({signal, onProgress() {}});
      await byHand('helm repo add istio "$ISTIO_CHARTS" --force-update');
    });
    afterAll(async () => {
      await app?.dispose(() => {});
      outside?.remove();
    });

    async function shell(text: string): Promise<{exitCode: number; stdout: string; stderr: string}> {
      return systemProcesses.shell({text, directory: app.workFolder, env: await app.environment()});
    }

    async function byHand(text: string): Promise<string> {
      const {exitCode, stdout, stderr} = await shell(text);
      expect(exitCode, `${text}\n${stdout}${stderr}`).toBe(0);
      return stdout;
    }

    /** Runs a command as a lab does. @returns how it ended, and what was said of it. */
    async function run(text: string, onOutput = (_: string): void => {}): Promise<Ran> {
      const events: SessionEvent[] = [];
      const view = {
        event(event: SessionEvent) {
          events.push(event);
          if (event.type === 'command-output') onOutput(event.text);
        },
        close: async () => {},
      };
      const {workFolder, environment} = app;
      const runner = createCommandRunner({view, processes: systemProcesses, workFolder, environment});
      const outcome = await runner(command('c', {text}), signal);
      const finished = events.find(event => event.type === 'command-finished');
      return {outcome, said: finished?.remark ?? finished?.problem ?? ''};
    }

    /** Ends a command for good as soon as `begun` is true, as a lost machine would. */
    async function interrupted(text: string, begun: () => Promise<boolean>): Promise<void> {
      const cancel = new AbortController();
      const env = await app.environment();
      const running = systemProcesses.tool({
        command: '/bin/sh',
        args: ['-c', `exec setsid sh -c 'trap "" TERM; ${text}'`],
        directory: app.workFolder,
        env,
        signal: cancel.signal,
      });
      let ended = false;
      void running.then(() => {
        ended = true;
      });
      while (!ended && !(await begun())) await delay(5);
      cancel.abort();
      await running;
    }

    it('is done when an object is there as it would make it', async () => {
      await byHand('kubectl create namespace made');
      await byHand('kubectl label namespace made team=a');
      expect(await run('kubectl create namespace made')).toMatchObject({
        outcome: 'done',
        said: 'namespace/made is there already, as the command would make it.',
      });
      expect(await run('kubectl create namespace new-one')).toMatchObject({outcome: 'done', said: ''});
    });

    it('is applied when an object is there with other contents, and when only some are there', async () => {
      await byHand('kubectl create configmap settings --from-literal=colour=red');
      const text = 'kubectl create configmap settings --from-literal=colour=black';
      expect(await run(text)).toMatchObject({
        outcome: 'done',
        said: 'configmap/settings is there with other contents, so it is applied instead of created.',
      });
      expect(await byHand('kubectl get configmap settings -o jsonpath={.data.colour}')).toBe('black');
      expect((await run(text)).said).toContain('is there already');

      const pair = ['first', 'second'].map(
        name => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n`,
      );
      writeFileSync(path.join(app.workFolder, 'pair.yaml'), pair.join('---\n'));
      await byHand('kubectl create configmap first');
      await byHand('kubectl delete configmap second --ignore-not-found');
      expect((await run('kubectl create -f pair.yaml')).outcome).toBe('done');
      await byHand('kubectl get configmap first second');
    });

    it('is run again behind a deletion that goes on', async () => {
      await byHand(
        `kubectl create configmap held --dry-run=client -o json | sed 's/"metadata": {/"metadata": {"finalizers":["example.com\\/hold"],/' | kubectl apply -f -`,
      );
      await byHand('kubectl delete configmap held --wait=false');
      let freed: Promise<unknown> | undefined;
      const free = (output: string): void => {
        if (!output.startsWith('$ kubectl wait')) return;
        freed = byHand(`kubectl patch configmap held --type=merge -p '{"metadata":{"finalizers":null}}'`);
      };
      expect(await run('kubectl create configmap held', free)).toMatchObject({
        outcome: 'done',
        said: 'configmap/held is still being deleted, so it is waited for and made again.',
      });
      await freed;
      await byHand('kubectl get configmap held');
    });

    it('is done when what it deletes is gone, and only then', async () => {
      expect(await run('kubectl delete configmap nowhere')).toMatchObject({
        outcome: 'done',
        said: 'There is nothing to delete any more: configmaps "nowhere".',
      });
      expect((await run('kubectl delete configmap nowhere --bogus')).outcome).toBe('failed');
    });

    it('gives a label the value that it has to have', async () => {
      await byHand('kubectl create namespace labelled');
      await byHand('kubectl label namespace labelled istio-injection=disabled');
      expect(await run('kubectl label namespace labelled istio-injection=enabled')).toMatchObject({
        outcome: 'done',
        said: "It has another value ('istio-injection' already has a value (disabled)), which is replaced.",
      });
    });

    const base = 'helm install istio-base istio/base -n istio-system --create-namespace';
    const withRevision = `${base} --set defaultRevision=default`;
    const status = async (): Promise<string> =>
      JSON.parse(await byHand('helm list -n istio-system --deployed --failed --pending -o json'))[0]?.status;

    it('is done when the release is deployed as it would deploy it, else upgraded', async () => {
      await byHand(withRevision);
      expect(await run(withRevision)).toMatchObject({
        outcome: 'done',
        said: 'The release istio-base is deployed already: base-1.30.3.',
      });
      expect((await run(base)).said).toContain('with another chart or other values');
      expect(await byHand('helm get values istio-base -n istio-system -o json')).toBe('null\n');
      expect((await run(base)).said).toContain('deployed already');
      await byHand('helm uninstall istio-base -n istio-system');
    });

    it('goes on from an install that was killed, and from one that failed', async () => {
      const begun = async (): Promise<boolean> =>
        (await shell('kubectl get secrets -n istio-system -l owner=helm -o name')).stdout.includes('helm');
      await byHand('kubectl create namespace istio-system --dry-run=client -o yaml | kubectl apply -f -');
      await interrupted(withRevision, begun);
      expect(await run(withRevision)).toMatchObject({outcome: 'done'});
      expect(await status()).toBe('deployed');
      await byHand('helm uninstall istio-base -n istio-system');

      const istiod = 'helm install istiod istio/istiod -n istio-system --wait';
      expect(
        (await shell(`${istiod} --set pilot.resources.requests.cpu=9000 --timeout 1s`)).exitCode,
      ).not.toBe(0);
      expect(await run(istiod)).toMatchObject({
        outcome: 'done',
        said: 'The release istiod is there from an install that failed, so it is upgraded to what this one installs.',
      });
      expect(await status()).toBe('deployed');
    });

    it('is done when the release or the repository is gone, and replaces another repository', async () => {
      expect((await run('helm uninstall nothing -n istio-system')).outcome).toBe('done');
      expect((await run('helm repo remove nothing')).outcome).toBe('done');
      expect(await run('helm repo add istio "$ISTIO_CHARTS/"')).toMatchObject({outcome: 'done'});
    });

    it('fails for any other reason as before', async () => {
      expect(await run('helm install other istio/nothing')).toMatchObject({outcome: 'failed'});
      expect(await run('kubectl create namespace made extra')).toMatchObject({outcome: 'failed'});
      // More than one call: nobody knows which of them it was.
      expect(await run('kubectl create namespace made; kubectl get namespaces')).toMatchObject({
        outcome: 'failed',
      });
    });
  });
});
