import {ToolError} from '../shared/io.ts';
import {type Command, outputFlag} from './command.ts';
import {helmTable, printAs} from './output.ts';
import {forget, readIndex, readRepositories, refresh, writeRepositories} from './repositories.ts';
import {parseVersion, semverMatches} from './semver.ts';

const add: Command = {
  name: 'add',
  short: 'add a chart repository',
  usage: 'helm repo add [NAME] [URL] [flags]',
  flags: [
    {name: 'force-update', type: 'bool', usage: 'replace (overwrite) the repo if it already exists'},
    {name: 'no-update', type: 'bool', usage: 'Ignored. Formerly, it would disabled forced updates.'},
  ],
  args: {least: 2, most: 2},
  async run({io, paths, flags, args}) {
    const [name = '', url = ''] = args;
    if (name.includes('/'))
      throw new ToolError(
        `repository name (${name}) contains '/', please specify a different name without '/'`,
      );
    const repositories = await readRepositories(paths);
    const known = repositories.find(repository => repository.name === name);
    if (known && !flags.bool('force-update')) {
      if (known.url !== url)
        throw new ToolError(`repository name (${name}) already exists, please specify a different name`);
      io.out(`"${name}" already exists with the same configuration, skipping\n`);
      return;
    }
    if (!/^https?:\/\//.test(url))
      throw new ToolError(`could not find protocol handler for: ${/^(\w+):/.exec(url)?.[1] ?? ''}`);
    const repository = {name, url};
    await refresh(paths, repository);
    await writeRepositories(paths, [...repositories.filter(other => other.name !== name), repository]);
    io.out(`"${name}" has been added to your repositories\n`);
  },
};

const update: Command = {
  name: 'update',
  aliases: ['up'],
  short: 'update information of available charts locally from chart repositories',
  usage: 'helm repo update [REPO1 [REPO2 ...]] [flags]',
  flags: [
    {
      name: 'fail-on-repo-update-fail',
      type: 'bool',
      usage: 'update fails if any of the repository updates fail',
    },
  ],
  async run({io, paths, args}) {
    const repositories = await readRepositories(paths);
    if (repositories.length === 0)
      throw new ToolError('no repositories found. You must add one before updating');
    for (const name of args) {
      if (!repositories.some(repository => repository.name === name))
        throw new ToolError(`no repositories found matching '${name}'.  Nothing will be updated`);
    }
    io.out('Hang tight while we grab the latest from your chart repositories...\n');
    for (const repository of repositories) {
      if (args.length > 0 && !args.includes(repository.name)) continue;
      try {
        await refresh(paths, repository);
        io.out(`...Successfully got an update from the "${repository.name}" chart repository\n`);
      } catch (error) {
        io.out(
          `...Unable to get an update from the "${repository.name}" chart repository (${repository.url}):\n\t${(error as Error).message.replace(/^looks like .*? cannot be reached: /, '')}\n`,
        );
      }
    }
    io.out('Update Complete. ⎈Happy Helming!⎈\n');
  },
};

const list: Command = {
  name: 'list',
  aliases: ['ls'],
  short: 'list chart repositories',
  usage: 'helm repo list [flags]',
  flags: [outputFlag],
  args: {least: 0, most: 0},
  async run({io, paths, flags}) {
    const repositories = await readRepositories(paths);
    if (repositories.length === 0 && flags.string('output') === 'table')
      throw new ToolError('no repositories to show');
    printAs(
      io,
      flags.string('output'),
      repositories.map(({name, url}) => ({name, url})),
      () => helmTable([['NAME', 'URL'], ...repositories.map(({name, url}) => [name, url])]),
    );
  },
};

const remove: Command = {
  name: 'remove',
  aliases: ['rm'],
  short: 'remove one or more chart repositories',
  usage: 'helm repo remove [REPO1 [REPO2 ...]] [flags]',
  flags: [],
  args: {least: 1, most: Number.POSITIVE_INFINITY},
  async run({io, paths, args}) {
    let repositories = await readRepositories(paths);
    if (repositories.length === 0) throw new ToolError('no repositories configured');
    for (const name of args) {
      if (!repositories.some(repository => repository.name === name))
        throw new ToolError(`no repo named "${name}" found`);
      repositories = repositories.filter(repository => repository.name !== name);
      await writeRepositories(paths, repositories);
      await forget(paths, name);
      io.out(`"${name}" has been removed from your repositories\n`);
    }
  },
};

export const repo: Command = {
  name: 'repo',
  short: 'add, list, remove, update, and index chart repositories',
  usage: 'helm repo [command]',
  flags: [],
  subcommands: [add, list, remove, update],
};

function shorten(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 3)}...`;
}

const searchRepo: Command = {
  name: 'repo',
  short: 'search repositories for a keyword in charts',
  usage: 'helm search repo [keyword] [flags]',
  flags: [
    outputFlag,
    {
      name: 'versions',
      short: 'l',
      type: 'bool',
      usage: 'show the long listing, with each version of each chart on its own line',
    },
    {
      name: 'version',
      type: 'string',
      usage: 'search using semantic versioning constraints on repositories you have added',
    },
    {
      name: 'devel',
      type: 'bool',
      usage: 'use development versions (alpha, beta, and release candidate releases), too',
    },
    {name: 'max-col-width', type: 'int', default: '50', usage: 'maximum column width for output table'},
  ],
  async run({io, paths, flags, args}) {
    const repositories = await readRepositories(paths);
    if (repositories.length === 0) throw new ToolError('no repositories configured');
    const word = args.join(' ').toLowerCase();
    const range = flags.string('version') || (flags.bool('devel') ? '>0.0.0-0' : '>0.0.0');
    const found: {name: string; version: string; app_version: string; description: string}[] = [];
    for (const repository of repositories) {
      const entries = await readIndex(paths, repository.name);
      for (const [chart, versions] of Object.entries(entries)) {
        const name = `${repository.name}/${chart}`;
        const fitting = versions.filter(
          entry => parseVersion(entry.version) && semverMatches(range, entry.version),
        );
        for (const entry of flags.bool('versions') ? fitting : fitting.slice(0, 1)) {
          const text = `${name} ${entry.description ?? ''}`.toLowerCase();
          if (text.includes(word))
            found.push({
              name,
              version: entry.version,
              app_version: entry.appVersion ?? '',
              description: entry.description ?? '',
            });
        }
      }
    }
    found.sort((left, right) => (left.name < right.name ? -1 : left.name > right.name ? 1 : 0));
    const limit = flags.int('max-col-width');
    printAs(io, flags.string('output'), found, () =>
      found.length === 0
        ? 'No results found\n'
        : helmTable([
            ['NAME', 'CHART VERSION', 'APP VERSION', 'DESCRIPTION'],
            ...found.map(entry => [
              entry.name,
              entry.version,
              entry.app_version,
              shorten(entry.description, limit),
            ]),
          ]),
    );
  },
};

export const search: Command = {
  name: 'search',
  short: 'search for a keyword in charts',
  usage: 'helm search [command]',
  flags: [],
  subcommands: [searchRepo],
};
