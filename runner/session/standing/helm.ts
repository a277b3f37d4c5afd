import {type Call, namespaceOption} from './call.ts';
import type {Kind, Look, Standing} from './finding.ts';

/** A line of `helm list -o json`. */
interface Release {
  name: string;
  status: string;
  /** `istiod-1.30.3` */
  chart: string;
}

/** What makes a release's name up, or is no option of `helm upgrade`. */
const ofInstallOnly = ['-g', '--generate-name', '--name-template', '--replace'];

/**
 * `helm install` of a name that is in use. https://github.com/helm/helm/blob/release-3.18/pkg/action/install.go
 * refuses it (Helm 4 in a spelling of its own) whatever became of the earlier install; what may be done then follows from the release's status.
 */
export const helmInstall: Kind = {
  program: 'helm',
  verbs: ['install'],
  refusal: /cannot re-?use a name that is still in use/,
  async find({call, look}) {
    const name = call.args[0];
    if (!name || name.startsWith('-') || call.args.some(word => ofInstallOnly.includes(word)))
      return undefined;
    const release = await releaseOf(call, name, look);
    if (!release) return undefined;
    if (release.status !== 'deployed' && release.status !== 'failed')
      return unfinished(call, name, release, look);
    // Said for an upgrade, the same command brings a release to what it would have installed.
    const upgrade = `${call.text.replace(/^helm\s+install\b/, 'helm upgrade')} --install --reset-values`;
    if (release.status === 'failed') {
      return {
        state: 'part',
        said: `The release ${name} is there from an install that failed, so it is upgraded to what this one installs.`,
        mend: [upgrade],
      };
    }
    if (await isAsWanted({call, name, release, upgrade, look})) {
      return {state: 'whole', said: `The release ${name} is deployed already: ${release.chart}.`};
    }
    return {
      state: 'part',
      said: `The release ${name} is deployed with another chart or other values, so it is upgraded to those of this step.`,
      mend: [upgrade],
    };
  },
};

/** `helm upgrade` behind one that was interrupted. */
export const helmBusy: Kind = {
  program: 'helm',
  verbs: ['upgrade'],
  refusal: /another operation \(install\/upgrade\/rollback\) is in progress/,
  async find({call, look}) {
    const name = call.args.find(word => !word.startsWith('-'));
    const release = name === undefined ? undefined : await releaseOf(call, name, look);
    return release && unfinished(call, release.name, release, look);
  },
};

export const helmUninstall: Kind = {
  program: 'helm',
  verbs: ['uninstall', 'delete', 'del', 'un'],
  refusal: /release: not found/,
  find: () => ({state: 'whole', said: 'There is no such release any more.'}),
};

export const helmRepositoryKnown: Kind = {
  program: 'helm',
  verbs: ['repo'],
  refusal: /repository name \([^)]*\) already exists/,
  find: ({call}) => ({
    state: 'part',
    said: 'Helm knows another repository by this name, which is replaced.',
    mend: [`${call.text} --force-update`],
  }),
};

export const helmRepositoryGone: Kind = {
  program: 'helm',
  verbs: ['repo'],
  refusal: /no repo named "[^"]*" found|no repositories configured/,
  find: ({call}) =>
    call.args[0] === 'remove' || call.args[0] === 'rm'
      ? {state: 'whole', said: 'Helm does not know such a repository any more.'}
      : undefined,
};

/** In any state; Helm 4 has no `--all`, which would say the same. */
const anyState = '--deployed --failed --pending --uninstalled --uninstalling';

async function releaseOf(call: Call, name: string, look: Look): Promise<Release | undefined> {
  const found = await look(`helm list ${anyState} --filter "^${name}\\$"${namespaceOption(call)} -o json`);
  if (found.exitCode !== 0) return undefined;
  const releases: readonly Release[] = JSON.parse(found.stdout);
  return releases[0];
}

/** Whether a release has the chart and the values that the command gives it. */
async function isAsWanted(options: {
  call: Call;
  name: string;
  release: Release;
  upgrade: string;
  look: Look;
}): Promise<boolean> {
  const {call, name, release, upgrade, look} = options;
  const planned = await look(`${upgrade} --dry-run=client -o json`);
  const given = await look(`helm get values ${name}${namespaceOption(call)} -o json`);
  if (planned.exitCode !== 0 || given.exitCode !== 0) return false;
  const {chart, config} = JSON.parse(planned.stdout);
  const {isDeepStrictEqual} = await import('node:util');
  const sameChart =
    chart?.metadata === undefined || release.chart === `${chart.metadata.name}-${chart.metadata.version}`;
  return sameChart && isDeepStrictEqual(config ?? {}, JSON.parse(given.stdout) ?? {});
}

/**
 * A release that an interrupted helm left behind. Helm itself has two ways on: back to the revision before, or away
 * with it. One that somebody else's helm is busy with is left to it.
 */
async function unfinished(call: Call, name: string, {status}: Release, look: Look): Promise<Standing> {
  if (await isBusyElsewhere(name, look)) {
    return {state: 'busy', said: `Another helm works on the release ${name} (${status}). Let it end first.`};
  }
  const where = namespaceOption(call);
  if (status === 'pending-upgrade' || status === 'pending-rollback') {
    return {
      state: 'part',
      said: `The release ${name} is half changed (${status}), so it goes back to how it was, and is changed again.`,
      mend: [`helm rollback ${name}${where}${await overOthers(look)}`, call.text],
    };
  }
  return {
    state: 'part',
    said: `The release ${name} is half installed (${status}), so it is uninstalled, and installed again.`,
    mend: [`helm uninstall ${name}${where}`, call.text],
  };
}

/**
 * Helm 4 applies on the server, where an earlier revision is in conflict with what istiod has changed of it since, such
 * as its webhook's failurePolicy. Helm 3 overwrites that, and knows no such option.
 */
async function overOthers(look: Look): Promise<string> {
  const {stdout} = await look("helm version --template '{{.Version}}'");
  return /^v[4-9]/.test(stdout) ? ' --force-conflicts' : '';
}

/** Whether another helm on this machine works on the release. */
async function isBusyElsewhere(name: string, look: Look): Promise<boolean> {
  const {stdout} = await look('ps -Ao args=');
  return stdout.split('\n').some(line => {
    const words = line.trim().split(/\s+/);
    return words.slice(0, 3).some(word => /(^|\/)helm(\.mjs)?$/.test(word)) && words.includes(name);
  });
}
