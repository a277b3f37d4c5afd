import {ageOf} from '../../age.ts';
import {printJson} from '../../json-print.ts';
import {findResource, groupVersionOf, pathOf, qualified} from '../shared/discovery.ts';
import {ToolError} from '../shared/io.ts';
import {printYaml} from '../shared/yaml-print.ts';
import type {Command} from './command.ts';
import {outputFlag} from './output.ts';
import {TableWriter} from './table.ts';

export const clusterInfo: Command = {
  name: 'cluster-info',
  short: 'Display addresses of the control plane and services with label kubernetes.io/cluster-service=true.',
  usage: 'kubectl cluster-info [flags] [options]',
  flags: [],
  async run({io, session}) {
    const client = await session.client();
    const list = await client.json({
      path: '/api/v1/namespaces/kube-system/services',
      query: {labelSelector: 'kubernetes.io/cluster-service=true'},
    });
    const bold = (code: number, text: string) => (io.terminal ? `\x1b[0;${code}m${text}\x1b[0m` : text);
    io.out(`${bold(32, 'Kubernetes control plane')} is running at ${bold(33, client.connection.server)}\n`);
    for (const {metadata, spec} of list.items) {
      const name = metadata.labels?.['kubernetes.io/name'] ?? metadata.name;
      const port = spec.ports?.[0]?.name ? `:${spec.ports[0].name}` : '';
      const link = `${client.connection.server}/api/v1/namespaces/${metadata.namespace}/services/${metadata.name}${port}/proxy`;
      io.out(`${bold(32, name)} is running at ${bold(33, link)}\n`);
    }
    io.out("\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.\n");
  },
};

export const apiResources: Command = {
  name: 'api-resources',
  short: 'Print the supported API resources on the server.',
  usage: 'kubectl api-resources [flags] [options]',
  flags: [
    outputFlag,
    {name: 'api-group', type: 'string', usage: 'Limit to resources in the specified API group.'},
    {name: 'namespaced', type: 'bool', usage: 'If false, non-namespaced resources will be returned.'},
    {
      name: 'no-headers',
      type: 'bool',
      usage: "When using the default or custom-column output format, don't print headers",
    },
    {name: 'verbs', type: 'list', usage: 'Limit to resources that support the specified verbs.'},
    {name: 'categories', type: 'list', usage: 'Limit to resources that belong to the specified categories.'},
    {
      name: 'sort-by',
      type: 'string',
      usage: 'If non-empty, sort list of resources using specified field. One of (name, kind).',
    },
    {name: 'cached', type: 'bool', usage: 'Accepted and ignored'},
  ],
  async run({io, session, flags}) {
    const {resources} = await session.discovery();
    const preferred = new Map<string, string>();
    for (const {group, version} of resources) if (!preferred.has(group)) preferred.set(group, version);
    const seen = new Set<string>();
    const verbs = flags.list('verbs').flatMap(list => list.split(','));
    const categories = flags.list('categories').flatMap(list => list.split(','));
    const chosen = resources.filter(type => {
      const key = qualified(type);
      if (seen.has(key)) return false;
      if (flags.has('api-group') && type.group !== flags.string('api-group')) return false;
      if (flags.has('namespaced') && type.namespaced !== flags.bool('namespaced')) return false;
      if (
        !verbs.every(verb => type.verbs.includes(verb)) ||
        !categories.every(category => type.categories.includes(category))
      )
        return false;
      seen.add(key);
      return true;
    });
    const by = flags.string('sort-by');
    chosen.sort((left, right) => {
      if (by === 'name') return left.resource < right.resource ? -1 : 1;
      if (by === 'kind') return left.kind < right.kind ? -1 : 1;
      if (left.group !== right.group) return left.group < right.group ? -1 : 1;
      return left.resource < right.resource ? -1 : 1;
    });
    const output = flags.string('output');
    if (output === 'name') {
      io.out(chosen.map(type => `${qualified(type)}\n`).join(''));
      return;
    }
    if (output !== '' && output !== 'wide') throw new ToolError(`error: --output ${output} is not available`);
    const wide = output === 'wide';
    const rows = chosen.map(type => [
      type.resource,
      type.shortNames.join(','),
      groupVersionOf(type),
      String(type.namespaced),
      type.kind,
      ...(wide ? [type.verbs.join(','), type.categories.join(',')] : []),
    ]);
    const header = [
      'NAME',
      'SHORTNAMES',
      'APIVERSION',
      'NAMESPACED',
      'KIND',
      ...(wide ? ['VERBS', 'CATEGORIES'] : []),
    ];
    io.out(new TableWriter().write(flags.bool('no-headers') ? rows : [header, ...rows]));
  },
};

