import type {IncomingMessage} from 'node:http';
import {pathOf} from '../shared/discovery.ts';
import {ToolError, type ToolIo} from '../shared/io.ts';
import {type RestClient, StatusError, statusOf, textOf} from '../shared/rest.ts';
import type {Command, Invocation} from './command.ts';
import {throwAll} from './errors.ts';
import {containersOf, defaultContainer, namedObject, podsOf, podType} from './pods.ts';
import {selectorFlag} from './selection.ts';

interface Source {
  pod: any;
  container: string;
}

async function sourcesOf(invocation: Invocation): Promise<Source[]> {
  const {io, session, flags, args} = invocation;
  const client = await session.client();
  let pods: any[];
  if (flags.has('selector')) {
    const list = await client.json({
      path: pathOf(podType, {namespace: await session.namespace()}),
      query: {labelSelector: flags.string('selector')},
    });
    pods = list.items;
  } else {
    const argument =
      args.length === 2 && !args[0]?.includes('/') && ['pod', 'pods', 'po'].includes(args[0] ?? '')
        ? (args[1] ?? '')
        : (args[0] ?? '');
    const {object} = await namedObject(invocation, argument).catch(async error => {
      if (!(error instanceof StatusError && error.code === 404)) throw error;
      throw new ToolError(
        `error: error from server (NotFound): ${error.message} in namespace ${JSON.stringify(await session.namespace())}`,
      );
    });
    if (object.kind === 'Pod') pods = [object];
    else {
      const all = await podsOf(client, object);
      if (all.length === 0) throw new ToolError(`error: timed out waiting for pods of ${args[0]}`);
      pods = flags.bool('all-pods') ? all : all.slice(0, 1);
      if (!flags.bool('all-pods') && all.length > 1)
        io.err(`Found ${all.length} pods, using pod/${pods[0].metadata.name}\n`);
    }
  }
  const asked =
    flags.string('container') || (args.length === 2 && args[0]?.includes('/') ? (args[1] ?? '') : '');
  return pods.flatMap(pod => {
    if (flags.bool('all-containers'))
      return [...containersOf(pod)]
        .sort((left, right) => Number(right.init) - Number(left.init))
        .map(({name}) => ({pod, container: name}));
    if (asked === '') return [{pod, container: defaultContainer(pod, text => io.err(text))}];
    if (!containersOf(pod).some(({name}) => name === asked)) {
      throw new ToolError(`error: container ${asked} is not valid for pod ${pod.metadata.name}`);
    }
    return [{pod, container: asked}];
  });
}

async function* linesOf(response: IncomingMessage): AsyncGenerator<string> {
  let rest = '';
  response.setEncoding('utf8');
  for await (const chunk of response) {
    rest += chunk;
    const cut = rest.lastIndexOf('\n');
    if (cut < 0) continue;
    for (const line of rest.slice(0, cut).split('\n')) yield `${line}\n`;
    rest = rest.slice(cut + 1);
  }
  if (rest !== '') yield rest;
}

async function stream(options: {
  client: RestClient;
  io: ToolIo;
  source: Source;
  query: Record<string, any>;
  prefix: boolean;
}): Promise<void> {
  const {client, io, source, query, prefix} = options;
  const {name, namespace} = source.pod.metadata;
  const response = await client.open({
    path: pathOf(podType, {namespace, name, subresource: 'log'}),
    query: {...query, container: source.container},
    accept: 'application/json, */*',
    signal: io.signal,
  });
  const code = response.statusCode ?? 500;
  if (code >= 400) throw new StatusError(statusOf(await textOf(response), code));
  try {
    for await (const line of linesOf(response))
      io.out(prefix ? `[pod/${name}/${source.container}] ${line}` : line);
  } catch (error) {
    if (!io.signal.aborted) throw error;
  }
}

