import {storedSchema} from '../schemas.ts';
import type {ServedType} from '../served-type.ts';
import {builtinShape, customShape} from './builtin-shapes.ts';
import type {Shape} from './shape.ts';

const customShapes = new WeakMap<object, Shape>();

/** The shape of a type's stored form. */
export function shapeOf(type: ServedType): Shape {
  if (!type.crd) return builtinShape(type.storedAs, type.kind);
  const known = customShapes.get(type.crd);
  if (known) return known;
  const shape = customShape(storedSchema(type));
  customShapes.set(type.crd, shape);
  return shape;
}
