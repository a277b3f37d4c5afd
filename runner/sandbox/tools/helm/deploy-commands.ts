import type {FlagSpec, ParsedFlags} from '../shared/flags.ts';
import {ToolError} from '../shared/io.ts';
import {type Chart, loadChart} from './chart.ts';
import {type Command, chartFlags, type Invocation, outputFlag, valueFlags} from './command.ts';
import {deployContext, install, objectsOf, rollback, upgrade} from './deploy.ts';
import {deleteObject, isKept, placeAll} from './objects.ts';
import {printAs, releaseData, statusText} from './output.ts';
import {manifestText, render} from './render.ts';
import {givenValues} from './values.ts';
import {waitUntilGone} from './wait.ts';

const deployFlags: readonly FlagSpec[] = [
  ...valueFlags,
  ...chartFlags,
  outputFlag,
  {name: 'create-namespace', type: 'bool', usage: 'create the release namespace if not present'},
  {
    name: 'wait',
    type: 'bool',
    usage: 'if set, will wait until all objects are ready before marking the release as successful',
  },
  {name: 'wait-for-jobs', type: 'bool', usage: 'accepted: none of the charts meant here has jobs'},
  {
    name: 'timeout',
    type: 'duration',
    default: '5m0s',
    usage: 'time to wait for any individual Kubernetes operation',
  },
  {
    name: 'dry-run',
    type: 'string',
    bare: 'client',
    default: 'none',
    usage: 'simulate: none, client or server',
  },
  {name: 'description', type: 'string', usage: 'add a custom description'},
  {
    name: 'atomic',
    type: 'bool',
    usage: 'if set, the installation process deletes the installation (an upgrade goes back) on failure',
  },
  {
    name: 'history-max',
    type: 'int',
    default: '10',
    usage: 'limit the maximum number of revisions saved per release',
  },
  {name: 'skip-crds', type: 'bool', usage: 'if set, no CRDs of the crds/ folder will be installed'},
  {name: 'force', type: 'bool', usage: 'not supported by the built-in helm'},
];

async function chartOf(invocation: Invocation, reference: string): Promise<Chart> {
  const {paths, io, flags} = invocation;
  const chart = await loadChart({
    paths,
    cwd: io.cwd,
    reference,
    version: flags.string('version'),
    repo: flags.string('repo'),
    devel: flags.bool('devel'),
  });
  return flags.bool('skip-crds') ? {...chart, crds: []} : chart;
}

function dryRun(flags: ParsedFlags): boolean {
  return !['none', 'false'].includes(flags.string('dry-run'));
}

/** An error said as helm says it, after what was being done. */
async function saying<T>(what: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof Error && !/^error: /.test(error.message))
      error.message = `${what}: ${error.message}`;
    throw error;
  }
}

function nameAndChart(flags: ParsedFlags, args: readonly string[]): [string, string] {
  if (flags.bool('generate-name'))
    throw new ToolError("--generate-name is beyond istio-workshop's small built-in helm: name the release");
  if (args.length === 1) throw new ToolError('must either provide a name or specify --generate-name');
  if (args.length > 2)
    throw new ToolError(`expected at most two arguments, unexpected arguments: ${args.slice(2).join(', ')}`);
  return [args[0] ?? '', args[1] ?? ''];
}

async function runInstall(invocation: Invocation, name: string, reference: string): Promise<void> {
  const {io, session, flags} = invocation;
  const release = await saying('INSTALLATION FAILED', async () => {
    const chart = await chartOf(invocation, reference);
    const context = await deployContext(io, session);
    const options = {
      name,
      chart,
      values: await givenValues(flags, io),
      wait: flags.bool('wait') || flags.bool('atomic'),
      timeout: flags.duration('timeout'),
      description: flags.optional('description'),
    };
    try {
      return await install(context, {
        ...options,
        createNamespace: flags.bool('create-namespace'),
        dryRun: dryRun(flags),
        replace: flags.bool('replace'),
      });
    } catch (error) {
      if (
        flags.bool('atomic') &&
        (await context.storage.history(context.namespace, name)).some(
          release => release.info.status === 'failed',
        )
      ) {
        await removeRelease(invocation, name, {keepHistory: false, wait: false});
        throw new ToolError(
          `release ${name} failed, and has been uninstalled due to atomic being set: ${(error as Error).message}`,
        );
      }
      throw error;
    }
  });
  printAs(io, flags.string('output'), releaseData(release), () =>
    statusText(release, {manifest: dryRun(flags), description: flags.has('description')}),
  );
}