export const logs: Command = {
  name: 'logs',
  aliases: ['log'],
  short: 'Print the logs for a container in a pod or specified resource.',
  usage: 'kubectl logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER] [options]',
  flags: [
    selectorFlag,
    {name: 'follow', short: 'f', type: 'bool', usage: 'Specify if the logs should be streamed.'},
    {
      name: 'previous',
      short: 'p',
      type: 'bool',
      usage: 'If true, print the logs for the previous instance of the container in a pod if it exists.',
    },
    {name: 'container', short: 'c', type: 'string', usage: 'Print the logs of this container'},
    {name: 'all-containers', type: 'bool', usage: "Get all containers' logs in the pod(s)."},
    {name: 'all-pods', type: 'bool', usage: 'Get logs from all pod(s). Sets prefix to true.'},
    {name: 'tail', type: 'int', default: '-1', usage: 'Lines of recent log file to display.'},
    {name: 'timestamps', type: 'bool', usage: 'Include timestamps on each line in the log output.'},
    {
      name: 'since',
      type: 'duration',
      default: '0s',
      usage: 'Only return logs newer than a relative duration like 5s, 2m, or 3h.',
    },
    {name: 'since-time', type: 'string', usage: 'Only return logs after a specific date (RFC3339).'},
    {name: 'limit-bytes', type: 'int', default: '0', usage: 'Maximum bytes of logs to return.'},
    {
      name: 'prefix',
      type: 'bool',
      usage: 'Prefix each log line with the log source (pod name and container name).',
    },
    {
      name: 'max-log-requests',
      type: 'int',
      default: '5',
      usage: 'Specify maximum number of concurrent logs to follow when using by a selector.',
    },
    {
      name: 'ignore-errors',
      type: 'bool',
      usage: 'If watching / following pod logs, allow for any errors that occur to be non-fatal',
    },
    {name: 'pod-running-timeout', type: 'duration', default: '20s', usage: 'Accepted and ignored'},
  ],
  async run(invocation) {
    const {io, session, flags, args} = invocation;
    if (args.length === 0 && !flags.has('selector'))
      throw new ToolError(
        "error: expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command\nSee 'kubectl logs -h' for help and examples",
      );
    if (args.length > 0 && flags.has('selector'))
      throw new ToolError('error: only a selector (-l) or a POD name is allowed');
    const sources = await sourcesOf(invocation);
    if (sources.length === 0) {
      io.err(`No resources found in ${await session.namespace()} namespace.\n`);
      return;
    }
    const follow = flags.bool('follow');
    const most = flags.int('max-log-requests');
    if (follow && sources.length > most) {
      throw new ToolError(
        `error: you are attempting to follow ${sources.length} log streams, but maximum allowed concurrency is ${most}, use --max-log-requests to increase the limit`,
      );
    }
    const tail = flags.has('tail') ? flags.int('tail') : flags.has('selector') ? 10 : -1;
    const query = {
      ...(follow ? {follow: true} : {}),
      ...(flags.bool('previous') ? {previous: true} : {}),
      ...(flags.bool('timestamps') ? {timestamps: true} : {}),
      ...(tail >= 0 ? {tailLines: tail} : {}),
      ...(flags.duration('since') > 0 ? {sinceSeconds: Math.ceil(flags.duration('since') / 1000)} : {}),
      ...(flags.has('since-time') ? {sinceTime: flags.string('since-time')} : {}),
      ...(flags.int('limit-bytes') > 0 ? {limitBytes: flags.int('limit-bytes')} : {}),
    };
    const client = await session.client();
    const prefix = flags.bool('prefix') || flags.bool('all-pods');
    const runs = sources.map(source => () => stream({client, io, source, query, prefix}));
    const errors: unknown[] = [];
    const note = (error: unknown) => {
      if (!flags.bool('ignore-errors')) errors.push(error);
      else io.err(`error: ${(error as Error).message}\n`);
    };
    if (follow) await Promise.all(runs.map(run => run().catch(note)));
    else for (const run of runs) await run().catch(note);
    throwAll(errors.slice(0, 1));
  },
};
