import {findKind, findResource, groupVersionOf, pathOf} from '../shared/discovery.ts';
import {ToolError} from '../shared/io.ts';
import {StatusError} from '../shared/rest.ts';
import type {Command, Invocation} from './command.ts';
import {customColumns} from './custom-columns.ts';
import {throwAll} from './errors.ts';
import {headerOf, listQuery, type Query, rowOf, rowOptions} from './get-table.ts';
import {watchTable} from './get-watch.ts';
import {objectPrinter, outputFlag, parsePath, presentable} from './output.ts';
import {
  fileFlags,
  orMissingNamespace,
  parseTypeArgs,
  readManifests,
  selectorFlag,
  targetOf,
} from './selection.ts';
import {TableWriter} from './table.ts';

const tableAccept =
  'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json';

async function queriesOf(invocation: Invocation): Promise<Query[]> {
  const {session, flags, args} = invocation;
  if (flags.has('filename') || flags.has('kustomize')) {
    const queries: Query[] = [];
    for (const manifest of await readManifests(invocation))
      queries.push(await targetOf(invocation, manifest));
    return queries;
  }
  if (args.length === 0) {
    throw new ToolError(
      `You must specify the type of resource to get. Use "kubectl api-resources" for a complete list of supported resources.\n\nerror: Required resource not specified.\nUse "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl explain pods).\nSee 'kubectl get -h' for help and examples`,
    );
  }
  const queries: Query[] = [];
  for (const {type, names} of await parseTypeArgs(invocation, args)) {
    const namespace =
      type.namespaced && !flags.bool('all-namespaces') ? await session.namespace() : undefined;
    if (names.length > 0 && flags.bool('all-namespaces') && type.namespaced) {
      throw new ToolError('error: a resource cannot be retrieved by name across all namespaces');
    }
    if (names.length > 0 && flags.has('selector'))
      throw new ToolError('error: name cannot be provided when a selector is specified');
    if (names.length === 0) queries.push({type, namespace, name: undefined});
    for (const name of names) queries.push({type, namespace, name});
  }
  return queries;
}

async function fetchEach(
  invocation: Invocation,
  queries: readonly Query[],
  extra: Record<string, any>,
  accept: string,
): Promise<{results: {query: Query; body: any}[]; errors: unknown[]}> {
  const client = await invocation.session.client();
  const results: {query: Query; body: any}[] = [];
  const errors: unknown[] = [];
  for (const query of queries) {
    const list = query.name === undefined;
    try {
      const body = await client.json({
        path: pathOf(query.type, {
          namespace: query.namespace,
          ...(query.name === undefined ? {} : {name: query.name}),
        }),
        query: {
          ...(list
            ? {
                ...listQuery(invocation),
                limit: invocation.flags.has('chunk-size') ? invocation.flags.int('chunk-size') : 500,
              }
            : {}),
          ...extra,
        },
        accept,
      });
      let next = body.metadata?.continue;
      while (list && next) {
        const page = await client.json({
          path: pathOf(query.type, {namespace: query.namespace}),
          query: {...listQuery(invocation), limit: 500, continue: next, ...extra},
          accept,
        });
        if (body.rows) body.rows.push(...page.rows);
        else body.items.push(...page.items);
        next = page.metadata?.continue;
      }
      results.push({query, body});
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      if (!(error.code === 404 && invocation.flags.bool('ignore-not-found') && !list))
        errors.push(await orMissingNamespace(invocation.session, query.namespace, error));
    }
  }
  return {results, errors};
}

function sortRows(rows: any[], template: string): void {
  const path = parsePath(
    template.startsWith('{') ? template : `{${template.startsWith('.') ? '' : '.'}${template}}`,
  );
  const keyed = rows.map(row => ({row, key: path.values(row.object)[0] as any}));
  keyed.sort((left, right) => {
    if (left.key === right.key) return 0;
    if (left.key === undefined || right.key === undefined) return left.key === undefined ? -1 : 1;
    return left.key < right.key ? -1 : 1;
  });
  rows.splice(0, rows.length, ...keyed.map(({row}) => row));
}

async function getTables(invocation: Invocation, queries: readonly Query[]): Promise<void> {
  const {io, flags} = invocation;
  const sortBy = flags.string('sort-by');
  const {results, errors} = await fetchEach(
    invocation,
    queries,
    sortBy === '' ? {} : {includeObject: 'Object'},
    tableAccept,
  );
  // Names of one type stand in one table.
  const groups: {query: Query; columns: any[]; rows: any[]}[] = [];
  for (const {query, body} of results) {
    const last = groups.at(-1);
    const table =
      body.kind === 'Table'
        ? body
        : {
            columnDefinitions: [{name: 'Name', priority: 0}],
            rows: (body.items ?? [body]).map((object: any) => ({cells: [object.metadata.name], object})),
          };
    if (last && query.name !== undefined && last.query.type === query.type) last.rows.push(...table.rows);
    else groups.push({query, columns: table.columnDefinitions, rows: table.rows ?? []});
  }
  const filled = groups.filter(group => group.rows.length > 0);
  const several = new Set(queries.map(query => `${query.type.resource}.${query.type.group}`)).size > 1;
  filled.forEach((group, index) => {
    if (sortBy !== '') sortRows(group.rows, sortBy);
    const options = rowOptions(invocation, group.query.type, several);
    const rows = group.rows.map(row => rowOf(group.columns, row, options));
    if (index > 0 && !flags.bool('no-headers')) io.out('\n');
    io.out(
      new TableWriter().write(flags.bool('no-headers') ? rows : [headerOf(group.columns, options), ...rows]),
    );
  });
  if (filled.length === 0 && errors.length === 0 && !flags.bool('ignore-not-found')) {
    const namespaced = queries.some(query => query.namespace !== undefined);
    io.err(
      namespaced
        ? `No resources found in ${queries.find(query => query.namespace)?.namespace} namespace.\n`
        : 'No resources found\n',
    );
  }
  throwAll(errors);
}

