import type {KubeObject} from '../objects.ts';
import type {ResourceType} from './registry.ts';

/** Between what a version shows and what is stored, for the few kinds whose versions differ in their fields. */
export interface Conversion {
  toStored(object: KubeObject, version: string): KubeObject;
  fromStored(object: KubeObject, version: string): KubeObject;
}

/** A resource with what the server itself needs to know to serve it. */
export interface ServedType extends ResourceType {
  /** The collection of the store that holds it; two groups may show the same one (events). */
  storage: string;
  /** The `apiVersion` of the stored form. */
  storedAs: string;
  /** `metadata.generation` counts the changes outside metadata and status. */
  counted: boolean;
  conversion?: Conversion;
  /** The definition that brought it. */
  crd?: KubeObject;
}

export function hasSubresource(type: ResourceType, name: string): boolean {
  return type.subresources.some(each => each.name === name);
}

/** `apps/v1`, or `v1` in the core group. */
export function groupVersion(group: string, version: string): string {
  return group === '' ? version : `${group}/${version}`;
}
