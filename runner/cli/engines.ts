import path from 'node:path';
import {imagesIn} from '../catalog/images.ts';
import type {EngineName} from '../catalog/lab.ts';
import type {ClusterEngine, ClusterFacts} from '../engines/port.ts';
import {createSandboxEngine} from '../engines/sandbox/engine.ts';
import type {ClusterSettings} from '../engines/settings.ts';
import {exitCodes, WorkshopError} from '../errors.ts';
import type {ProcessRunner} from '../processes.ts';
import {paceText, parsePace} from '../sandbox/pace.ts';
import type {WorkshopStore} from '../session/workshop-store.ts';
import {istioVersion, simulatedIstio} from '../version.ts';
import type {Surroundings} from './io.ts';
import type {GlobalOptions} from './options.ts';
import {readLabs} from './read-labs.ts';

export interface EngineOptions {
  name: EngineName;
  io: Surroundings;
  store: WorkshopStore;
  processes: ProcessRunner;
  settings: ClusterSettings;
  /** What the workshop remembers of its cluster. */
  facts: ClusterFacts;
}

/**
 * The implementation behind an engine's name; those of real clusters are loaded only when they are used.
 * @throws WorkshopError for settings that mean nothing to the engine.
 */
export async function createEngine(options: EngineOptions): Promise<ClusterEngine> {
  const {name, io, store, processes, settings} = options;
  if (name === 'sandbox') {
    const {pace, istio, ...others} = settings;
    refuse(others, 'sandbox');
    if (istio) requireSimulated(istio);
    return createSandboxEngine({
      directory: path.join(store.folder, 'sandbox'),
      workshop: store.name,
      nodePath: io.nodePath,
      entry: path.join(io.programFolder, 'sandbox.mjs'),
      env: io.env,
      processes,
      ...(pace ? {pace: parsePace(pace)} : {}),
      ...(istio ? {istio} : {}),
    });
  }
  refuse(settings.pace ? {pace: settings.pace} : {}, 'real');
  const common = {folder: path.join(store.folder, name), settings, env: environmentOf(io), processes};
  if (name === 'kind') {
    const {createKindEngine} = await import('../engines/kind/engine.ts');
    const labImages = settings.images ? imagesIn(await readLabs(io)) : [];
    return createKindEngine({...common, workshop: store.name, labImages});
  }
  const {createContextEngine} = await import('../engines/context/engine.ts');
  return createContextEngine({...common, facts: options.facts, home: io.homeFolder});
}

/** The tools of engines are the learner's own, and the built-in ones where there are none. */
export function environmentOf(io: Surroundings): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(io.env)) {
    if (value !== undefined && !name.startsWith('HELM_')) env[name] = value;
  }
  const tools = path.join(io.programFolder, 'tools', 'bin');
  return {...env, ISTIO_WORKSHOP_NODE: io.nodePath, PATH: [env['PATH'], tools].join(path.delimiter)};
}

/**
 * What the options say of the cluster; paths are made absolute, since they are kept with the workshop.
 * @throws WorkshopError `bad-pace`
 */
export function settingsOf(io: Surroundings, options: GlobalOptions): ClusterSettings {
  const absolute = (file: string): string => path.resolve(io.directory, file);
  const {pace, kubeconfig, context, images, charts, nodeImage, hub, istio} = options;
  return {
    ...(pace ? {pace: paceText(parsePace(pace))} : {}),
    ...(kubeconfig ? {kubeconfig: absolute(kubeconfig)} : {}),
    ...(context ? {context} : {}),
    ...(images ? {images: absolute(images)} : {}),
    ...(charts ? {charts: /^https?:/.test(charts) ? charts : absolute(charts)} : {}),
    ...(nodeImage ? {nodeImage} : {}),
    ...(hub ? {hub} : {}),
    ...(istio ? {istio: parseIstio(istio)} : {}),
  };
}

/** @throws WorkshopError `bad-istio` */
function parseIstio(text: string): string {
  const version = text.replace(/^v/, '');
  if (/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)) return version;
  throw new WorkshopError({
    code: 'bad-istio',
    message: `"${text}" is no release of Istio.`,
    remedies: [`Name it whole, such as --istio ${istioVersion}`],
    exitCode: exitCodes.usage,
  });
}

/** @throws WorkshopError `istio-not-simulated` */
function requireSimulated(version: string): void {
  if (simulatedIstio.includes(version)) return;
  throw new WorkshopError({
    code: 'istio-not-simulated',
    message: `The sandbox does not simulate Istio ${version}.`,
    remedies: [
      `Choose one of: ${simulatedIstio.join(', ')}`,
      `Or take a real cluster: --workshop real --engine kind --istio ${version}`,
    ],
    exitCode: exitCodes.usage,
  });
}

/** Refuses what means nothing to this kind of cluster. */
function refuse(settings: ClusterSettings, cluster: 'sandbox' | 'real'): void {
  const [given] = Object.keys(settings);
  if (!given) return;
  const flag = given.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`);
  throw cluster === 'sandbox'
    ? new WorkshopError({
        code: 'not-for-sandbox',
        message: `--${flag} is for a real cluster; this workshop runs on the built-in sandbox.`,
        remedies: ['Name an engine and a workshop of its own: --workshop real --engine kind'],
        exitCode: exitCodes.usage,
      })
    : new WorkshopError({
        code: 'only-for-sandbox',
        message: `--${flag} is for the built-in sandbox; a real cluster has a pace of its own.`,
        remedies: ['Name a workshop that runs on it: --workshop slow --engine sandbox --pace real'],
        exitCode: exitCodes.usage,
      });
}
