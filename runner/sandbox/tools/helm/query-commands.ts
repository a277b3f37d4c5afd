import {messageOf} from '../../../errors.ts';
import {type Pattern, search} from '../../../istio/re2.ts';
import {ToolError} from '../shared/io.ts';
import {terminalText} from '../shared/terminal-text.ts';
import {printYaml} from '../shared/yaml-print.ts';
import {loadChart} from './chart.ts';
import {type Command, chartFlags, type Invocation, outputFlag} from './command.ts';
import {deployContext} from './deploy.ts';
import {ansiTime, chartName, goTimeText, helmTable, printAs, releaseData, statusText} from './output.ts';
import type {Release} from './release.ts';
import {overlay} from './values.ts';

const revisionFlag = {
  name: 'revision',
  type: 'int',
  default: '0',
  usage: 'get the named release with revision',
} as const;

/** @throws ToolError for what is no regular expression. */
function filterOf(pattern: string): Pattern {
  try {
    return search(pattern);
  } catch (error) {
    throw new ToolError(messageOf(error));
  }
}

async function releaseOf(invocation: Invocation): Promise<Release> {
  const {io, session, flags, args} = invocation;
  const context = await deployContext(io, session);
  const history = await context.storage.history(context.namespace, args[0] ?? '');
  const revision = flags.int('revision');
  const found = revision > 0 ? history.find(release => release.version === revision) : history.at(-1);
  if (!found) throw new ToolError('release: not found');
  return found;
}

export const list: Command = {
  name: 'list',
  aliases: ['ls'],
  short: 'list releases',
  usage: 'helm list [flags]',
  flags: [
    outputFlag,
    {name: 'all-namespaces', short: 'A', type: 'bool', usage: 'list releases across all namespaces'},
    {name: 'all', short: 'a', type: 'bool', usage: 'show all releases without any filter applied'},
    {name: 'short', short: 'q', type: 'bool', usage: 'output short (quiet) listing format'},
    {name: 'filter', short: 'f', type: 'string', usage: 'a regular expression (Perl compatible)'},
    {name: 'deployed', type: 'bool', usage: 'show deployed releases'},
    {name: 'failed', type: 'bool', usage: 'show failed releases'},
    {name: 'pending', type: 'bool', usage: 'show pending releases'},
    {
      name: 'uninstalled',
      type: 'bool',
      usage: 'show uninstalled releases (if "helm uninstall --keep-history" was used)',
    },
    {
      name: 'uninstalling',
      type: 'bool',
      usage: 'show releases that are currently being uninstalled',
    },
    {name: 'no-headers', type: 'bool', usage: "don't print headers when using the default output format"},
    {name: 'time-format', type: 'string', usage: 'not supported by the built-in helm'},
  ],
  args: {least: 0, most: 0},
  async run({io, session, flags}) {
    const context = await deployContext(io, session);
    const all = await context.storage.list(flags.bool('all-namespaces') ? undefined : context.namespace);
    const asked = ['deployed', 'failed', 'pending', 'uninstalled', 'uninstalling'].filter(state =>
      flags.bool(state),
    );
    const states = asked.length > 0 ? asked : ['deployed', 'failed'];
    const filter = filterOf(flags.string('filter'));
    const releases = all
      .filter(
        ({name, info}) =>
          filter.test(name) && (flags.bool('all') || states.some(state => info.status.startsWith(state))),
      )
      .sort((left, right) => (left.name < right.name ? -1 : left.name > right.name ? 1 : 0));
    const rows = releases.map(release => ({
      name: release.name,
      namespace: release.namespace,
      revision: String(release.version),
      updated: goTimeText(release.info.last_deployed),
      status: release.info.status,
      chart: chartName(release),
      app_version: release.chart.metadata.appVersion ?? '',
    }));
    if (flags.bool('short')) {
      io.out(releases.map(({name}) => `${name}\n`).join(''));
      return;
    }
    printAs(io, flags.string('output'), rows, () =>
      helmTable([
        ...(flags.bool('no-headers')
          ? []
          : [['NAME', 'NAMESPACE', 'REVISION', 'UPDATED', 'STATUS', 'CHART', 'APP VERSION']]),
        ...rows.map(row => Object.values(row)),
      ]),
    );
  },
};

export const status: Command = {
  name: 'status',
  short: 'display the status of the named release',
  usage: 'helm status RELEASE_NAME [flags]',
  flags: [
    outputFlag,
    revisionFlag,
    {name: 'show-desc', type: 'bool', usage: 'if set, display the description message of the named release'},
    {name: 'show-resources', type: 'bool', usage: 'not supported by the built-in helm'},
  ],
  args: {least: 1, most: 1},
  async run(invocation) {
    const {io, flags} = invocation;
    const release = await releaseOf(invocation);
    printAs(io, flags.string('output'), releaseData(release), () =>
      statusText(release, {description: flags.bool('show-desc')}),
    );
  },
};

