/** Where the names that a command can hold come from. */
export interface CompletionSources {
  /** Names of the objects of a resource, in a namespace or in all. */
  names(resource: string, namespace: string | undefined): Promise<readonly string[]>;
  /** Files below the work folder. */
  files(): Promise<readonly string[]>;
}

export interface Completion {
  text: string;
  cursor: number;
  /** What it could still become, when that is more than one thing. */
  candidates: readonly string[];
}

const programs = ['kubectl', 'helm', 'istio-workshop', 'curl', 'cat', 'ls', 'diff', 'grep'];

const verbs: Readonly<Record<string, readonly string[]>> = {
  kubectl: [
    'annotate',
    'api-resources',
    'apply',
    'auth',
    'cluster-info',
    'config',
    'create',
    'delete',
    'describe',
    'diff',
    'edit',
    'events',
    'exec',
    'explain',
    'expose',
    'get',
    'label',
    'logs',
    'patch',
    'port-forward',
    'replace',
    'rollout',
    'run',
    'scale',
    'set',
    'top',
    'version',
    'wait',
  ],
  helm: [
    'get',
    'history',
    'install',
    'list',
    'repo',
    'rollback',
    'search',
    'show',
    'status',
    'template',
    'uninstall',
    'upgrade',
  ],
  'istio-workshop': ['check', 'list', 'reset', 'sandbox', 'shell', 'why'],
};

const rolloutVerbs = ['history', 'restart', 'status', 'undo'];

const resources = [
  'authorizationpolicies',
  'configmaps',
  'customresourcedefinitions',
  'daemonsets',
  'deployments',
  'destinationrules',
  'endpoints',
  'endpointslices',
  'envoyfilters',
  'events',
  'gateways',
  'jobs',
  'namespaces',
  'nodes',
  'peerauthentications',
  'pods',
  'replicasets',
  'requestauthentications',
  'secrets',
  'serviceaccounts',
  'serviceentries',
  'services',
  'sidecars',
  'statefulsets',
  'telemetries',
  'virtualservices',
];

/** Verbs whose next word is a resource; the others are followed by a pod or by `TYPE/NAME`. */
const takesResource = new Set([
  'annotate',
  'delete',
  'describe',
  'edit',
  'explain',
  'expose',
  'get',
  'label',
  'patch',
  'scale',
  'wait',
]);
const takesPod = new Set(['logs', 'exec', 'port-forward']);

const flags = [
  '--all',
  '--all-namespaces',
  '--filename',
  '--help',
  '--namespace',
  '--output',
  '--selector',
  '--show-labels',
  '--watch',
];
const outputs = ['json', 'jsonpath=', 'name', 'wide', 'yaml'];

/** Completes the word before the cursor as far as it is certain. */
export async function completeLine(
  line: {text: string; cursor: number},
  sources: CompletionSources,
): Promise<Completion> {
  const before = line.text.slice(0, line.cursor);
  const after = line.text.slice(line.cursor);
  // What stands before a pipe or `&&` is another command.
  const command = before.split(/\|\||&&|[|;]/).at(-1) ?? '';
  const words = command.trimStart().split(/\s+/);
  const word = words.at(-1) ?? '';
  const candidates = (await candidatesFor(words.slice(0, -1), word, sources)).filter(
    candidate => candidate.startsWith(word) && candidate !== word,
  );
  const unique = [...new Set(candidates)].toSorted();
  const [only] = unique;
  const grown = only === undefined ? word : unique.length === 1 ? withSpace(only) : commonStart(unique);
  const start = before.slice(0, before.length - word.length);
  return {
    text: start + grown + after,
    cursor: start.length + grown.length,
    candidates: unique.length > 1 ? unique : [],
  };
}

function withSpace(word: string): string {
  return /[=/]$/.test(word) ? word : `${word} `;
}

function commonStart(words: readonly string[]): string {
  let start = words[0] ?? '';
  for (const word of words) while (!word.startsWith(start)) start = start.slice(0, -1);
  return start;
}

async function candidatesFor(
  words: readonly string[],
  word: string,
  sources: CompletionSources,
): Promise<readonly string[]> {
  const [program] = words;
  if (program === undefined) return programs;
  const [, verb] = positional(words);
  const previous = words.at(-1) ?? '';
  if (/^(-f|--filename|--values)$/.test(previous) || program === 'cat') return sources.files();
  if (/^(-n|--namespace)$/.test(previous)) return sources.names('namespaces', undefined);
  if (verb === undefined && verbs[program] && !word.startsWith('-')) return verbs[program];
  if (program !== 'kubectl') return sources.files();
  if (/^(-o|--output)$/.test(previous)) return outputs;
  if (word.startsWith('-')) return flags;
  return kubectlCandidates(words, word, sources);
}

async function kubectlCandidates(
  words: readonly string[],
  word: string,
  sources: CompletionSources,
): Promise<readonly string[]> {
  const namespace = namespaceIn(words);
  const [, verb = '', ...given] = positional(words);
  const slash = word.indexOf('/');
  if (slash > 0) {
    const type = word.slice(0, slash);
    return (await sources.names(type, namespace)).map(name => `${type}/${name}`);
  }
  if (verb === 'rollout') return given.length === 0 ? rolloutVerbs : typed(namespace, sources);
  if (takesPod.has(verb)) {
    return given.length === 0
      ? [...(await sources.names('pods', namespace)), 'deploy/', ...(verb === 'port-forward' ? ['svc/'] : [])]
      : [];
  }
  if (!takesResource.has(verb)) return [];
  const [resource] = given;
  if (resource === undefined) return resources;
  return resource.includes('/') ? [] : sources.names(resource, namespace);
}

async function typed(namespace: string | undefined, sources: CompletionSources): Promise<readonly string[]> {
  return (await sources.names('deployments', namespace)).map(name => `deployment/${name}`);
}

const flagsWithValue = /^(-n|-f|-o|-l|-c|--namespace|--filename|--output|--selector|--container)$/;

function positional(words: readonly string[]): readonly string[] {
  return words.filter((word, index) => !word.startsWith('-') && !flagsWithValue.test(words[index - 1] ?? ''));
}

function namespaceIn(words: readonly string[]): string {
  const at = words.findIndex(word => /^(-n|--namespace)$/.test(word));
  const joined = words.find(word => /^(--namespace=|-n.)/.test(word));
  if (at >= 0) return words[at + 1] ?? 'default';
  return joined?.replace(/^(--namespace=|-n)/, '') ?? 'default';
}