export const apiVersions: Command = {
  name: 'api-versions',
  short: 'Print the supported API versions on the server, in the form of "group/version".',
  usage: 'kubectl api-versions [options]',
  flags: [],
  async run({io, session}) {
    const {groupVersions} = await session.discovery();
    io.out(
      [...groupVersions]
        .sort()
        .map(version => `${version}\n`)
        .join(''),
    );
  },
};

const canI: Command = {
  name: 'can-i',
  short: 'Check whether an action is allowed',
  usage: 'kubectl auth can-i VERB [TYPE | TYPE/NAME | NONRESOURCEURL] [options]',
  flags: [
    {
      name: 'all-namespaces',
      short: 'A',
      type: 'bool',
      usage: 'If true, check the specified action in all namespaces.',
    },
    {
      name: 'quiet',
      short: 'q',
      type: 'bool',
      usage: 'If true, suppress output and just return the exit code.',
    },
    {name: 'list', type: 'bool', usage: 'Not supported by the built-in kubectl.'},
    {name: 'subresource', type: 'string', usage: 'SubResource such as pod/log or deployment/scale'},
  ],
  async run({io, session, flags, args}) {
    const [verb, what] = args;
    if (flags.bool('list'))
      throw new ToolError("error: --list is beyond istio-workshop's small built-in kubectl");
    if (args.length < 2 || verb === undefined || what === undefined)
      throw new ToolError(
        "error: you must specify two arguments: verb resource or verb resource/resourceName.\nSee 'kubectl auth can-i -h' for help and examples.",
      );
    const client = await session.client();
    const spec: any = {};
    if (what.startsWith('/')) spec.nonResourceAttributes = {verb, path: what};
    else {
      const [word = '', name] = what.split('/');
      const type = word === '*' ? undefined : findResource(await session.discovery(), word);
      if (!type && word !== '*') io.err(`Warning: the server doesn't have a resource type '${word}'\n\n`);
      if (type && !type.namespaced)
        io.err(
          `Warning: resource '${type.resource}' is not namespace scoped${type.group ? ` in group '${type.group}'` : ''}\n\n`,
        );
      spec.resourceAttributes = {
        verb,
        group: word === '*' ? '*' : (type?.group ?? ''),
        resource: type?.resource ?? word,
        ...(name ? {name} : {}),
        ...(flags.has('subresource') ? {subresource: flags.string('subresource')} : {}),
        ...(flags.bool('all-namespaces') ? {} : {namespace: await session.namespace()}),
      };
    }
    const answer = await client.json({
      method: 'POST',
      path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      body: {apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec},
    });
    const {allowed, reason, evaluationError} = answer.status;
    if (!flags.bool('quiet'))
      io.out(
        allowed
          ? 'yes\n'
          : `no${reason ? ` - ${reason}` : ''}${evaluationError ? ` - ${evaluationError}` : ''}\n`,
      );
    return allowed ? 0 : 1;
  },
};

