import {mkdtempSync, rmSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {parseAllDocuments} from 'yaml';
import {compileLabs} from '../../../runner/catalog/catalog.ts';
import {readCompiledLabs} from '../../../runner/catalog/compiled.ts';
import {imagesIn} from '../../../runner/catalog/images.ts';
import {istioImages} from '../../../runner/engines/kind/istio-images.ts';
import {applyDefaults} from '../../../runner/sandbox/api/defaults/defaults.ts';
import {findHelm} from '../../../runner/sandbox/conformance/real-tools.ts';
import {findPrograms} from '../real/install.ts';
import {type Injector, startInjector} from './injector.ts';
import {chartFolder, hasCharts, objectsOf, releases} from './releases.ts';

/**
 * With `--images`, no pod of the labs may ask a registry: each container's image is one of those that an archive has
 * to hold, and its policy is to use what the node has. Seen with the charts and the injection templates of Istio's
 * own repository, and with the injector of a real istiod.
 */
const labs = readCompiledLabs(JSON.stringify(await compileLabs(`${import.meta.dirname}/../../../labs`)));
const installing = labs.find(({id}) => id === 'install-istio');
const programs = findPrograms(process.env);
const pilot = 'programs' in programs ? programs.programs.pilot : undefined;
const helm = await findHelm(3);

/** What the labs apply themselves. */
const manifests = labs.flatMap(({manifests, steps}) => [
  ...manifests,
  ...steps.flatMap(step => step.blocks).filter(block => block.kind === 'file'),
]);
const objects: any[] = manifests
  .filter(({name}) => /\.ya?ml$/.test(name))
  .flatMap(({content}) => parseAllDocuments(content).map(document => document.toJS()));

/** The pods that the API server is asked for, as it completes them before an injector sees them. */
function podsOf(all: readonly any[]): any[] {
  return all.flatMap(object => {
    if (object?.kind === 'Pod') return [defaulted('pods', structuredClone(object))];
    if (object?.kind !== 'Deployment') return [];
    const {metadata, spec} = defaulted('deployments.apps', structuredClone(object)).spec.template;
    const name = `${object.metadata.name}-5d8f7c9b6d-abcde`;
    return [{apiVersion: 'v1', kind: 'Pod', metadata: {...metadata, name}, spec}];
  });
}

function defaulted(resource: string, object: any): any {
  applyDefaults(resource, object);
  return object;
}

/** Every container of a pod that would ask a registry, and why. */
function askers(pod: any, held: readonly string[]): string[] {
  const {containers = [], initContainers = []} = defaulted('pods', structuredClone(pod)).spec;
  return [...initContainers, ...containers].flatMap(({name, image, imagePullPolicy}) => {
    const where = `${pod.metadata.name} ${name}: ${image}`;
    if (!held.includes(image)) return [`${where} is in no archive`];
    return imagePullPolicy === 'IfNotPresent' ? [] : [`${where} has the policy ${imagePullPolicy}`];
  });
}

it('the labs themselves ask for no image that they do not name exactly', () => {
  expect(podsOf(objects)).toHaveLength(7);
  expect(podsOf(objects).flatMap(pod => askers(pod, imagesIn(labs)))).toEqual([]);
});

describe.each(releases)('Istio $version', release => {
  const missing = [
    ...(hasCharts(release) ? [] : [`no ${chartFolder(release)} with Istio's manifests/charts`]),
    ...('missing' in programs ? programs.missing : []),
    ...('missing' in helm ? [helm.missing] : []),
  ];
  const skipped = missing.length > 0 ? ` (skipped: ${missing.join('; ')})` : '';
  let folder: string;
  let injector: Injector;
  let installed: readonly any[];
  let held: readonly string[];

  beforeAll(async () => {
    if (!installing || !pilot || 'missing' in helm || !hasCharts(release)) return;
    folder = mkdtempSync(path.join(os.tmpdir(), 'iw-inject-'));
    installed = objectsOf(release, {lab: installing, helm: helm.file, folder});
    held = [...(await istioImages(release.version)), ...imagesIn(labs)];
    const {data} = installed.find(({metadata}) => metadata.name === 'istio-sidecar-injector');
    injector = await startInjector({pilot, folder, settings: data});
  });
  afterAll(async () => {
    await injector?.stop();
    if (folder) rmSync(folder, {recursive: true, force: true});
  });

  it.skipIf(skipped !== '')(`istiod is pulled by nobody${skipped}`, () => {
    const [istiod] = podsOf(installed.filter(({metadata}) => metadata.name === 'istiod'));
    expect(istiod.spec.containers[0].image).toBe(`${release.hub}/pilot:${release.version}`);
    expect(askers(istiod, held)).toEqual([]);
  });

  it.skipIf(skipped !== '')(
    `the gateway is what istiod makes of it, and pulled by nobody${skipped}`,
    async () => {
      const [gateway] = podsOf(installed.filter(({metadata}) => metadata.name === 'istio-ingressgateway'));
      expect(askers(gateway, held)).toEqual([expect.stringContaining('istio-proxy: auto is in no archive')]);
      const injected = await injector.inject(gateway, 'istio-ingress');
      expect(injected.spec.containers[0].image).toBe(`${release.hub}/proxyv2:${release.version}`);
      expect(askers(injected, held)).toEqual([]);
      // The policy of an image without a tag is the API server's, and the injector keeps it.
      delete gateway.spec.containers[0].imagePullPolicy;
      const asking = await injector.inject(defaulted('pods', gateway), 'istio-ingress');
      expect(askers(asking, held)).toEqual([expect.stringContaining('has the policy Always')]);
    },
  );

  it.skipIf(skipped !== '').each(['true', 'false'])(
    `sidecars (native: %s) and their init containers are pulled by nobody${skipped}`,
    async native => {
      for (const pod of podsOf(objects)) {
        pod.metadata.annotations = {...pod.metadata.annotations, 'sidecar.istio.io/nativeSidecar': native};
        const {spec, metadata} = await injector.inject(pod, 'bookinfo');
        const names = [...(spec.initContainers ?? []), ...spec.containers].map(({name}: any) => name);
        expect(names).toContain('istio-proxy');
        expect(names).toContain('istio-init');
        expect(askers({spec, metadata}, held)).toEqual([]);
      }
    },
  );
});