export const installCommand: Command = {
  name: 'install',
  short: 'install a chart',
  usage: 'helm install [NAME] [CHART] [flags]',
  flags: [
    ...deployFlags,
    {
      name: 'replace',
      type: 'bool',
      usage: 'reuse the given name, only if that name is a deleted release which remains in the history',
    },
    {name: 'generate-name', short: 'g', type: 'bool', usage: 'not supported by the built-in helm'},
  ],
  args: {least: 1, most: Number.POSITIVE_INFINITY},
  async run(invocation) {
    const [name, reference] = await saying('INSTALLATION FAILED', async () =>
      nameAndChart(invocation.flags, invocation.args),
    );
    await runInstall(invocation, name, reference);
  },
};

export const upgradeCommand: Command = {
  name: 'upgrade',
  short: 'upgrade a release',
  usage: 'helm upgrade [RELEASE] [CHART] [flags]',
  flags: [
    ...deployFlags,
    {
      name: 'install',
      short: 'i',
      type: 'bool',
      usage: "if a release by this name doesn't already exist, run an install",
    },
    {
      name: 'reuse-values',
      type: 'bool',
      usage: "when upgrading, reuse the last release's values and merge in any overrides",
    },
    {
      name: 'reset-values',
      type: 'bool',
      usage: 'when upgrading, reset the values to the ones built into the chart',
    },
    {
      name: 'reset-then-reuse-values',
      type: 'bool',
      usage: "when upgrading, reset the values, apply the last release's values and merge in any overrides",
    },
    {name: 'cleanup-on-fail', type: 'bool', usage: 'accepted and ignored'},
  ],
  args: {least: 2, most: 2},
  async run(invocation) {
    const {io, session, flags, args} = invocation;
    const [name = '', reference = ''] = args;
    const context = await deployContext(io, session);
    if (flags.bool('install') && (await context.storage.history(context.namespace, name)).length === 0) {
      if (flags.string('output') === 'table')
        io.out(`Release "${name}" does not exist. Installing it now.\n`);
      await runInstall(invocation, name, reference);
      return;
    }
    const release = await saying('UPGRADE FAILED', async () => {
      const chart = await chartOf(invocation, reference);
      const wait = flags.bool('wait') || flags.bool('atomic');
      const timeout = flags.duration('timeout');
      try {
        return await upgrade(context, {
          name,
          chart,
          values: await givenValues(flags, io),
          wait,
          timeout,
          description: flags.optional('description'),
          dryRun: dryRun(flags),
          reuseValues: flags.bool('reuse-values'),
          resetValues: flags.bool('reset-values'),
          resetThenReuseValues: flags.bool('reset-then-reuse-values'),
          historyMax: flags.int('history-max'),
        });
      } catch (error) {
        const failed =
          (await context.storage.history(context.namespace, name)).at(-1)?.info.status === 'failed';
        if (!flags.bool('atomic') || !failed) throw error;
        await rollback(context, {name, revision: 0, wait, timeout, historyMax: flags.int('history-max')});
        throw new ToolError(
          `release ${name} failed, and has been rolled back due to atomic being set: ${(error as Error).message}`,
        );
      }
    });
    if (flags.string('output') === 'table') io.out(`Release "${name}" has been upgraded. Happy Helming!\n`);
    printAs(io, flags.string('output'), releaseData(release), () =>
      statusText(release, {manifest: dryRun(flags), description: flags.has('description')}),
    );
  },
};

export const rollbackCommand: Command = {
  name: 'rollback',
  short: 'roll back a release to a previous revision',
  usage: 'helm rollback <RELEASE> [REVISION] [flags]',
  flags: deployFlags.filter(flag => ['wait', 'timeout', 'history-max', 'force'].includes(flag.name)),
  args: {least: 1, most: 2},
  async run({io, session, flags, args}) {
    const revision = Number(args[1] ?? 0);
    if (!Number.isInteger(revision))
      throw new ToolError(
        `could not convert revision to a number: strconv.Atoi: parsing "${args[1]}": invalid syntax`,
      );
    const context = await deployContext(io, session);
    await rollback(context, {
      name: args[0] ?? '',
      revision,
      wait: flags.bool('wait'),
      timeout: flags.duration('timeout'),
      historyMax: flags.int('history-max'),
    });
    io.out('Rollback was a success! Happy Helming!\n');
  },
};

