import {hostnameOf} from '../files.ts';
import type {Process, Program} from '../process.ts';
import {shortFlags} from './flags.ts';

/** `runAsUser` of the container or the pod; root without one. */
function userId({view}: Process): number {
  const container = view.container['securityContext'] as {runAsUser?: number} | undefined;
  const pod = view.pod.spec['securityContext'] as {runAsUser?: number} | undefined;
  return container?.runAsUser ?? pod?.runAsUser ?? 0;
}

function groupId(process: Process): number {
  const container = process.view.container['securityContext'] as {runAsGroup?: number} | undefined;
  const pod = process.view.pod.spec['securityContext'] as {runAsGroup?: number} | undefined;
  return container?.runAsGroup ?? pod?.runAsGroup ?? userId(process);
}

const id: Program = async process => {
  const [uid, gid] = [userId(process), groupId(process)];
  const name = (number: number) => (number === 0 ? '(root)' : '');
  const [, flag] = process.argv;
  if (flag === '-u') await process.stdout.write(`${uid}\n`);
  else if (flag === '-g') await process.stdout.write(`${gid}\n`);
  else
    await process.stdout.write(`uid=${uid}${name(uid)} gid=${gid}${name(gid)} groups=${gid}${name(gid)}\n`);
  return 0;
};

const whoami: Program = async process => {
  const uid = userId(process);
  if (uid === 0) await process.stdout.write('root\n');
  else await process.stderr.write(`whoami: cannot find name for user ID ${uid}\n`);
  return uid === 0 ? 0 : 1;
};

const hostname: Program = async ({argv, view, stdout}) => {
  const own = hostnameOf(view.pod);
  await stdout.write(`${argv[1] === '-i' || argv[1] === '-I' ? view.pod.status?.podIP : own}\n`);
  return 0;
};

const pwd: Program = async ({cwd, stdout}) => {
  await stdout.write(`${cwd}\n`);
  return 0;
};

const uname: Program = async ({argv, view, stdout}) => {
  const parts: [string, string][] = [
    ['s', 'Linux'],
    ['n', hostnameOf(view.pod)],
    ['r', '6.6.0-istio-workshop'],
    ['v', '#1 SMP (simulated)'],
    ['m', 'x86_64'],
    ['o', 'GNU/Linux'],
  ];
  const {flags} = shortFlags(argv.slice(1), {plain: 'asnrvmo'});
  const wanted = parts.filter(([flag]) =>
    flags.size === 0 ? flag === 's' : flags.has('a') || flags.has(flag),
  );
  await stdout.write(`${wanted.map(([, text]) => text).join(' ')}\n`);
  return 0;
};

const env: Program = async process => {
  const lines = Object.entries(process.env).map(([name, value]) => `${name}=${value}\n`);
  await process.stdout.write(lines.join(''));
  return 0;
};

const printenv: Program = async ({argv, env: variables, stdout}) => {
  const names = argv.slice(1);
  if (names.length === 0) {
    await stdout.write(
      Object.entries(variables)
        .map(([name, value]) => `${name}=${value}\n`)
        .join(''),
    );
    return 0;
  }
  let status = 0;
  for (const name of names) {
    const value = variables[name];
    if (value === undefined) status = 1;
    else await stdout.write(`${value}\n`);
  }
  return status;
};

const ls: Program = async process => {
  const {flags, operands, unknown} = shortFlags(process.argv.slice(1), {plain: 'la1hR'});
  if (unknown || flags.has('R')) {
    await process.stderr.write(`ls: option '${unknown ?? 'R'}' is not supported in the sandbox\n`);
    return 2;
  }
  let status = 0;
  const row = (type: 'file' | 'directory', name: string, size: number) =>
    flags.has('l')
      ? `${type === 'directory' ? 'drwxr-xr-x' : '-rw-r--r--'} 1 root root ${String(size).padStart(6)} Jan  1 00:00 ${name}\n`
      : `${name}\n`;
  const names = operands.length === 0 ? ['.'] : operands;
  for (const name of names) {
    const entry = process.view.files.find(name, process.cwd);
    if (!entry) {
      status = 2;
      await process.stderr.write(`ls: cannot access '${name}': No such file or directory\n`);
    } else if (entry.type === 'file') await process.stdout.write(row('file', name, entry.read().length));
    else {
      if (names.length > 1) await process.stdout.write(`${name}:\n`);
      for (const inside of entry.names()) {
        if (inside.startsWith('.') && !flags.has('a')) continue;
        const child = process.view.files.find(`${name}/${inside}`, process.cwd);
        const size = child?.type === 'file' ? child.read().length : 4096;
        await process.stdout.write(row(child?.type ?? 'file', inside, size));
      }
    }
  }
  return status;
};

const ps: Program = async ({view, argv, stdout}) => {
  const command =
    [...(view.container.command ?? []), ...(view.container.args ?? [])].join(' ') || view.container.name;
  await stdout.write('PID   USER     TIME  COMMAND\n');
  await stdout.write(`    1 root      0:00 ${command}\n`);
  await stdout.write(`   17 root      0:00 ${argv.join(' ')}\n`);
  return 0;
};

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const date: Program = async ({argv, view, stdout}) => {
  const now = new Date(view.clock.now());
  const two = (value: number) => String(value).padStart(2, '0');
  const fields: Record<string, string> = {
    Y: String(now.getUTCFullYear()),
    m: two(now.getUTCMonth() + 1),
    d: two(now.getUTCDate()),
    e: String(now.getUTCDate()).padStart(2),
    H: two(now.getUTCHours()),
    M: two(now.getUTCMinutes()),
    S: two(now.getUTCSeconds()),
    N: `${String(now.getUTCMilliseconds()).padStart(3, '0')}000000`,
    s: String(Math.floor(now.getTime() / 1000)),
    a: days[now.getUTCDay()] as string,
    b: months[now.getUTCMonth()] as string,
    F: now.toISOString().slice(0, 10),
    T: now.toISOString().slice(11, 19),
    Z: 'UTC',
    z: '+0000',
    '%': '%',
  };
  const format = argv.find(word => word.startsWith('+'))?.slice(1) ?? '%a %b %e %H:%M:%S UTC %Y';
  await stdout.write(
    `${format.replace(/%3N/g, fields['N']?.slice(0, 3) ?? '').replace(/%(.)/g, (all, letter: string) => fields[letter] ?? all)}\n`,
  );
  return 0;
};

const which: Program = async ({argv, view, stdout}) => {
  let status = 0;
  for (const name of argv.slice(1)) {
    const path = ['/bin', '/usr/bin'].map(folder => `${folder}/${name}`).find(one => view.files.find(one));
    if (path) await stdout.write(`${path}\n`);
    else status = 1;
  }
  return status;
};

export const systemPrograms: Readonly<Record<string, Program>> = {
  id,
  whoami,
  hostname,
  pwd,
  uname,
  env,
  printenv,
  ls,
  ps,
  date,
  which,
};
