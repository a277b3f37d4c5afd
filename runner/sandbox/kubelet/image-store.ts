import type {KnownImage} from './image.ts';
import {completeReference, imageId} from './image-reference.ts';

export interface ReadyImage {
  known: KnownImage;
  reference: string;
  imageID: string;
  /** It was on the node before, so nothing was pulled. */
  present: boolean;
}

export interface ImageFailure {
  reason: 'ErrImagePull' | 'InvalidImageName' | 'ErrImageNeverPull';
  message: string;
}

/** The images on the node. */
export interface ImageStore {
  ensure(image: string, policy: string | undefined): ReadyImage | ImageFailure;
  /** Notes that the node has an image, as it is when a pod that runs it is taken over. */
  keep(image: string): void;
  /** For the node's status. */
  list(): {names: string[]; sizeBytes: number}[];
}

export function createImageStore(images: readonly KnownImage[]): ImageStore {
  const onNode = new Map<string, {known: KnownImage; imageID: string}>();
  const find = (image: string, reference: string) =>
    namesRelease(reference)
      ? (images.find(known => known.matches(image)) ?? images.find(known => known.matches(reference)))
      : undefined;
  return {
    ensure(image, policy) {
      const reference = completeReference(image);
      if (reference === undefined) {
        const message = `Failed to apply default image tag "${image}": couldn't parse image name "${image}": invalid reference format`;
        return {reason: 'InvalidImageName', message};
      }
      const before = onNode.get(reference);
      if (before && policy !== 'Always') return {...before, reference, present: true};
      if (policy === 'Never') {
        const message = `Container image "${image}" is not present with pull policy of Never`;
        return {reason: 'ErrImageNeverPull', message};
      }
      const known = find(image, reference);
      if (!known) return {reason: 'ErrImagePull', message: notFound(reference)};
      const imageID = imageId(reference);
      onNode.set(reference, {known, imageID});
      return {known, reference, imageID, present: false};
    },
    keep(image) {
      const reference = completeReference(image);
      const known = reference === undefined ? undefined : find(image, reference);
      if (reference !== undefined && known) onNode.set(reference, {known, imageID: imageId(reference)});
    },
    list: () =>
      [...onNode].map(([reference, {known, imageID}]) => ({
        names: [imageID, reference],
        sizeBytes: known.sizeBytes,
      })),
  };
}

/**
 * Whether a registry could have this tag: `latest`, or something with a version in it. Which versions exist is
 * not known here, so any will do; `:nonexistent` will not.
 */
function namesRelease(reference: string): boolean {
  return reference.includes('@sha256:') || /:(latest|v?\d[\w.-]*|[\w.-]*\d\.\d[\w.-]*)$/.test(reference);
}

/** As containerd reports a reference that its registry does not have. */
function notFound(reference: string): string {
  return (
    `rpc error: code = NotFound desc = failed to pull and unpack image "${reference}": ` +
    `failed to resolve reference "${reference}": ${reference}: not found`
  );
}
