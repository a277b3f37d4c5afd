import {ToolError, type ToolIo} from '../shared/io.ts';
import {type RestClient, StatusError} from '../shared/rest.ts';
import type {Session} from '../shared/session.ts';
import {parseYamlDocuments} from '../shared/yaml.ts';
import type {Chart} from './chart.ts';
import {
  checkOwnership,
  createObject,
  deleteObject,
  isKept,
  live,
  owned,
  type Placed,
  placeAll,
  updateObject,
} from './objects.ts';
import {type Release, ReleaseStorage, type StoredFile} from './release.ts';
import {manifestText, render} from './render.ts';
import {overlay} from './values.ts';
import {waitUntilReady} from './wait.ts';

/** What install, upgrade and rollback need. */
export interface DeployContext {
  io: ToolIo;
  session: Session;
  client: RestClient;
  storage: ReleaseStorage;
  namespace: string;
}

export async function deployContext(io: ToolIo, session: Session): Promise<DeployContext> {
  const client = await session.client();
  return {
    io,
    session,
    client,
    storage: new ReleaseStorage({client, now: io.now}),
    namespace: client.connection.namespace,
  };
}

export interface DeployOptions {
  name: string;
  chart: Chart;
  values: Record<string, any>;
  wait: boolean;
  /** Milliseconds. */
  timeout: number;
  description?: string | undefined;
}

/** RFC 3339 with the nanoseconds and zone that Go writes. */
export function goTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/(\.\d{3})Z$/, '$1000000Z');
}

function stored(files: readonly {name: string; data: string}[]): StoredFile[] {
  return files.map(({name, data}) => ({name, data: Buffer.from(data).toString('base64')}));
}

async function capabilities(context: DeployContext): Promise<{version: string; apiVersions: string[]}> {
  const {gitVersion} = await context.client.json({path: '/version'});
  const {resources, groupVersions} = await context.session.discovery();
  const kinds = resources.map(
    ({group, version, kind}) => `${group === '' ? version : `${group}/${version}`}/${kind}`,
  );
  return {version: gitVersion, apiVersions: [...groupVersions, ...kinds]};
}

/** A release of a chart, rendered but not carried out. */
export async function prepare(
  context: DeployContext,
  options: DeployOptions,
  revision: number,
): Promise<{release: Release; objects: any[]}> {
  const {io, namespace} = context;
  const {chart, name} = options;
  const rendered = await render({
    chart,
    values: options.values,
    release: {name, namespace, revision, isInstall: revision === 1, isUpgrade: revision > 1},
    capabilities: await capabilities(context),
  });
  if (rendered.hooks.length > 0) {
    throw new ToolError(
      `chart ${chart.metadata.name} has hooks (${rendered.hooks[0]?.source}), which istio-workshop's small built-in helm does not run: use the real helm (https://helm.sh/docs/intro/install/)`,
    );
  }
  const time = goTime(io.now());
  const release: Release = {
    name,
    info: {
      first_deployed: time,
      last_deployed: time,
      deleted: '',
      description: revision === 1 ? 'Initial install underway' : 'Preparing upgrade',
      status: revision === 1 ? 'pending-install' : 'pending-upgrade',
      notes: rendered.notes,
    },
    chart: {
      metadata: chart.metadata,
      lock: null,
      templates: stored(chart.templates),
      values: chart.values,
      schema: null,
      files: stored(chart.files),
    },
    config: options.values,
    manifest: manifestText(rendered.manifests),
    version: revision,
    namespace,
  };
  return {release, objects: rendered.manifests.map(manifest => manifest.object)};
}

/** The objects of a stored manifest. */
export async function objectsOf(manifest: string): Promise<any[]> {
  return (await parseYamlDocuments(manifest)).filter(object => object !== null && object !== undefined);
}

function pauseFor(milliseconds: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, milliseconds));
}

async function waitFor(context: DeployContext, placed: readonly Placed[], timeout: number): Promise<void> {
  await waitUntilReady({client: context.client, placed, timeout, now: context.io.now, pause: pauseFor});
}

