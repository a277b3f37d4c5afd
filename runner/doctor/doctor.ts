import type {EngineName} from '../catalog/lab.ts';
import type {ClusterSettings} from '../clusters/settings.ts';
import type {ToolName} from '../clusters/tools.ts';
import type {Finding} from './finding.ts';
import {
  lookAtBrowser,
  lookAtClock,
  lookAtDisk,
  lookAtNode,
  lookAtPlatform,
  lookAtPort,
} from './look-at-machine.ts';
import {lookAtPlaces, lookAtProxy, placesFor} from './look-at-network.ts';
import {lookAtDockerSize, lookAtTool} from './look-at-tools.ts';
import type {Machine} from './machine.ts';

export interface DoctorOptions {
  engine: EngineName;
  settings: ClusterSettings;
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

/** Gigabytes: the node image and what it pulls take six. */
const disk: Readonly<Record<EngineName, number>> = {sandbox: 0.5, kind: 8, context: 0.5};

/** Looks at all that an engine needs of this machine, changes nothing, and says how to get what is missing. */
export async function examine(options: DoctorOptions): Promise<readonly Finding[]> {
  const {engine, settings, machine, folder, signal} = options;
  const names: readonly ToolName[] = ['kubectl', 'helm', 'docker', 'kind'];
  const [tools, size, network, browser, space, port, cluster] = await Promise.all([
    Promise.all(
      names.map(name => lookAtTool(name, {machine, needed: needed[engine].includes(name), signal})),
    ),
    engine === 'kind' ? lookAtDockerSize(machine, signal) : undefined,
    lookAtPlaces(machine, {places: placesOf(engine, settings), signal}),
    lookAtBrowser(machine),
    lookAtDisk(machine, {folder, needed: disk[engine]}),
    lookAtPort(machine),
    engine === 'context' ? contextFindings(options) : [],
  ]);
  return [
    lookAtPlatform(machine),
    lookAtNode(machine),
    browser,
    ...tools,
    ...(size ? [size] : []),
    space,
    port,
    lookAtProxy(machine),
    lookAtClock(machine, network.date),
    ...network.findings,
    ...cluster,
  ];
}

function placesOf(engine: EngineName, settings: ClusterSettings): ReturnType<typeof placesFor> {
  if (engine === 'sandbox') return [];
  const places = placesFor(settings);
  // The nodes of a cluster elsewhere pull for themselves; only the charts pass through here.
  return engine === 'kind' ? places : places.filter(({name}) => name === 'charts');
}

async function contextFindings({settings, machine, home}: DoctorOptions): Promise<readonly Finding[]> {
  const {lookAtContext} = await import('./look-at-context.ts');
  return lookAtContext({settings, env: machine.env, home});
}
