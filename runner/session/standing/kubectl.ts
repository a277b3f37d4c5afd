import {namespaceOption} from './call.ts';
import type {Kind} from './finding.ts';

/**
 * `kubectl create` and its like: asked without being carried out, the same command says what it would make, and the
 * cluster whether that is there. Reasons are those of
 * https://github.com/kubernetes/apimachinery/blob/master/pkg/apis/meta/v1/types.go
 */
export const kubectlCreate: Kind = {
  program: 'kubectl',
  verbs: ['create', 'run', 'expose', 'autoscale'],
  refusal: /\(AlreadyExists\)|" already exists$/m,
  async find({call, look}) {
    const {parseAllDocuments} = await import('../yaml.ts');
    const planned = await look(`${call.text} --dry-run=client -o yaml`);
    if (planned.exitCode !== 0) return undefined;
    const wanted = itemsOf(parseAllDocuments(planned.stdout).map(document => document.toJSON()));
    const found = await look(
      `${call.text} --dry-run=client -o yaml | kubectl get${namespaceOption(call)} -o yaml -f -`,
    );
    const live = itemsOf(parseAllDocuments(found.stdout).map(document => document.toJSON()));
    const going = live.filter(({metadata}) => metadata.deletionTimestamp);
    if (going.length > 0) {
      return {
        state: 'part',
        said: `${namesOf(going)} is still being deleted, so it is waited for and made again.`,
        mend: [...going.map(waitUntilGone), call.text],
      };
    }
    if (live.length === 0) {
      return {
        state: 'part',
        said: `${namesOf(wanted)} has just gone, so it is made again.`,
        mend: [call.text],
      };
    }
    const missing = wanted.filter(object => !live.some(other => isSame(object, other)));
    const other = wanted.filter(object => live.some(each => isSame(object, each) && !contains(each, object)));
    if (missing.length + other.length === 0) {
      return {state: 'whole', said: `${namesOf(wanted)} is there already, as the command would make it.`};
    }
    const what =
      other.length > 0
        ? `${namesOf(other)} is there with other contents`
        : `${namesOf(missing)} is not there yet, and the rest is`;
    return {
      state: 'part',
      said: `${what}, so it is applied instead of created.`,
      mend: [`${call.text} --dry-run=client -o yaml | kubectl apply${namespaceOption(call)} -f -`],
    };
  },
};

const absence = /\(NotFound\)|no matches for kind|the server doesn't have a resource type/;

/** What a deletion does not find is not there any more; kubectl deletes the rest all the same, and says what it misses. */
export const kubectlDelete: Kind = {
  program: 'kubectl',
  verbs: ['delete'],
  refusal: absence,
  find({stderr}) {
    const problems = stderr.split('\n').filter(line => /^error/i.test(line.trim()));
    const gone = problems.filter(line => absence.test(line));
    if (gone.length < problems.length) return undefined;
    const names = gone.map(
      line => /\(NotFound\): (?:error when deleting "[^"]*": )?(.*) not found/.exec(line)?.[1],
    );
    const named = names.filter(name => name !== undefined);
    const what = named.length > 0 ? named.join(', ') : 'an object of a kind that the cluster does not know';
    return {state: 'whole', said: `There is nothing to delete any more: ${what}.`};
  },
};

/** A label that has another value is given the one of the lab. */
export const kubectlLabel: Kind = {
  program: 'kubectl',
  verbs: ['label', 'annotate', 'taint'],
  refusal: /already has a value|overwrite is false/,
  find: ({call, stderr}) => ({
    state: 'part',
    said: `It has another value (${valueIn(stderr)}), which is replaced.`,
    mend: [`${call.text} --overwrite`],
  }),
};

function valueIn(stderr: string): string {
  return /'[^']+' already has a value \([^)]*\)/.exec(stderr)?.[0] ?? 'set before';
}

interface Item {
  apiVersion: string;
  kind: string;
  metadata: {name: string; namespace?: string; deletionTimestamp?: string};
  items?: readonly Item[];
}

function itemsOf(documents: readonly Item[]): readonly Item[] {
  return documents.flatMap(document => document?.items ?? (document?.kind ? [document] : []));
}

function isSame(wanted: Item, live: Item): boolean {
  return wanted.kind === live.kind && wanted.metadata.name === live.metadata.name;
}

function nameOf({apiVersion, kind, metadata}: Item): string {
  const [group, version] = apiVersion.split('/');
  return `${kind.toLowerCase()}${version ? `.${group}` : ''}/${metadata.name}`;
}

function namesOf(items: readonly Item[]): string {
  return items.map(nameOf).join(', ');
}

function waitUntilGone(item: Item): string {
  const where = item.metadata.namespace ? ` -n ${item.metadata.namespace}` : '';
  return `kubectl wait --for=delete ${nameOf(item)}${where} --timeout=2m`;
}

/**
 * Whether an object has everything that is wanted of it. What the cluster adds does not count, and neither does what a
 * plan leaves open: `creationTimestamp: null`, `status: {}`.
 */
export function contains(live: unknown, wanted: unknown): boolean {
  if (wanted === null || wanted === undefined) return true;
  if (typeof wanted !== 'object') return live === wanted;
  if (Array.isArray(wanted)) {
    return wanted.length === 0
      ? true
      : Array.isArray(live) &&
          live.length === wanted.length &&
          wanted.every((value, index) => contains(live[index], value));
  }
  return Object.entries(wanted).every(([key, value]) =>
    isEmpty(value)
      ? true
      : typeof live === 'object' && live !== null && contains(Reflect.get(live, key), value),
  );
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && (value === null || Object.keys(value).length === 0);
}
