import type {EngineName} from '../catalog/lab.ts';
import {nodeImageFor} from '../engines/kind/images.ts';
import type {ClusterSettings} from '../engines/settings.ts';
import type {ToolName} from '../engines/tools.ts';
import {istioVersion} from '../version.ts';
import type {Finding} from './finding.ts';
import {dockerDisk, lookAtDocker} from './look-at-docker.ts';
import {lookAtImages} from './look-at-images.ts';
import {
  hasDisk,
  lookAtBrowser,
  lookAtClock,
  lookAtNode,
  lookAtPlatform,
  lookAtPort,
} from './look-at-machine.ts';
import {lookAtNodeImage, lookAtPlaces, lookAtProxy, placesFor} from './look-at-network.ts';
import {lookAtTool} from './look-at-tools.ts';
import type {Machine} from './machine.ts';

export interface DoctorOptions {
  engine: EngineName;
  settings: ClusterSettings;
  /** The images that the labs' own manifests name. */
  labImages: readonly string[];
  machine: Machine;
  /** Where the workshops' state is kept. */
  folder: string;
  home: string;
  signal: AbortSignal;
}

const needed: Readonly<Record<EngineName, readonly ToolName[]>> = {
  sandbox: [],
  kind: ['docker', 'kind', 'kubectl', 'helm'],
  context: ['kubectl', 'helm'],
};

/** Gigabytes in the state folder. */
const stateDisk = 0.5;

/** Looks at all that an engine needs of this machine, changes nothing, and says how to get what is missing. */
export async function examine(options: DoctorOptions): Promise<readonly Finding[]> {
  const {engine, settings, labImages, machine, folder, signal} = options;
  const names: readonly ToolName[] = ['kubectl', 'helm', 'docker', 'kind'];
  const cluster = contextFindings(options);
  const [tools, docker, network, images, browser, port, {findings: clusterFindings}] = await Promise.all([
    Promise.all(
      names.map(name => lookAtTool(name, {machine, needed: needed[engine].includes(name), signal})),
    ),
    engine === 'kind' ? lookAtDocker(machine, signal) : [],
    networkFindings(options, cluster),
    engine === 'kind' ? lookAtImages({settings, labImages}) : [],
    lookAtBrowser(machine),
    lookAtPort(machine),
    cluster,
  ]);
  const elsewhere = docker.some(({name}) => name === 'docker disk');
  const space = await hasDisk(machine, {
    name: 'disk',
    folder,
    // Docker Desktop keeps its images in a file of the same disk.
    needed: engine === 'kind' && !elsewhere ? dockerDisk : stateDisk,
    fix: 'Free some, or keep the state elsewhere: ISTIO_WORKSHOP_STATE=/some/folder',
  });
  return [
    lookAtPlatform(machine),
    lookAtNode(machine),
    browser,
    ...tools,
    ...docker,
    space,
    port,
    lookAtProxy(machine),
    lookAtClock(machine, network.date),
    ...network.findings,
    ...images,
    ...clusterFindings,
  ];
}

async function networkFindings(
  {engine, settings, machine, signal}: DoctorOptions,
  cluster: ReturnType<typeof contextFindings>,
): ReturnType<typeof lookAtPlaces> {
  if (engine === 'sandbox') return {findings: [], date: undefined};
  if (engine === 'context') {
    // The nodes of a cluster elsewhere pull for themselves; only the charts pass through here, and none where Istio is used as it is.
    if ((await cluster).hasIstio) return {findings: [], date: undefined};
    const places = placesFor(settings, true).filter(({name}) => name === 'charts');
    return lookAtPlaces(machine, {places, signal});
  }
  const nodeImage = settings.nodeImage ?? nodeImageFor(istioVersion);
  const image = await lookAtNodeImage(machine, {nodeImage, signal});
  const {findings, date} = await lookAtPlaces(machine, {
    places: placesFor(settings, image !== undefined),
    signal,
  });
  return {findings: [...(image ? [image] : []), ...findings], date};
}

async function contextFindings({engine, settings, machine, home}: DoctorOptions) {
  if (engine !== 'context') return {findings: [], hasIstio: false};
  const {lookAtContext} = await import('./look-at-context.ts');
  return lookAtContext({settings, env: machine.env, home});
}
