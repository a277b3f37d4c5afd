import type {KubeObject} from '../../objects.ts';
import {type ResourceType, resourceName} from '../registry.ts';
import {clusterPrinters} from './cluster.ts';
import {customPrinter} from './custom.ts';
import {podPrinter} from './pods.ts';
import {columns, type Printer} from './printer.ts';
import {servicePrinters} from './services.ts';
import {storagePrinters} from './storage.ts';
import {workloadPrinters} from './workloads.ts';

export interface TableOptions {
  type: ResourceType;
  /** The definition, for a custom resource: it names the columns. */
  crd?: KubeObject;
  objects: readonly KubeObject[];
  /** Milliseconds since the epoch: what ages are counted to. */
  now: number;
  /** What each row carries of its object. */
  includeObject: 'None' | 'Metadata' | 'Object';
  resourceVersion: string;
  /** False on a watch after its first event, where the columns are `null`. */
  withColumns: boolean;
}

const printers: Record<string, Printer> = {
  pods: podPrinter,
  ...workloadPrinters,
  ...servicePrinters,
  ...clusterPrinters,
  ...storagePrinters,
};

/** Kinds without a printer of their own, as the API server shows them. */
const plainPrinter: Printer = {
  columns: columns('Name|Created At:date'),
  cells: object => [object.metadata.name, object.metadata.creationTimestamp ?? ''],
};

/** Objects as a `meta.k8s.io/v1` Table, the form that `kubectl get` prints. Never changes the objects. */
export function toTable(options: TableOptions): KubeObject {
  const printer = printerFor(options);
  const table = {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: {resourceVersion: options.resourceVersion},
    columnDefinitions: options.withColumns ? printer.columns : null,
    rows: options.objects.map(object => rowOf(object, printer, options)),
  };
  // A list's metadata has no name, which the type of a single object asks for.
  return table as unknown as KubeObject;
}

function printerFor({type, crd, objects}: TableOptions): Printer {
  if (crd) return customPrinter(crd, objects[0]?.apiVersion.split('/').at(-1) ?? type.versions[0] ?? '');
  return printers[resourceName(type)] ?? plainPrinter;
}

function rowOf(object: KubeObject, printer: Printer, options: TableOptions): Record<string, unknown> {
  const conditions = printer.conditions?.(object);
  const carried = carriedObject(object, options.includeObject);
  return {
    cells: printer.cells(object, options.now),
    ...(conditions ? {conditions} : {}),
    ...(carried ? {object: carried} : {}),
  };
}

function carriedObject(object: KubeObject, include: TableOptions['includeObject']): unknown {
  if (include === 'None') return undefined;
  if (include === 'Object') return object;
  return {kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata};
}