async function eachKind(placed: readonly Placed[], run: (item: Placed) => Promise<void>): Promise<void> {
  // Kinds one after the other, objects of a kind at once: as helm does.
  for (let at = 0; at < placed.length; ) {
    const kind = placed[at]?.object.kind;
    let end = at;
    while (end < placed.length && placed[end]?.object.kind === kind) end++;
    await Promise.all(placed.slice(at, end).map(run));
    at = end;
  }
}

async function installCrds(context: DeployContext, chart: Chart): Promise<void> {
  if (chart.crds.length === 0) return;
  const objects = (await Promise.all(chart.crds.map(file => parseYamlDocuments(file.data))))
    .flat()
    .filter(Boolean);
  const placed = await placeAll(context.session, objects as any[], context.namespace);
  for (const item of placed) {
    await createObject(context.client, item).catch(error => {
      if (!(error instanceof StatusError && error.code === 409)) throw error;
    });
  }
  await waitFor(context, placed, 60_000);
  context.session.forgetDiscovery();
}

export async function createNamespace(context: DeployContext): Promise<void> {
  const {client, namespace} = context;
  const body = {apiVersion: 'v1', kind: 'Namespace', metadata: {name: namespace, labels: {name: namespace}}};
  await client
    .json({method: 'POST', path: '/api/v1/namespaces', query: {fieldManager: 'helm'}, body})
    .catch(error => {
      if (!(error instanceof StatusError && error.code === 409)) throw error;
    });
}

/** @throws ToolError for a name that helm refuses. */
export function checkName(name: string): void {
  if (!/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(name) || name.length > 53) {
    throw new ToolError(
      `release name "${name}": invalid release name, must match regex ^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$ and the length must not be longer than 53`,
    );
  }
}

/** Installs a new release. A failure leaves it as `failed`, as helm does. @throws StatusError, ToolError */
export async function install(
  context: DeployContext,
  options: DeployOptions & {createNamespace: boolean; dryRun: boolean; replace: boolean},
): Promise<Release> {
  const {client, storage, namespace} = context;
  checkName(options.name);
  const history = await storage.history(namespace, options.name);
  const last = history.at(-1);
  if (last && !(options.replace && ['uninstalled', 'failed'].includes(last.info.status))) {
    throw new ToolError('cannot re-use a name that is still in use');
  }
  if (!options.dryRun) await installCrds(context, options.chart);
  const {release, objects} = await prepare(context, options, (last?.version ?? 0) + 1);
  const placed = await placeAll(
    context.session,
    objects.map(object => owned(object, release)),
    namespace,
  );
  if (options.dryRun) {
    release.info.description = 'Dry run complete';
    return release;
  }
  const adopted = await checkOwnership(client, placed, release);
  if (options.createNamespace) await createNamespace(context);
  await storage.create(release).catch(error => {
    if (error instanceof StatusError) throw new ToolError(`create: failed to create: ${error.message}`);
    throw error;
  });
  return finish(context, release, options, async () => {
    // What an uninstalled release has kept is taken over, as helm does.
    await eachKind(placed, item =>
      adopted.has(item.path) ? updateObject(client, item, undefined) : createObject(client, item),
    );
    if (options.wait) await waitFor(context, placed, options.timeout);
  });
}

async function finish(
  context: DeployContext,
  release: Release,
  options: DeployOptions,
  run: () => Promise<void>,
): Promise<Release> {
  const {storage} = context;
  const upgrade = release.version > 1;
  try {
    await run();
  } catch (error) {
    release.info.status = 'failed';
    const what = upgrade ? `Upgrade "${release.name}" failed` : `Release "${release.name}" failed`;
    release.info.description = `${what}: ${(error as Error).message}`;
    await storage.update(release);
    throw error;
  }
  release.info.status = 'deployed';
  release.info.description = options.description ?? (upgrade ? 'Upgrade complete' : 'Install complete');
  await storage.update(release);
  return release;
}

export interface UpgradeOptions extends DeployOptions {
  dryRun: boolean;
  reuseValues: boolean;
  resetValues: boolean;
  resetThenReuseValues: boolean;
  historyMax: number;
}

