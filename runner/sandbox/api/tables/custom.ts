import {ageOf} from '../../age.ts';
import {JsonPath, JsonPathError} from '../../jsonpath.ts';
import type {KubeObject} from '../../objects.ts';
import {type Cell, type Column, columns, type Printer} from './printer.ts';

interface CrdColumn {
  name: string;
  type: Column['type'];
  jsonPath: string;
  format?: string;
  description?: string;
  priority?: number;
}

const age: CrdColumn = {name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp'};

/** The printer that a CRD's `additionalPrinterColumns` describe for one version; without any, the age. */
export function customPrinter(crd: KubeObject, version: string): Printer {
  const versions: any[] = crd['spec']?.versions ?? [];
  const served = versions.find(one => one.name === version) ?? versions[0];
  const own: CrdColumn[] = served?.additionalPrinterColumns?.length ? served.additionalPrinterColumns : [age];
  const cells = own.map(column => ({column, path: pathOf(column)}));
  return {
    columns: [
      ...columns('Name'),
      ...own.map(column => ({
        name: column.name,
        type: column.type,
        format: column.format ?? '',
        description: column.description ?? '',
        priority: column.priority ?? 0,
      })),
    ],
    cells: (object, now) => [
      object.metadata.name,
      ...cells.map(({column, path}) => cellOf(column, firstValue(path, object), now)),
    ],
  };
}

/** @returns undefined for a column whose path can't be read; its cells stay empty. */
function pathOf({jsonPath}: CrdColumn): JsonPath | undefined {
  return quietly(() => new JsonPath(`{${jsonPath.replace(/^\{(.*)\}$/, '$1')}}`));
}

/** Nothing where the object has no such field, or fewer items than an index of the path. */
function firstValue(path: JsonPath | undefined, object: KubeObject): unknown {
  return quietly(() => path?.values(object)[0]);
}

function quietly<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof JsonPathError) return undefined;
    throw error;
  }
}

function cellOf(column: CrdColumn, value: unknown, now: number): Cell {
  if (value === undefined || value === null) return null;
  switch (column.type) {
    case 'integer':
      return typeof value === 'number' ? Math.trunc(value) : null;
    case 'number':
      return typeof value === 'number' ? value : null;
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
    case 'date':
      return typeof value === 'string' ? ageOf(value, now) : '<invalid>';
    default:
      return typeof value === 'object' ? JSON.stringify(value) : String(value);
  }
}