const whoAmI: Command = {
  name: 'whoami',
  short: 'Experimental: Check self subject attributes',
  usage: 'kubectl auth whoami [options]',
  flags: [outputFlag],
  async run({io, session, flags}) {
    const client = await session.client();
    const answer = await client.json({
      method: 'POST',
      path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
      body: {apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview'},
    });
    if (flags.string('output') === 'json') io.out(printJson(answer));
    else if (flags.string('output') === 'yaml') io.out(printYaml(answer));
    else {
      const {username, groups = [], uid, extra = {}} = answer.status.userInfo;
      const rows = [
        ['ATTRIBUTE', 'VALUE'],
        ['Username', username],
        ...(uid ? [['UID', uid]] : []),
        ...(groups.length > 0 ? [['Groups', `[${groups.join(' ')}]`]] : []),
      ];
      for (const [key, values] of Object.entries(extra))
        rows.push([`Extra: ${key}`, `[${(values as string[]).join(' ')}]`]);
      io.out(new TableWriter().write(rows));
    }
  },
};

export const auth: Command = {
  name: 'auth',
  short: 'Inspect authorization.',
  usage: 'kubectl auth [flags] [options]',
  flags: [],
  subcommands: [canI, whoAmI],
};

export const top: Command = {
  name: 'top',
  short: 'Display resource (CPU/memory) usage.',
  usage: 'kubectl top [flags] [options]',
  flags: [],
  subcommands: ['node', 'pod'].map(name => ({
    name,
    aliases: [`${name}s`, name === 'node' ? 'no' : 'po'],
    short: `Display resource (CPU/memory) usage of ${name}s`,
    usage: `kubectl top ${name} [NAME | -l label] [options]`,
    flags: [
      {name: 'selector', short: 'l', type: 'string', usage: 'Selector (label query) to filter on'},
      {
        name: 'all-namespaces',
        short: 'A',
        type: 'bool',
        usage: 'If present, list the requested object(s) across all namespaces.',
      },
      {name: 'containers', type: 'bool', usage: 'If present, print usage of containers within a pod.'},
    ],
    async run({session}) {
      const {groupVersions} = await session.discovery();
      if (!groupVersions.some(version => version.startsWith('metrics.k8s.io/')))
        throw new ToolError('error: Metrics API not available');
      throw new ToolError(
        "error: top is beyond istio-workshop's small built-in kubectl: use the real one (https://kubernetes.io/docs/tasks/tools/)",
      );
    },
  })),
};

const eventType = {group: '', version: 'v1', resource: 'events', namespaced: true} as const;

function eventRow(event: any, now: number, namespaces: boolean): string[] {
  const {involvedObject, metadata} = event;
  const last =
    event.series?.lastObservedTime ?? event.lastTimestamp ?? event.eventTime ?? metadata.creationTimestamp;
  const first = event.firstTimestamp ?? event.eventTime;
  const count = event.series?.count ?? event.count ?? 1;
  const seen = count > 1 ? `${ageOf(last, now)} (x${count} over ${ageOf(first, now)})` : ageOf(last, now);
  return [
    ...(namespaces ? [metadata.namespace] : []),
    seen,
    event.type,
    event.reason,
    `${involvedObject.kind}/${involvedObject.name}`,
    (event.message ?? '').trim(),
  ];
}

function timeOf(event: any): number {
  return Date.parse(
    event.series?.lastObservedTime ??
      event.lastTimestamp ??
      event.eventTime ??
      event.metadata.creationTimestamp,
  );
}

export const events: Command = {
  name: 'events',
  short: 'Display events.',
  usage:
    'kubectl events [(-o|--output=)json|yaml|name] [--for TYPE/NAME] [--watch] [--types=Normal,Warning] [options]',
  flags: [
    outputFlag,
    {
      name: 'all-namespaces',
      short: 'A',
      type: 'bool',
      usage: 'If present, list the requested object(s) across all namespaces.',
    },
    {name: 'for', type: 'string', usage: 'Filter events to only those pertaining to the specified resource.'},
    {
      name: 'watch',
      short: 'w',
      type: 'bool',
      usage: 'After listing the requested events, watch for more events.',
    },
    {name: 'types', type: 'list', usage: 'Output only events of given types.'},
    {name: 'no-headers', type: 'bool', usage: "don't print headers"},
  ],
  async run({io, session, flags}) {
    const client = await session.client();
    const everywhere = flags.bool('all-namespaces');
    const namespace = everywhere ? undefined : await session.namespace();
    let fieldSelector: string | undefined;
    if (flags.has('for')) {
      const [word = '', name = ''] = flags.string('for').split('/');
      const type = findResource(await session.discovery(), word);
      if (!type || name === '') throw new ToolError(`error: --for must be in resource/name form`);
      fieldSelector = `involvedObject.kind=${type.kind},involvedObject.name=${name}`;
    }
    const types = flags
      .list('types')
      .flatMap(list => list.split(','))
      .map(type => type.toLowerCase());
    const wanted = (event: any) => types.length === 0 || types.includes(event.type.toLowerCase());
    const list = await client.json({
      path: pathOf(eventType, {namespace}),
      query: {fieldSelector, limit: 500},
    });
    const items = list.items.filter(wanted).sort((left: any, right: any) => timeOf(left) - timeOf(right));
    const output = flags.string('output');
    if (output === 'json' || output === 'yaml') {
      const whole = {
        apiVersion: 'v1',
        items: items.map((item: any) => ({apiVersion: 'v1', kind: 'Event', ...item})),
        kind: 'EventList',
        metadata: {resourceVersion: list.metadata.resourceVersion},
      };
      io.out(output === 'json' ? printJson(whole) : printYaml(whole));
      return;
    }
    if (items.length === 0 && !flags.bool('watch')) {
      io.err(everywhere ? 'No events found.\n' : `No events found in ${namespace} namespace.\n`);
      return;
    }
    const writer = new TableWriter();
    const header = [...(everywhere ? ['NAMESPACE'] : []), 'LAST SEEN', 'TYPE', 'REASON', 'OBJECT', 'MESSAGE'];
    const now = io.now();
    const rows = items.map((event: any) => eventRow(event, now, everywhere));
    io.out(writer.write(flags.bool('no-headers') ? rows : [header, ...rows]));
    if (!flags.bool('watch')) return;
    const query = {fieldSelector, resourceVersion: list.metadata.resourceVersion, watch: true};
    for await (const event of client.watch({
      path: pathOf(eventType, {namespace}),
      query,
      signal: io.signal,
    })) {
      if (['ADDED', 'MODIFIED'].includes(event.type) && wanted(event.object))
        io.out(writer.write([eventRow(event.object, io.now(), everywhere)]));
    }
  },
};
