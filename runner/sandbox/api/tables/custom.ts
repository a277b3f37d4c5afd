import type {KubeObject} from '../../objects.ts';
import {ageOf} from './age.ts';
import {selectByPath} from './json-path.ts';
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
    cells: (object, now) => [object.metadata.name, ...own.map(column => cellOf(column, object, now))],
  };
}

function cellOf(column: CrdColumn, object: KubeObject, now: number): Cell {
  const value = selectByPath(object, column.jsonPath)?.[0];
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