async function getObjects(invocation: Invocation, queries: readonly Query[]): Promise<void> {
  const {io, session, flags} = invocation;
  const output = flags.string('output');
  const discovery = await session.discovery();
  const typeOf = (object: any) =>
    findKind(discovery, object.apiVersion, object.kind) ?? findResource(discovery, object.kind ?? '');
  const custom = /^custom-columns=/.test(output)
    ? customColumns(output.slice('custom-columns='.length))
    : undefined;
  const printer = custom ? undefined : objectPrinter(output, typeOf);
  const {results, errors} = await fetchEach(invocation, queries, {}, 'application/json');
  const keep = {managedFields: flags.bool('show-managed-fields')};
  const lists = results.some(({query}) => query.name === undefined);
  const items = results.flatMap(({query, body}) =>
    query.name === undefined
      ? body.items.map((item: any) =>
          presentable(
            {apiVersion: groupVersionOf(query.type), kind: query.type.kind, ...item},
            undefined,
            keep,
          ),
        )
      : [presentable(body, query.type, keep)],
  );
  const sortBy = flags.string('sort-by');
  if (sortBy !== '') {
    const rows = items.map(object => ({object}));
    sortRows(rows, sortBy);
    items.splice(0, items.length, ...rows.map(({object}) => object));
  }
  if (custom) io.out(custom.print(items, {headers: !flags.bool('no-headers')}));
  else if (!lists && items.length === 1) io.out(printer?.(items[0]) ?? '');
  else if (items.length > 0 || lists) {
    if (output === 'name') for (const item of items) io.out(printer?.(item) ?? '');
    else io.out(printer?.({apiVersion: 'v1', items, kind: 'List', metadata: {resourceVersion: ''}}) ?? '');
  }
  throwAll(errors);
}

export const get: Command = {
  name: 'get',
  short: 'Display one or many resources.',
  usage:
    'kubectl get\n[(-o|--output=)json|yaml|name|jsonpath|custom-columns|wide] (TYPE[.VERSION][.GROUP] [NAME | -l label] | TYPE[.VERSION][.GROUP]/NAME ...) [flags] [options]',
  examples:
    '  # List all pods in ps output format\n  kubectl get pods\n\n  # List one deployment in YAML\n  kubectl get deployment web -o yaml',
  flags: [
    outputFlag,
    selectorFlag,
    ...fileFlags,
    {
      name: 'all-namespaces',
      short: 'A',
      type: 'bool',
      usage: 'If present, list the requested object(s) across all namespaces.',
    },
    {name: 'field-selector', type: 'string', usage: 'Selector (field query) to filter on'},
    {
      name: 'watch',
      short: 'w',
      type: 'bool',
      usage: 'After listing/getting the requested object, watch for changes.',
    },
    {
      name: 'watch-only',
      type: 'bool',
      usage: 'Watch for changes to the requested object(s), without listing/getting first.',
    },
    {
      name: 'output-watch-events',
      type: 'bool',
      usage: 'Output watch event objects when --watch or --watch-only is used.',
    },
    {name: 'show-labels', type: 'bool', usage: 'When printing, show all labels as the last column'},
    {
      name: 'show-kind',
      type: 'bool',
      usage: 'If present, list the resource type for the requested object(s).',
    },
    {
      name: 'show-managed-fields',
      type: 'bool',
      usage: 'If true, keep the managedFields when printing objects in JSON or YAML format.',
    },
    {
      name: 'label-columns',
      short: 'L',
      type: 'list',
      usage: 'Accepts a comma separated list of labels that are going to be presented as columns.',
    },
    {
      name: 'sort-by',
      type: 'string',
      usage: "If non-empty, sort list types using this field specification, e.g. '{.metadata.name}'.",
    },
    {
      name: 'no-headers',
      type: 'bool',
      usage: "When using the default or custom-column output format, don't print headers",
    },
    {
      name: 'ignore-not-found',
      type: 'bool',
      usage: 'If the requested object does not exist the command will return exit code 0.',
    },
    {
      name: 'chunk-size',
      type: 'int',
      default: '500',
      usage: 'Return large lists in chunks rather than all at once.',
    },
    {name: 'raw', type: 'string', usage: 'Raw URI to request from the server.'},
    {name: 'subresource', type: 'string', usage: 'Not supported by the built-in kubectl.'},
  ],
  async run(invocation) {
    const {io, session, flags} = invocation;
    if (flags.has('raw')) {
      io.out(await (await session.client()).text({path: flags.string('raw')}));
      return;
    }
    if (flags.has('subresource'))
      throw new ToolError("error: --subresource is beyond istio-workshop's small built-in kubectl");
    const output = flags.string('output');
    const tabular = output === '' || output === 'wide';
    if (!tabular && !output.startsWith('custom-columns=')) objectPrinter(output, () => undefined);
    const queries = await queriesOf(invocation);
    if (flags.bool('watch') || flags.bool('watch-only')) {
      if (queries.length > 1) throw new ToolError('error: you may only specify a single resource type');
      await watchTable(invocation, queries[0] as Query, tableAccept);
      return;
    }
    await (tabular ? getTables : getObjects)(invocation, queries);
  },
};
