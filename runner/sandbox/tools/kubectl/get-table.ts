import type {ApiResource} from '../shared/discovery.ts';
import type {Invocation} from './command.ts';
import {shown} from './selection.ts';
import {cellText} from './table.ts';

/** One request that `get` makes. */
export interface Query {
  type: ApiResource;
  namespace: string | undefined;
  name: string | undefined;
}

/** What narrows a list. */
export function listQuery(invocation: Invocation): Record<string, string | undefined> {
  return {
    labelSelector: invocation.flags.optional('selector'),
    fieldSelector: invocation.flags.optional('field-selector'),
  };
}

/** How rows of one table are turned into lines. */
export interface RowOptions {
  wide: boolean;
  namespaces: boolean;
  labels: readonly string[];
  showLabels: boolean;
  /** `pod/` before the name, where several kinds stand together. */
  prefix: string;
  showKind: boolean;
}

export function headerOf(columns: readonly any[], options: RowOptions): string[] {
  const shownColumns = columns.filter(column => options.wide || column.priority === 0);
  return [
    ...(options.namespaces ? ['NAMESPACE'] : []),
    ...shownColumns.map(column => column.name.toUpperCase()),
    ...options.labels.map(label => label.split('/').at(-1)?.toUpperCase() ?? ''),
    ...(options.showLabels ? ['LABELS'] : []),
  ];
}

export function rowOf(columns: readonly any[], row: any, options: RowOptions): string[] {
  const labels: Record<string, string> = row.object?.metadata?.labels ?? {};
  const cells = columns.flatMap((column, index) => {
    if (!options.wide && column.priority !== 0) return [];
    const text = row.cells[index] === null ? '' : cellText(row.cells[index]);
    return [index === 0 ? options.prefix + text : text];
  });
  return [
    ...(options.namespaces ? [row.object?.metadata?.namespace ?? ''] : []),
    ...cells,
    ...options.labels.map(label => labels[label] ?? ''),
    ...(options.showLabels
      ? [
          Object.keys(labels).length === 0
            ? '<none>'
            : Object.keys(labels)
                .map(key => `${key}=${labels[key]}`)
                .sort()
                .join(','),
        ]
      : []),
  ];
}

export function rowOptions(invocation: Invocation, type: ApiResource, several: boolean): RowOptions {
  const {flags} = invocation;
  const showKind = several || flags.bool('show-kind');
  return {
    wide: flags.string('output') === 'wide',
    namespaces: flags.bool('all-namespaces') && type.namespaced,
    labels: flags.list('label-columns').flatMap(list => list.split(',')),
    showLabels: flags.bool('show-labels'),
    showKind,
    prefix: showKind ? `${shown(type, '')}` : '',
  };
}
