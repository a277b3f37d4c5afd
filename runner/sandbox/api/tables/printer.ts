import type {KubeObject} from '../../objects.ts';

export interface Column {
  name: string;
  type: 'string' | 'integer' | 'number' | 'boolean' | 'date' | 'object';
  format: string;
  description: string;
  /** 0 is always shown, 1 with `-o wide`. */
  priority: number;
}

export type Cell = string | number | boolean | null;

export interface RowCondition {
  type: 'Completed';
  status: 'True';
  reason: string;
  message: string;
}

/** How one kind becomes rows. */
export interface Printer {
  columns: readonly Column[];
  /** One cell for every column, in order. */
  cells(object: KubeObject, now: number): Cell[];
  conditions?(object: KubeObject): RowCondition[] | undefined;
}

/** What the columns that many kinds share mean, in a few words of ours. */
const descriptions: Record<string, string> = {
  Name: 'Name of the object, unique among its kind in the namespace.',
  Age: 'Time since the object was created.',
  'Created At': 'When the object was created.',
  Status: 'State of the object as a whole.',
  Ready: 'How many are ready, of how many wanted.',
  Desired: 'How many are wanted.',
  Current: 'How many exist.',
  'Up-to-date': 'How many follow the latest template.',
  Available: 'How many have been ready for long enough.',
  Containers: 'Names of the containers in the template.',
  Images: 'Images of the containers in the template.',
  Selector: 'Labels that select the pods.',
};

/**
 * Columns from a short notation: names separated by `|`, a leading `+` for those of `-o wide`, a trailing
 * `:integer` (or another type) where they aren't strings.
 */
export function columns(notation: string): Column[] {
  return notation.split('|').map(text => {
    const wide = text.startsWith('+');
    const [name = '', type = 'string'] = (wide ? text.slice(1) : text).split(':');
    return {
      name,
      type: type as Column['type'],
      format: name === 'Name' ? 'name' : '',
      description: descriptions[name] ?? name,
      priority: wide ? 1 : 0,
    };
  });
}
