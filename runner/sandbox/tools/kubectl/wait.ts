import {type ApiResource, pathOf} from '../shared/discovery.ts';
import {ToolError} from '../shared/io.ts';
import type {RestClient} from '../shared/rest.ts';
import type {Command, Invocation} from './command.ts';
import {waitUntilGone} from './delete.ts';
import {throwAll} from './errors.ts';
import {outputFlag, parsePath} from './output.ts';
import {fileFlags, findTargets, selectorFlag, shown} from './selection.ts';

type Test = (object: any | undefined) => boolean;

/** What `--for` asks of an object. @throws ToolError as kubectl does. */
export function parseFor(text: string): {kind: 'delete' | 'create' | 'test'; test: Test} {
  const lower = text.toLowerCase();
  if (lower === 'delete') return {kind: 'delete', test: object => object === undefined};
  if (lower === 'create') return {kind: 'create', test: object => object !== undefined};
  if (lower.startsWith('condition=')) {
    const [name = '', value = 'true'] = text.slice('condition='.length).split('=');
    return {kind: 'test', test: object => hasCondition(object, name, value)};
  }
  if (lower.startsWith('jsonpath='))
    return {kind: 'test', test: jsonPathTest(text.slice('jsonpath='.length))};
  throw new ToolError(`error: unrecognized condition: ${JSON.stringify(text)}`);
}

function hasCondition(object: any, name: string, value: string): boolean {
  const condition = object?.status?.conditions?.find(
    (candidate: any) => candidate.type.toLowerCase() === name.toLowerCase(),
  );
  if (!condition) return false;
  const generation = object.metadata?.generation;
  const observed = condition.observedGeneration ?? object.status?.observedGeneration;
  if (generation !== undefined && observed !== undefined && observed < generation) return false;
  return condition.status.toLowerCase() === value.toLowerCase();
}

function jsonPathTest(text: string): Test {
  const match = /^(['"]?)(.+?\})\1(?:=(.*))?$/s.exec(text) ?? /^(['"]?)([^=]+)\1(?:=(.*))?$/s.exec(text);
  if (!match)
    throw new ToolError(
      `error: jsonpath wait format must be --for=jsonpath='{.status.readyReplicas}'=3 or --for=jsonpath='{.status.readyReplicas}'`,
    );
  const template = match[2] ?? '';
  const path = parsePath(
    template.startsWith('{') ? template : `{${template.startsWith('.') ? '' : '.'}${template}}`,
  );
  const wanted = match[3]?.replace(/^(['"])(.*)\1$/s, '$2');
  return object => {
    const values = object === undefined ? [] : path.values(object);
    if (values.length !== 1) return false;
    const value = values[0];
    if (wanted === undefined) return value !== undefined && value !== null && value !== '';
    return typeof value !== 'object' && String(value) === wanted;
  };
}

interface Watched {
  type: ApiResource;
  namespace: string | undefined;
  name: string;
  uid?: string | undefined;
}

/** @returns true when the condition held before the signal aborted. */
async function waitForTest(
  client: RestClient,
  target: Watched,
  test: Test,
  signal: AbortSignal,
): Promise<boolean> {
  const path = pathOf(target.type, {namespace: target.namespace});
  const fieldSelector = `metadata.name=${target.name}`;
  while (!signal.aborted) {
    const list = await client.json({path, query: {fieldSelector}});
    if (test(list.items[0])) return true;
    const query = {fieldSelector, resourceVersion: list.metadata.resourceVersion, watch: true};
    for await (const event of client.watch({path, query, signal})) {
      if (event.type === 'ERROR') break;
      if (event.type !== 'BOOKMARK' && event.type !== 'DELETED' && test(event.object)) return true;
    }
  }
  return false;
}

async function waitEach(
  invocation: Invocation,
  targets: readonly Watched[],
  wanted: ReturnType<typeof parseFor>,
  signal: AbortSignal,
): Promise<void> {
  const {io, session, flags} = invocation;
  const client = await session.client();
  const errors: unknown[] = [];
  const done = wanted.kind === 'delete' ? 'deleted' : 'condition met';
  for (const target of targets) {
    let met: boolean;
    if (wanted.kind === 'delete') {
      await waitUntilGone(client, {...target, uid: target.uid}, signal);
      met = !signal.aborted;
    } else {
      met = await waitForTest(client, target, wanted.test, signal);
    }
    if (met)
      io.out(
        flags.string('output') === 'name'
          ? `${shown(target.type, target.name)}\n`
          : `${shown(target.type, target.name)} ${done}\n`,
      );
    else
      errors.push(
        new ToolError(`error: timed out waiting for the condition on ${target.type.resource}/${target.name}`),
      );
  }
  throwAll(errors);
}

export const wait: Command = {
  name: 'wait',
  short: 'Wait for a specific condition on one or many resources.',
  usage:
    "kubectl wait ([-f FILENAME] | resource.group/resource.name | resource.group [(-l label | --all)]) [--for=create|--for=delete|--for condition=available|--for=jsonpath='{}'[=value]] [options]",
  flags: [
    ...fileFlags,
    selectorFlag,
    outputFlag,
    {
      name: 'for',
      type: 'string',
      usage:
        "The condition to wait on: [create|delete|condition=condition-name[=condition-value]|jsonpath='{JSONPath expression}'=[JSONPath value]].",
    },
    {
      name: 'timeout',
      type: 'duration',
      default: '30s',
      usage: 'The length of time to wait before giving up.',
    },
    {
      name: 'all',
      type: 'bool',
      usage: 'Select all resources in the namespace of the specified resource types',
    },
    {
      name: 'all-namespaces',
      short: 'A',
      type: 'bool',
      usage: 'If present, list the requested object(s) across all namespaces.',
    },
    {name: 'field-selector', type: 'string', usage: 'Selector (field query) to filter on'},
  ],
  async run(invocation) {
    const {io, flags, args} = invocation;
    const wanted = parseFor(flags.string('for'));
    const limit = flags.duration('timeout');
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), limit < 0 ? 7 * 24 * 3_600_000 : limit);
    const signal = AbortSignal.any([io.signal, stop.signal]);
    try {
      const creating = wanted.kind === 'create';
      const {targets, errors} = await findTargets(invocation, args, {
        ignoreMissing: wanted.kind === 'delete',
        namesOnly: creating && !flags.has('selector'),
      });
      throwAll(errors);
      if (targets.length === 0) {
        if (wanted.kind === 'delete') return;
        throw new ToolError('error: no matching resources found');
      }
      await waitEach(
        invocation,
        targets.map(target => ({...target, uid: target.object?.metadata?.uid})),
        wanted,
        limit === 0 ? AbortSignal.any([signal, AbortSignal.timeout(1)]) : signal,
      );
    } finally {
      clearTimeout(timer);
    }
  },
};