export const history: Command = {
  name: 'history',
  aliases: ['hist'],
  short: 'fetch release history',
  usage: 'helm history RELEASE_NAME [flags]',
  flags: [
    outputFlag,
    {name: 'max', type: 'int', default: '256', usage: 'maximum number of revision to include in history'},
  ],
  args: {least: 1, most: 1},
  async run({io, session, flags, args}) {
    const context = await deployContext(io, session);
    const releases = await context.storage.history(context.namespace, args[0] ?? '');
    if (releases.length === 0) throw new ToolError('release: not found');
    const shown = releases.slice(-flags.int('max'));
    const rows = shown.map(release => ({
      revision: release.version,
      updated: release.info.last_deployed,
      status: release.info.status,
      chart: chartName(release),
      app_version: release.chart.metadata.appVersion ?? '',
      description: release.info.description ?? '',
    }));
    printAs(io, flags.string('output'), rows, () =>
      helmTable([
        ['REVISION', 'UPDATED', 'STATUS', 'CHART', 'APP VERSION', 'DESCRIPTION'],
        ...rows.map(row => [
          String(row.revision),
          ansiTime(row.updated),
          row.status,
          row.chart,
          row.app_version,
          row.description,
        ]),
      ]),
    );
  },
};

const getValues: Command = {
  name: 'values',
  short: 'download the values file for a named release',
  usage: 'helm get values RELEASE_NAME [flags]',
  flags: [
    outputFlag,
    revisionFlag,
    {name: 'all', short: 'a', type: 'bool', usage: 'dump all (computed) values'},
  ],
  args: {least: 1, most: 1},
  async run(invocation) {
    const {io, flags} = invocation;
    const release = await releaseOf(invocation);
    const given = release.config ?? {};
    const all = flags.bool('all');
    const values = all
      ? overlay(release.chart.values ?? {}, given)
      : Object.keys(given).length > 0
        ? given
        : null;
    printAs(
      io,
      flags.string('output'),
      values,
      () => `${all ? 'COMPUTED VALUES:' : 'USER-SUPPLIED VALUES:'}\n${printYaml(values)}`,
    );
  },
};

const getManifest: Command = {
  name: 'manifest',
  short: 'download the manifest for a named release',
  usage: 'helm get manifest RELEASE_NAME [flags]',
  flags: [revisionFlag],
  args: {least: 1, most: 1},
  async run(invocation) {
    invocation.io.out(`${(await releaseOf(invocation)).manifest}\n`);
  },
};

const getNotes: Command = {
  name: 'notes',
  short: 'download the notes for a named release',
  usage: 'helm get notes RELEASE_NAME [flags]',
  flags: [revisionFlag],
  args: {least: 1, most: 1},
  async run(invocation) {
    const release = await releaseOf(invocation);
    if (release.info.notes) invocation.io.out(`NOTES:\n${terminalText(release.info.notes)}\n`);
  },
};

const getAll: Command = {
  name: 'all',
  short: 'download all information for a named release',
  usage: 'helm get all RELEASE_NAME [flags]',
  flags: [revisionFlag],
  args: {least: 1, most: 1},
  async run(invocation) {
    const release = await releaseOf(invocation);
    const {name, namespace, info, chart, manifest, config = {}, version} = release;
    invocation.io.out(
      `NAME: ${name}\nLAST DEPLOYED: ${ansiTime(info.last_deployed)}\nNAMESPACE: ${namespace}\nSTATUS: ${info.status}\nREVISION: ${version}\nCHART: ${chart.metadata.name}\nVERSION: ${chart.metadata.version}\nAPP_VERSION: ${chart.metadata.appVersion ?? ''}\nTEST SUITE: None\n`,
    );
    invocation.io.out(
      `USER-SUPPLIED VALUES:\n${printYaml(config)}\nCOMPUTED VALUES:\n${printYaml(overlay(chart.values ?? {}, config))}\n`,
    );
    invocation.io.out(
      `HOOKS:\nMANIFEST:\n${manifest}\n${info.notes ? `NOTES:\n${terminalText(info.notes.trim())}\n` : ''}`,
    );
  },
};

export const get: Command = {
  name: 'get',
  short: 'download extended information of a named release',
  usage: 'helm get [command]',
  flags: [],
  subcommands: [getAll, getManifest, getNotes, getValues],
};

function showCommand(
  name: string,
  short: string,
  text: (chart: Awaited<ReturnType<typeof loadChart>>) => string,
): Command {
  return {
    name,
    short,
    usage: `helm show ${name} [CHART] [flags]`,
    flags: chartFlags,
    args: {least: 1, most: 1},
    async run({io, paths, flags, args}) {
      const chart = await loadChart({
        paths,
        cwd: io.cwd,
        reference: args[0] ?? '',
        version: flags.string('version'),
        repo: flags.string('repo'),
        devel: flags.bool('devel'),
      });
      io.out(text(chart));
    },
  };
}

export const show: Command = {
  name: 'show',
  aliases: ['inspect'],
  short: 'show information of a chart',
  usage: 'helm show [command]',
  flags: [],
  subcommands: [
    showCommand('chart', "show the chart's definition", chart => `${printYaml(chart.metadata)}\n`),
    showCommand('values', "show the chart's values", chart => `${chart.valuesText}\n`),
    showCommand('crds', "show the chart's CRDs", chart => chart.crds.map(file => file.data).join('---\n')),
  ],
};
