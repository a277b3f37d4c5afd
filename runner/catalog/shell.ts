/** What lint must know of a command; a reading of the words, not a shell. */
export interface ShellReading {
  /** The programs with their arguments, pipes and lists taken apart. */
  calls: readonly (readonly string[])[];
  /** Files that are named to kubectl, helm or kind. */
  files: readonly string[];
}

const fileOptions = ['-f', '--filename', '--values', '--config', '-k', '--kustomize'];

/** Splits a script into calls, honouring quotes and comments. */
export function readShell(script: string): ShellReading {
  const calls = splitCalls(script).filter(call => call.length > 0);
  return {calls, files: calls.flatMap(filesOf)};
}

function splitCalls(script: string): string[][] {
  const calls: string[][] = [[]];
  const token = /#[^\n]*|\\\n|(?:'[^']*'|"(?:\\.|[^"\\])*"|\\.|[^\s;&|()'"\\])+|[;&|()\n]/g;
  let atWordStart = true;
  for (const match of script.matchAll(token)) {
    const text = match[0];
    const before = script[match.index - 1];
    atWordStart = before === undefined || /[\s;&|()]/.test(before);
    if (text === '\\\n' || (text.startsWith('#') && atWordStart)) continue;
    if (/^[;&|()\n]$/.test(text)) calls.push([]);
    else calls.at(-1)?.push(unquote(text));
  }
  return calls.map(words => words.slice(words.findIndex(word => !/^[A-Za-z_]\w*=/.test(word))));
}

function unquote(word: string): string {
  return word.replace(
    /'([^']*)'|"((?:\\.|[^"\\])*)"|\\(.)/g,
    (_, single, double, escaped) => single ?? double ?? escaped,
  );
}

function filesOf(call: readonly string[]): readonly string[] {
  if (!['kubectl', 'helm', 'kind', 'istioctl'].includes(call[0] ?? '')) return [];
  // `kubectl logs -f` follows, it names no file.
  if (call[0] === 'kubectl' && call.includes('logs')) return [];
  return call
    .flatMap((word, index) => {
      const equals = word.indexOf('=');
      if (equals > 0 && fileOptions.includes(word.slice(0, equals))) return word.slice(equals + 1).split(',');
      if (fileOptions.includes(word)) return call[index + 1]?.split(',') ?? [];
      return [];
    })
    .filter(file => file !== '-');
}

/** kubectl's verbs that may be done twice: they ask, or they say how something shall be. */
const repeatable = [
  'apply',
  'cluster-info',
  'describe',
  'diff',
  'events',
  'explain',
  'get',
  'logs',
  'rollout',
  'wait',
];

/** Whether a command can be run a second time with the same outcome. */
export function isRepeatable(script: string): boolean {
  return readShell(script).calls.every(([program = '', ...args]) => {
    const verb = args.find(word => /^[a-z]/.test(word)) ?? '';
    if (program === 'kubectl') return repeatable.includes(verb) || args.includes('--overwrite');
    if (program === 'helm') return verb === 'upgrade' && args.includes('--install');
    return ['awk', 'cat', 'curl', 'diff', 'echo', 'grep', 'head', 'ls', 'sed', 'sort', 'tail'].includes(
      program,
    );
  });
}

const interactive = [
  'vi',
  'vim',
  'nvim',
  'nano',
  'emacs',
  'less',
  'more',
  'top',
  'htop',
  'watch',
  'ssh',
  'man',
  'k9s',
  'read',
  'su',
  'passwd',
];
const stateful = ['cd', 'pushd', 'popd', 'export', 'source', '.', 'alias', 'unset', 'umask'];

/** Why a call can't be part of a lab, with the fix; undefined when it can. */
export function refusal(
  call: readonly string[],
  {background}: {background: boolean},
): {message: string; fix: string} | undefined {
  const [program = '', ...args] = call;
  if (stateful.includes(program)) {
    return {
      message: `"${program}" has no effect: nothing carries over to the next command`,
      fix:
        program === 'cd'
          ? 'name files relative to the work folder'
          : 'put the value into the command that needs it',
    };
  }
  const shell = 'tell the learner to do it in "istio-workshop shell"';
  if (interactive.includes(program)) return {message: `"${program}" waits for a terminal`, fix: shell};
  if (program !== 'kubectl') return undefined;
  const verb = args.find(word => /^[a-z]/.test(word)) ?? '';
  const has = (...options: string[]) => args.some(word => options.includes(word));
  if (verb === 'edit')
    return {message: '"kubectl edit" opens an editor', fix: 'use kubectl apply or kubectl patch'};
  if (
    (verb === 'exec' || verb === 'run' || verb === 'attach') &&
    has('-it', '-ti', '-t', '--tty', '-i', '--stdin')
  ) {
    return {
      message: `"kubectl ${verb}" with a terminal waits for input`,
      fix: `leave out -i and -t, or ${shell}`,
    };
  }
  const endless =
    verb === 'port-forward' ||
    verb === 'proxy' ||
    (verb === 'get' && has('-w', '--watch', '--watch=true')) ||
    (verb === 'logs' && has('-f', '--follow', '--follow=true'));
  if (endless && !background) {
    return {
      message: `"kubectl ${verb}" never ends by itself`,
      fix:
        verb === 'port-forward' ? 'write ```sh background' : 'leave out the option that follows or watches',
    };
  }
  return undefined;
}
