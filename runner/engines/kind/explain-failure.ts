import {type Remedy, WorkshopError} from '../../errors.ts';

interface Known {
  pattern: RegExp;
  code: string;
  message: string;
  remedies: readonly Remedy[];
}

/** What kind and Docker print when a creation fails, and what it means; the first that fits is told. */
const known: readonly Known[] = [
  {
    pattern: /no space left on device/i,
    code: 'disk-full',
    message: 'The disk that Docker uses is full, so the node could not be made.',
    remedies: ['See what takes the space: docker system df', 'Free what nobody uses: docker system prune'],
  },
  {
    pattern: /toomanyrequests|rate limit/i,
    code: 'pull-limit',
    message: 'The registry refuses to give the node image: too many downloads from your address.',
    remedies: [
      'Sign in, which raises the limit: docker login',
      'Use a mirror: --node-image MIRROR/kindest/node:TAG@DIGEST',
    ],
  },
  {
    pattern: /failed to pull image/i,
    code: 'node-image-not-pulled',
    message: 'Docker could not download the node image that kind makes the cluster from.',
    remedies: [
      'Behind a proxy: Docker has its own proxy settings, https://docs.docker.com/engine/daemon/proxy/',
      'With a mirror: --node-image MIRROR/kindest/node:TAG@DIGEST',
      'Without the internet: docker load -i node.tar, then --node-image with the name that it printed',
      'Or learn on the built-in sandbox, which downloads nothing: --workshop sandbox --engine sandbox',
    ],
  },
  {
    pattern: /already exist for a cluster with the name|container name "[^"]+" is already in use/i,
    code: 'name-taken',
    message: 'Somebody else made a cluster of the same name in this moment.',
    remedies: [{say: 'Try again, which takes another name', command: 'cluster up'}],
  },
  {
    pattern: /requires cgroup v2|Delegate=yes/,
    code: 'docker-rootless',
    message: 'Docker runs without root here, and lacks what kind needs of it then.',
    remedies: ['See what to set: https://kind.sigs.k8s.io/docs/user/rootless/'],
  },
  {
    pattern: /too many open files/i,
    code: 'inotify-limits',
    message: 'The limits of this machine for watched files are too low for a node.',
    remedies: [
      'Raise them: sudo sysctl fs.inotify.max_user_watches=524288 fs.inotify.max_user_instances=512',
    ],
  },
  {
    pattern: /port is already allocated|address already in use/i,
    code: 'port-taken',
    message: 'A port that the node needs on this machine is taken.',
    remedies: ['Try again: kind chooses other ports each time'],
  },
  {
    pattern: /OCI runtime create failed|operation not permitted/i,
    code: 'docker-too-limited',
    message: 'Docker may not run the privileged container that a node of kind is.',
    remedies: [
      'Inside a container or a restricted machine, use another host for Docker: DOCKER_HOST=…',
      'Or learn on the built-in sandbox, which needs no container: --workshop sandbox --engine sandbox',
    ],
  },
  {
    pattern: /could not find a log line that matches|cgroup/i,
    code: 'node-did-not-start',
    message: 'The container of the node started, but no system came up in it.',
    remedies: [
      'Look at its known causes (cgroups, inotify limits): https://kind.sigs.k8s.io/docs/user/known-issues/',
      'Raise the limits: sudo sysctl fs.inotify.max_user_watches=524288 fs.inotify.max_user_instances=512',
    ],
  },
];

const other: Omit<Known, 'pattern'> = {
  code: 'kind-failed',
  message: 'kind could not create the cluster.',
  remedies: [{say: 'See what is missing here', command: 'doctor --engine kind'}],
};

const controlPlane: Omit<Known, 'pattern'> = {
  code: 'control-plane-not-ready',
  message: "The node runs, but Kubernetes' control plane did not come up in it.",
  remedies: [
    {
      say: 'Give Docker at least 2 CPUs and 6 GB of memory, and see what it has',
      command: 'doctor --engine kind',
    },
    {say: 'Try again', command: 'cluster up'},
  ],
};

/** @param output everything that kind printed. @param log the file that keeps it. */
export function explainFailedCreation(output: string, log?: string): WorkshopError {
  const {code, message, remedies} = meaningOf(output);
  return new WorkshopError({
    code,
    message,
    detail: reasonIn(output),
    remedies: log ? [...remedies, `Read all that kind printed: ${log}`] : remedies,
  });
}

function meaningOf(output: string): Omit<Known, 'pattern'> {
  const reasons = reasonsIn(output);
  // kubeadm tells all it tried, with words of every other trouble among them; only a full disk is told apart.
  const [full, ...others] = known;
  if (full?.pattern.test(reasons)) return full;
  if (/failed to (init|join) node with kubeadm/.test(reasons)) return controlPlane;
  return others.find(({pattern}) => pattern.test(reasons)) ?? other;
}

/** Without what was run, whose options say nothing, and without kind's warning of cgroup v1, which comes always. */
function reasonsIn(output: string): string {
  return output
    .split('\n')
    .filter(line => !/deprecated/.test(line))
    .join('\n')
    .replaceAll(/command "docker [^\n]{0,10000}" failed/g, 'failed');
}

/** kind's own sentence, and what the command said that it ran. */
function reasonIn(output: string): string {
  const error = /^ERROR: (.*)$/m.exec(output)?.[1]?.replace(/: command "docker [\s\S]*$/, '');
  const command = /^Command Output: ([\s\S]*)/m.exec(output)?.[1];
  const said =
    command && (/with kubeadm/.test(error ?? '') ? kubeadmReason(command) : firstLines(command, 2));
  const parts = [error, said].filter(Boolean);
  return parts.length > 0 ? parts.join(': ') : output.trim().split('\n').slice(-3).join('\n');
}

function firstLines(text: string, count: number): string {
  const [lines = ''] = text.split('\n\n');
  return lines.trim().split('\n').slice(0, count).join('\n');
}

/** What kubeadm says between its log and its stack trace, and the phase in which it happened. */
function kubeadmReason(output: string): string {
  const lines = output.split('\n');
  const afterLog = lines.slice(lines.findLastIndex(line => /^([IWEF]\d{4} |\[)/.test(line)) + 1);
  const trace = afterLog.findIndex(line =>
    /^\s|^[\w.-]+\/|^[\w.]+\.\(?[\w*]+\)?[\w.]*$/.test(line.slice(0, 500)),
  );
  const reason = afterLog.slice(0, trace === -1 ? 3 : trace).filter(Boolean);
  const phase = /^error execution phase [\w-]+/m.exec(output)?.[0];
  return [...reason, phase].filter(Boolean).join('; ');
}
