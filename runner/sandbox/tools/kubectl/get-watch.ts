import {pathOf} from '../shared/discovery.ts';
import {StatusError} from '../shared/rest.ts';
import type {Invocation} from './command.ts';
import {headerOf, listQuery, type Query, rowOf, rowOptions} from './get-table.ts';
import {objectPrinter, presentable} from './output.ts';
import {TableWriter} from './table.ts';

/** `get -w`: what there is, then every change, until the server or the user ends it. */
export async function watchTable(invocation: Invocation, query: Query, tableAccept: string): Promise<void> {
  const {io, session, flags} = invocation;
  const client = await session.client();
  const output = flags.string('output');
  const printer = output === '' || output === 'wide' ? undefined : objectPrinter(output, () => query.type);
  const accept = printer ? 'application/json' : tableAccept;
  const options = rowOptions(invocation, query.type, false);
  const writer = new TableWriter();
  let columns: any[] = [];
  let headed = flags.bool('no-headers');
  const events = flags.bool('output-watch-events');
  const show = (type: string, body: any) => {
    if (printer) {
      for (const item of body.items ?? [body]) io.out(printer(presentable(item, query.type)));
      return;
    }
    columns = body.columnDefinitions ?? columns;
    const rows = (body.rows ?? []).map((row: any) => [
      ...(events ? [type] : []),
      ...rowOf(columns, row, options),
    ]);
    if (rows.length === 0) return;
    if (!headed) rows.unshift([...(events ? ['EVENT'] : []), ...headerOf(columns, options)]);
    headed = true;
    io.out(writer.write(rows));
  };
  const path = pathOf(query.type, {namespace: query.namespace});
  const narrow =
    query.name === undefined ? listQuery(invocation) : {fieldSelector: `metadata.name=${query.name}`};
  const start = await client.json({
    path:
      query.name === undefined ? path : pathOf(query.type, {namespace: query.namespace, name: query.name}),
    query: query.name === undefined ? {...narrow, limit: 500} : {},
    accept,
  });
  if (!flags.bool('watch-only')) show('ADDED', start);
  const revision =
    query.name === undefined
      ? start.metadata?.resourceVersion
      : (start.rows?.[0]?.object?.metadata?.resourceVersion ?? start.metadata?.resourceVersion);
  for await (const event of client.watch({
    path,
    query: {...narrow, resourceVersion: revision, watch: true},
    accept,
    signal: io.signal,
  })) {
    if (event.type === 'ERROR') throw new StatusError(event.object);
    if (event.type !== 'BOOKMARK') show(event.type, event.object);
  }
}
