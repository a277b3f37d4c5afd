/**
 * How values of a place in an object merge: what a list's items are told apart by, what is replaced as a whole.
 * Strategic merge patch and server-side apply read the same shapes, yet partly by different keys.
 */
export interface Shape {
  /** For server-side apply: owned and replaced as a whole. Always true for lists without keys. */
  readonly atomic: boolean;
  /** For server-side apply: the fields that identify a list's items; empty for a set of scalars. */
  readonly keys?: readonly string[];
  /** For strategic merge patch: the field that identifies a list's items; empty for a set of scalars. */
  readonly mergeKey?: string;
  /** The shape of a field of an object (or of a value of a map). */
  field(name: string): Shape;
  /** The shape of an item of a list. */
  item(): Shape;
}

/** A place that nothing is known about: maps merge, lists are replaced. */
export const unknownShape: Shape = {
  atomic: false,
  field: () => unknownShape,
  item: () => unknownShape,
};

/** A value of a key that an item leaves out counts as this (`ports[].protocol`). */
export const keyDefaults: Readonly<Record<string, unknown>> = {protocol: 'TCP'};
