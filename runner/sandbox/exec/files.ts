import type {Container, Pod} from '../objects.ts';

export type FileEntry = {type: 'file'; read: () => string} | {type: 'directory'; names: () => string[]};

/** The files a container sees. Nothing of this machine's file system is behind it. */
export interface FileView {
  /** Looks a path up; `cwd` is where a relative one starts. */
  find(path: string, cwd?: string): FileEntry | undefined;
}

export interface FileViewOptions {
  pod: Pod;
  container: Container;
  programs: readonly string[];
  /** The cluster DNS address, for /etc/resolv.conf. */
  dnsIP: string;
  /** The files of a mounted volume (ConfigMap, Secret, service account), by name; nothing when unknown. */
  volumeFiles: (volumeName: string) => Readonly<Record<string, string>> | undefined;
  /** What is where no volume of the manifest is mounted: the service account's token. By absolute path. */
  otherFiles?: () => Readonly<Record<string, string>>;
}

/** Makes an absolute path without `.` and `..`. */
export function resolvePath(path: string, cwd = '/'): string {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${cwd}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** A small, read-only view of a container's file system: what Kubernetes puts there, and its mounted volumes. */
export function createFileView(options: FileViewOptions): FileView {
  const files = new Map<string, () => string>(Object.entries(systemFiles(options)));
  for (const [path, text] of Object.entries(options.otherFiles?.() ?? {})) files.set(path, () => text);
  const directories = new Set([
    '/',
    '/tmp',
    '/dev',
    '/etc',
    '/proc',
    '/bin',
    '/usr/bin',
    '/var/run',
    '/home',
    '/root',
    '/sys',
    '/opt',
  ]);
  for (const mount of (options.container.volumeMounts ?? []) as {
    name: string;
    mountPath: string;
    subPath?: string;
  }[]) {
    const content = options.volumeFiles(mount.name);
    if (mount.subPath) {
      const text = content?.[mount.subPath];
      if (text !== undefined) files.set(resolvePath(mount.mountPath), () => text);
      continue;
    }
    directories.add(resolvePath(mount.mountPath));
    for (const name of Object.keys(content ?? {})) {
      files.set(resolvePath(name, mount.mountPath), () => options.volumeFiles(mount.name)?.[name] ?? '');
    }
  }
  for (const path of [...files.keys(), ...directories]) {
    for (let parent = parentOf(path); parent !== '/'; parent = parentOf(parent)) directories.add(parent);
  }
  return {
    find(path, cwd) {
      const absolute = resolvePath(path, cwd)
        .replace(/^\/proc\/self\//, '/proc/1/')
        .replace(/^\/run\//, '/var/run/');
      const read = files.get(absolute);
      if (read) return {type: 'file', read};
      if (!directories.has(absolute)) return undefined;
      const prefix = absolute === '/' ? '/' : `${absolute}/`;
      return {
        type: 'directory',
        names() {
          const inside = [...files.keys(), ...directories].filter(
            one => one.startsWith(prefix) && one !== absolute,
          );
          return [...new Set(inside.map(one => one.slice(prefix.length).split('/')[0] as string))]
            .filter(Boolean)
            .sort();
        },
      };
    },
  };
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

function systemFiles({pod, container, programs, dnsIP}: FileViewOptions): Record<string, () => string> {
  const hostname = hostnameOf(pod);
  const namespace = pod.metadata.namespace ?? 'default';
  const command = [...(container.command ?? []), ...(container.args ?? [])];
  const binaries = [
    ...new Set([...programs, 'sh', 'ls', 'cat', 'env', 'echo', 'grep', 'head', 'tail', 'sleep', 'date']),
  ];
  return {
    '/etc/hostname': () => `${hostname}\n`,
    '/etc/hosts': () =>
      [
        '# Kubernetes-managed hosts file.',
        '127.0.0.1\tlocalhost',
        '::1\tlocalhost ip6-localhost ip6-loopback',
        'fe00::0\tip6-localnet',
        'fe00::0\tip6-mcastprefix',
        'fe00::1\tip6-allnodes',
        'fe00::2\tip6-allrouters',
        `${pod.status?.podIP ?? ''}\t${hostname}`,
        '',
      ].join('\n'),
    '/etc/resolv.conf': () =>
      [
        `search ${namespace}.svc.cluster.local svc.cluster.local cluster.local`,
        `nameserver ${dnsIP}`,
        'options ndots:5',
        '',
      ].join('\n'),
    '/etc/passwd': () => 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/sbin/nologin\n',
    '/proc/1/cmdline': () =>
      (command.length === 0 ? [container.name] : command).map(word => `${word}\0`).join(''),
    '/proc/1/comm': () => `${(command[0] ?? container.name).split('/').pop()}\n`,
    '/dev/null': () => '',
    ...Object.fromEntries(binaries.map(name => [`${name === 'sh' ? '/bin' : '/usr/bin'}/${name}`, () => ''])),
  };
}

/** A pod's hostname: `spec.hostname`, else its name, at most 63 characters as Linux allows. */
export function hostnameOf(pod: Pod): string {
  return String(pod.spec['hostname'] ?? pod.metadata.name).slice(0, 63);
}
