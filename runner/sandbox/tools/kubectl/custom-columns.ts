import type {JsonPath} from '../../jsonpath.ts';
import {ToolError} from '../shared/io.ts';
import {parsePath} from './output.ts';
import {TableWriter} from './table.ts';

/** `-o custom-columns=NAME:.metadata.name,...`. @throws ToolError as kubectl does. */
export function customColumns(spec: string): {
  print(items: readonly any[], options: {headers: boolean}): string;
} {
  if (spec === '') throw new ToolError('error: custom-columns format specified but no custom columns given');
  const columns = (spec.match(/(?:\[[^\]]*\]|[^,])+/g) ?? []).map(column => {
    const cut = column.indexOf(':');
    if (cut < 0)
      throw new ToolError(
        `error: unexpected custom-columns spec: ${column}, expected <header>:<json-path-expr>`,
      );
    const path = column.slice(cut + 1).replace(/^\{(.*)\}$/, '$1');
    return {header: column.slice(0, cut), path: parsePath(`{${/^[.[$]/.test(path) ? '' : '.'}${path}}`)};
  });
  const cell = (path: JsonPath, item: any) => {
    const values = path.values(item);
    if (values.length === 0) return '<none>';
    return values
      .map(value =>
        typeof value === 'object' && value !== null
          ? JSON.stringify(value)
          : value === null
            ? '<nil>'
            : String(value),
      )
      .join(',');
  };
  return {
    print(items, {headers}) {
      const rows = items.map(item => columns.map(column => cell(column.path, item)));
      return new TableWriter().write(headers ? [columns.map(column => column.header), ...rows] : rows);
    },
  };
}
