import {printJson} from '../../json-print.ts';
import {JsonPath} from '../../jsonpath.ts';
import {type ApiResource, groupVersionOf} from '../shared/discovery.ts';
import type {FlagSpec} from '../shared/flags.ts';
import {ToolError, type ToolIo} from '../shared/io.ts';
import {printYaml} from '../shared/yaml-print.ts';
import {shown} from './selection.ts';

export const outputFlag: FlagSpec = {
  name: 'output',
  short: 'o',
  type: 'string',
  usage: 'Output format. One of: (json, yaml, name, jsonpath, jsonpath-file, custom-columns, wide).',
};

/** An object without its bookkeeping of who set what, with its kind filled in. */
export function presentable(
  object: any,
  type: ApiResource | undefined,
  options: {managedFields?: boolean} = {},
): any {
  const {managedFields, ...metadata} = object.metadata ?? {};
  return {
    ...(type ? {apiVersion: groupVersionOf(type), kind: type.kind} : {}),
    ...object,
    ...(object.metadata ? {metadata: options.managedFields ? object.metadata : metadata} : {}),
  };
}

/** Prints whole objects in a machine's format. */
export type ObjectPrinter = (object: any) => string;

const known = [
  'custom-columns',
  'custom-columns-file',
  'go-template',
  'go-template-file',
  'json',
  'jsonpath',
  'jsonpath-as-json',
  'jsonpath-file',
  'name',
  'template',
  'templatefile',
  'wide',
  'yaml',
];

/**
 * The printer of `-o json|yaml|name|jsonpath=...`; undefined for the formats that are tables.
 * @throws ToolError for a format that is none.
 */
export function objectPrinter(
  output: string,
  typeOf: (object: any) => ApiResource | undefined,
  allowed = known,
): ObjectPrinter | undefined {
  const cut = output.indexOf('=');
  const format = cut < 0 ? output : output.slice(0, cut);
  const rest = cut < 0 ? undefined : output.slice(cut + 1);
  switch (format) {
    case '':
    case 'wide':
    case 'custom-columns':
      return undefined;
    case 'json':
      return object => printJson(object);
    case 'yaml': {
      let first = true;
      return object => {
        const text = `${first ? '' : '---\n'}${printYaml(object)}`;
        first = false;
        return text;
      };
    }
    case 'name':
      return object => {
        const items = object.kind === 'List' ? object.items : [object];
        return items
          .map((item: any) => {
            const type = typeOf(item);
            return `${type ? shown(type, item.metadata.name) : `${item.kind?.toLowerCase()}/${item.metadata.name}`}\n`;
          })
          .join('');
      };
    case 'jsonpath': {
      if (!rest) throw new ToolError('error: template format specified but no template given');
      const path = parsePath(rest);
      return object => path.execute(object);
    }
    default:
      if (
        [
          'go-template',
          'go-template-file',
          'jsonpath-as-json',
          'jsonpath-file',
          'template',
          'templatefile',
          'custom-columns-file',
        ].includes(format)
      ) {
        throw new ToolError(
          `error: -o ${format} is beyond istio-workshop's small built-in kubectl: use -o jsonpath, or the real one (https://kubernetes.io/docs/tasks/tools/)`,
        );
      }
      throw new ToolError(
        `error: unable to match a printer suitable for the output format "${output}", allowed formats are: ${allowed.join(',')}`,
      );
  }
}

/** @throws ToolError as kubectl does. */
export function parsePath(template: string): JsonPath {
  try {
    return new JsonPath(template);
  } catch (error) {
    throw new ToolError(`error: error parsing jsonpath ${template}, ${(error as Error).message}`);
  }
}

/** Prints what a write answered: `-o yaml` and so on, or `deployment.apps/x created`. */
export function printResult(options: {
  io: ToolIo;
  output: string;
  type: ApiResource;
  object: any;
  done: string;
  printer?: ObjectPrinter | undefined;
}): void {
  const {io, output, type, object, done} = options;
  const printer =
    options.printer ??
    objectPrinter(output, () => type, [
      'go-template',
      'go-template-file',
      'json',
      'jsonpath',
      'jsonpath-as-json',
      'jsonpath-file',
      'name',
      'template',
      'templatefile',
      'yaml',
    ]);
  if (printer) io.out(printer(presentable(object, type)));
  else io.out(`${shown(type, object.metadata?.name ?? '')} ${done}\n`);
}
