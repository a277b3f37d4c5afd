import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {startToolHarness, type ToolHarness} from '../testing/harness.ts';

let tools: ToolHarness;
beforeAll(async () => {
  tools = await startToolHarness();
});
afterAll(() => tools.close());

describe('the built-in helm', () => {
  it('installs, upgrades, goes back and uninstalls', async () => {
    expect((await tools.helm(`repo add istio ${tools.charts}`)).out).toBe(
      '"istio" has been added to your repositories\n',
    );
    expect((await tools.helm('install istio-base istio/base -n istio-system')).err).toBe(
      'Error: INSTALLATION FAILED: create: failed to create: namespaces "istio-system" not found\n',
    );
    const installed = await tools.helm(
      'install istio-base istio/base -n istio-system --create-namespace --set defaultRevision=default',
    );
    expect(installed.out).toMatch(
      /^NAME: istio-base\nLAST DEPLOYED: .*\nNAMESPACE: istio-system\nSTATUS: deployed\nREVISION: 1\nTEST SUITE: None\nNOTES:\n/,
    );
    expect((await tools.helm('install istio-base istio/base -n istio-system')).err).toBe(
      'Error: INSTALLATION FAILED: cannot re-use a name that is still in use\n',
    );
    expect((await tools.kubectl('get crd -o name')).out.split('\n')).toContain(
      'customresourcedefinition.apiextensions.k8s.io/virtualservices.networking.istio.io',
    );

    await tools.helm('install istiod istio/istiod -n istio-system --set pilot.env.A=1');
    const env = `get deploy istiod -n istio-system -o jsonpath={.spec.template.spec.containers[0].env[?(@.name=="A")].value}`;
    expect((await tools.kubectl(env)).out).toBe('1');
    expect(
      (await tools.helm('upgrade istiod istio/istiod -n istio-system --set pilot.env.A=2')).out,
    ).toContain('REVISION: 2\n');
    expect((await tools.kubectl(env)).out).toBe('2');
    expect((await tools.helm('rollback istiod 1 -n istio-system')).out).toBe(
      'Rollback was a success! Happy Helming!\n',
    );
    expect((await tools.kubectl(env)).out).toBe('1');
    const history = await tools.helm('history istiod -n istio-system -o json');
    expect(JSON.parse(history.out).map((entry: any) => [entry.status, entry.description])).toEqual([
      ['superseded', 'Install complete'],
      ['superseded', 'Upgrade complete'],
      ['deployed', 'Rollback to 1'],
    ]);
    const list = JSON.parse((await tools.helm('list -n istio-system -o json')).out);
    expect(list.map((entry: any) => [entry.name, entry.chart, entry.status])).toEqual([
      ['istio-base', 'base-1.30.3', 'deployed'],
      ['istiod', 'istiod-1.30.3', 'deployed'],
    ]);

    expect((await tools.helm('uninstall istiod -n istio-system')).out).toBe('release "istiod" uninstalled\n');
    expect((await tools.kubectl('get deploy -n istio-system')).err).toBe(
      'No resources found in istio-system namespace.\n',
    );
    expect((await tools.helm('uninstall istio-base -n istio-system')).out).toMatch(
      /^These resources were kept due to the resource policy:\n(?:\[CustomResourceDefinition\] .*\n){15}\nrelease "istio-base" uninstalled\n$/,
    );
    expect((await tools.helm('status istiod -n istio-system')).err).toBe('Error: release: not found\n');
  });

  it('refuses what a chart does not know, naming the place', async () => {
    const {err, code} = await tools.helm(`template x istiod --repo ${tools.charts} --set profile=nosuch`);
    expect(code).toBe(1);
    expect(err).toMatch(/^Error: .*istiod\/templates\/.*: error calling fail: unknown profile "nosuch"/);
  });
});