function upgradedValues(options: UpgradeOptions, current: Release): Record<string, any> {
  const before = current.config ?? {};
  if (options.resetValues) return options.values;
  if (options.reuseValues || options.resetThenReuseValues) return overlay(before, options.values);
  // Without any value given, helm keeps those of the last release.
  return Object.keys(options.values).length === 0 ? before : options.values;
}

/** Upgrades a release to a chart and values. @throws StatusError, ToolError */
export async function upgrade(context: DeployContext, options: UpgradeOptions): Promise<Release> {
  const {storage, namespace} = context;
  const history = await storage.history(namespace, options.name);
  const last = history.at(-1);
  if (!last) throw new ToolError(`"${options.name}" has no deployed releases`);
  if (last.info.status.startsWith('pending'))
    throw new ToolError('another operation (install/upgrade/rollback) is in progress');
  const current =
    history.findLast(release => release.info.status === 'deployed') ??
    history.findLast(release => release.info.status === 'failed');
  if (!current) throw new ToolError(`"${options.name}" has no deployed releases`);
  const values = upgradedValues(options, current);
  const {release, objects} = await prepare(context, {...options, values}, last.version + 1);
  release.info.first_deployed = current.info.first_deployed;
  if (options.dryRun) {
    release.info.description = 'Dry run complete';
    return release;
  }
  return replaceRelease(context, {release, objects, current, history, options});
}

async function replaceRelease(
  context: DeployContext,
  change: {
    release: Release;
    objects: any[];
    current: Release;
    history: readonly Release[];
    options: UpgradeOptions | (DeployOptions & {historyMax: number});
  },
): Promise<Release> {
  const {client, storage, session, namespace} = context;
  const {release, objects, current, history, options} = change;
  const placed = await placeAll(
    session,
    objects.map(object => owned(object, release)),
    namespace,
  );
  const before = await objectsOf(current.manifest);
  const discovered = await placeAll(session, before, namespace);
  const known = new Map(discovered.map(item => [item.path, item]));
  await checkOwnership(
    client,
    placed.filter(item => !known.has(item.path)),
    release,
  );
  await storage.create(release);
  const done = await finish(context, release, options, async () => {
    await eachKind(placed, item =>
      updateObject(
        client,
        item,
        known.has(item.path) ? owned(known.get(item.path)?.object, release) : undefined,
      ),
    );
    const wanted = new Set(placed.map(item => item.path));
    for (const item of discovered) {
      if (!wanted.has(item.path) && !isKept((await live(client, item)) ?? item.object))
        await deleteObject(client, item);
    }
    if (options.wait) await waitFor(context, placed, options.timeout);
  });
  for (const old of history) {
    if (old.info.status !== 'deployed') continue;
    old.info.status = 'superseded';
    await storage.update(old);
  }
  const surplus = history.length + 1 - options.historyMax;
  if (options.historyMax > 0)
    for (const old of history.slice(0, Math.max(0, surplus))) await storage.remove(old);
  return done;
}

/** Goes back to an earlier revision, as a new one. @throws StatusError, ToolError */
export async function rollback(
  context: DeployContext,
  options: {name: string; revision: number; wait: boolean; timeout: number; historyMax: number},
): Promise<Release> {
  const {io, storage, namespace} = context;
  const history = await storage.history(namespace, options.name);
  const last = history.at(-1);
  if (!last) throw new ToolError('release: not found');
  const revision = options.revision === 0 ? last.version - 1 : options.revision;
  const target = history.find(release => release.version === revision);
  if (!target)
    throw new ToolError(options.revision === 0 ? 'release: not found' : `release has no ${revision} version`);
  const time = goTime(io.now());
  const release: Release = {
    ...target,
    version: last.version + 1,
    info: {
      ...target.info,
      last_deployed: time,
      status: 'pending-rollback',
      description: `Rollback to ${revision}`,
    },
  };
  const current = history.findLast(candidate => candidate.info.status === 'deployed') ?? last;
  const chart = {} as Chart;
  return replaceRelease(context, {
    release,
    objects: await objectsOf(target.manifest),
    current,
    history,
    options: {...options, chart, values: target.config ?? {}, description: `Rollback to ${revision}`},
  });
}
