import path from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import type {SandboxHandshake} from '../lifecycle/control.ts';
import {findHelm} from './real-tools.ts';
import {openWorkbench, type Ran, readFaults, type Workbench} from './sandbox-process.ts';

/** The real helm 3 and helm 4 with the sandbox's own charts. */
const tools = await Promise.all([findHelm(3), findHelm(4)]);
const titled = tools.map(tool => ({
  title: `${tool.name}${'missing' in tool ? ` (skipped: ${tool.missing})` : ''}`,
  file: 'file' in tool ? tool.file : '',
  // Helm 4 applies on the server. There the first revision's failurePolicy is in conflict with what istiod made of it,
  // as it is beside a real istiod; Istio's charts leave it out of upgrades.
  back: tool.name === 'helm 4' ? ' --force-conflicts' : '',
}));

describe.each(titled)('$title', ({file, back}) => {
  describe.skipIf(file === '')('with the charts of the sandbox', () => {
    let bench: Workbench;
    let sandbox: SandboxHandshake;

    async function helm(...args: string[]): Promise<Ran> {
      return bench.run(file, args, {env: {KUBECONFIG: sandbox.kubeconfigPath}});
    }

    async function ok(command: string): Promise<string> {
      const {code, stdout, stderr} = await helm(...command.split(' '));
      if (code !== 0 || /warning/i.test(stderr))
        throw new Error(`helm ${command}: ${code}\n${stdout}${stderr}`);
      return stdout;
    }

    beforeAll(async () => {
      bench = await openWorkbench();
      sandbox = await bench.start('helm');
      await ok(`repo add istio ${sandbox.chartsUrl} --force-update`);
      await ok('repo update');
    });

    afterAll(async () => {
      const faults = readFaults(path.join(bench.folder, 'helm'));
      await bench.close();
      expect(faults).toBe('');
    });

    it('finds the charts', async () => {
      const found = await ok('search repo istio -o json');
      expect(
        JSON.parse(found)
          .map((chart: any) => `${chart.name} ${chart.version}`)
          .sort(),
      ).toEqual(['istio/base 1.30.3', 'istio/gateway 1.30.3', 'istio/istiod 1.30.3']);
    });

    it('installs, and waits until what it installed is ready', async () => {
      const base =
        'install istio-base istio/base -n istio-system --create-namespace --set defaultRevision=default';
      expect(await ok(base)).toContain('STATUS: deployed');
      expect(await ok('install istiod istio/istiod -n istio-system --wait --timeout 30s')).toContain(
        'STATUS: deployed',
      );
      expect(JSON.parse(await ok('list -n istio-system -o json'))).toMatchObject([
        {name: 'istio-base', revision: '1', status: 'deployed', chart: 'base-1.30.3'},
        {name: 'istiod', revision: '1', status: 'deployed', chart: 'istiod-1.30.3'},
      ]);
      expect((await helm('install', 'istiod', 'istio/istiod', '-n', 'istio-system')).stderr).toMatch(
        /cannot re-?use a name that is still in use/,
      );
    });

    it('upgrades with values, rolls back, and keeps the history', async () => {
      const upgrade = 'upgrade istiod istio/istiod -n istio-system --wait --timeout 30s';
      await ok(`${upgrade} --set meshConfig.accessLogFile=/dev/stdout`);
      expect(JSON.parse(await ok('get values istiod -n istio-system -o json'))).toEqual({
        meshConfig: {accessLogFile: '/dev/stdout'},
      });
      expect(await ok('get manifest istiod -n istio-system')).toContain('accessLogFile: /dev/stdout');
      expect(await ok(`rollback istiod 1 -n istio-system --wait${back}`)).toContain(
        'Rollback was a success!',
      );
      const history = JSON.parse(await ok('history istiod -n istio-system -o json'));
      expect(history.map((entry: any) => entry.status)).toEqual(['superseded', 'superseded', 'deployed']);
      expect(await ok('status istiod -n istio-system')).toMatch(/REVISION: 3/);
    });

    it('fails to wait for what can not get ready', async () => {
      const {code, stderr} = await helm(
        ...'upgrade istiod istio/istiod -n istio-system --wait --timeout 2s --set pilot.tag=no-such'.split(
          ' ',
        ),
      );
      expect(code).toBe(1);
      expect(stderr).toMatch(/UPGRADE FAILED.*context deadline exceeded/s);
      expect(JSON.parse(await ok('status istiod -n istio-system -o json')).info.status).toBe('failed');
      await ok(`rollback istiod -n istio-system --wait --timeout 30s${back}`);
    });

    it('uninstalls, and keeps the definitions', async () => {
      await ok('install gw istio/gateway -n istio-ingress --create-namespace');
      expect(await ok('uninstall gw -n istio-ingress --wait')).toContain('release "gw" uninstalled');
      await ok('uninstall istiod -n istio-system');
      expect(await ok('uninstall istio-base -n istio-system')).toMatch(
        /kept due to the resource policy:\n\[CustomResourceDefinition\]/,
      );
      expect(JSON.parse(await ok('list -A -o json'))).toEqual([]);
    });
  });
});