async function removeRelease(
  invocation: Invocation,
  name: string,
  options: {keepHistory: boolean; wait: boolean},
): Promise<string> {
  const {io, session, flags} = invocation;
  const context = await deployContext(io, session);
  const history = await context.storage.history(context.namespace, name);
  const last = history.at(-1);
  if (!last) throw new ToolError(`uninstall: Release not loaded: ${name}: release: not found`);
  if (last.info.status === 'uninstalled') {
    if (options.keepHistory) throw new ToolError(`the release named "${name}" is already deleted`);
    for (const release of history) await context.storage.remove(release);
    return '';
  }
  last.info.status = 'uninstalling';
  last.info.description = 'Deletion in progress (or silently failed)';
  await context.storage.update(last);
  const objects = await objectsOf(last.manifest);
  const kept = objects.filter(isKept);
  const placed = await placeAll(
    session,
    objects.filter(object => !isKept(object)),
    context.namespace,
  );
  for (const item of [...placed].reverse()) await deleteObject(context.client, item);
  if (options.wait) {
    await waitUntilGone({
      client: context.client,
      placed,
      timeout: flags.duration('timeout'),
      now: io.now,
      pause: time => new Promise(resolve => setTimeout(resolve, time)),
    });
  }
  if (options.keepHistory) {
    last.info.status = 'uninstalled';
    last.info.description = 'Uninstallation complete';
    last.info.deleted = new Date(io.now()).toISOString();
    await context.storage.update(last);
  } else {
    for (const release of history) await context.storage.remove(release);
  }
  return kept.length === 0
    ? ''
    : `These resources were kept due to the resource policy:\n${kept.map(object => `[${object.kind}] ${object.metadata.name}\n`).join('')}`;
}

export const uninstall: Command = {
  name: 'uninstall',
  aliases: ['del', 'delete', 'un'],
  short: 'uninstall a release',
  usage: 'helm uninstall RELEASE_NAME [...] [flags]',
  flags: [
    {
      name: 'keep-history',
      type: 'bool',
      usage:
        'remove all associated resources and mark the release as deleted, but retain the release history',
    },
    {
      name: 'wait',
      type: 'bool',
      usage: 'if set, will wait until all the resources are deleted before returning',
    },
    {name: 'ignore-not-found', type: 'bool', usage: 'treat "release not found" as a successful uninstall'},
    {
      name: 'timeout',
      type: 'duration',
      default: '5m0s',
      usage: 'time to wait for any individual Kubernetes operation',
    },
    {name: 'dry-run', type: 'bool', usage: 'simulate an uninstall'},
  ],
  args: {least: 1, most: Number.POSITIVE_INFINITY},
  async run(invocation) {
    const {io, session, flags} = invocation;
    for (const name of invocation.args) {
      if (flags.bool('dry-run')) {
        const context = await deployContext(io, session);
        if ((await context.storage.history(context.namespace, name)).length === 0)
          throw new ToolError('release: not found');
        io.out(`release "${name}" uninstalled\n`);
        continue;
      }
      try {
        const info = await removeRelease(invocation, name, {
          keepHistory: flags.bool('keep-history'),
          wait: flags.bool('wait'),
        });
        if (info !== '') io.out(`${info}\n`);
        io.out(`release "${name}" uninstalled\n`);
      } catch (error) {
        if (!flags.bool('ignore-not-found') || !/release: not found/.test((error as Error).message))
          throw error;
        io.out(`release "${name}" uninstalled
`);
      }
    }
  },
};

export const template: Command = {
  name: 'template',
  short: 'locally render templates',
  usage: 'helm template [NAME] [CHART] [flags]',
  flags: [
    ...deployFlags,
    {name: 'include-crds', type: 'bool', usage: 'include CRDs in the templated output'},
    {
      name: 'show-only',
      short: 's',
      type: 'list',
      usage: 'only show manifests rendered from the given templates',
    },
    {name: 'kube-version', type: 'string', usage: 'Kubernetes version used for Capabilities.KubeVersion'},
  ],
  args: {least: 1, most: 2},
  async run(invocation) {
    const {io, flags, args} = invocation;
    const [name, reference] =
      args.length === 1 ? ['release-name', args[0] ?? ''] : [args[0] ?? '', args[1] ?? ''];
    const chart = await chartOf(invocation, reference);
    const namespace = flags.optional('namespace') ?? (await invocation.session.connection()).namespace;
    const rendered = await render({
      chart,
      values: await givenValues(flags, io),
      release: {name, namespace, revision: 1, isInstall: true, isUpgrade: false},
      capabilities: {
        version: flags.string('kube-version') || 'v1.33.0',
        apiVersions: ['v1', 'apps/v1', 'policy/v1', 'autoscaling/v2'],
      },
    });
    const only = flags.list('show-only');
    const manifests = rendered.manifests.filter(
      manifest => only.length === 0 || only.some(path => manifest.source.endsWith(`/${path}`)),
    );
    if (only.length > 0 && manifests.length === 0)
      throw new ToolError(`could not find template ${only[0]} in chart`);
    if (flags.bool('include-crds'))
      for (const crd of chart.crds)
        io.out(`---\n# Source: ${chart.metadata.name}/${crd.name}\n${crd.data.trim()}\n`);
    io.out(manifestText(manifests));
  },
};
