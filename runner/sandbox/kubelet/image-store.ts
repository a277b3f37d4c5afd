import {completeReference, imageId} from '../../image-reference.ts';
import type {KnownImage} from './image.ts';

export interface ReadyImage {
  known: KnownImage;
  reference: string;
  imageID: string;
}

export interface ImageFailure {
  reason: 'ErrImagePull' | 'InvalidImageName' | 'ErrImageNeverPull';
  message: string;
}

/** An image that has to be asked for at its registry. */
export interface WantedImage {
  reference: string;
  /** What runs it; absent: no registry has it, as far as the sandbox goes. */
  known: KnownImage | undefined;
}

/** The images on the node. */
export interface ImageStore {
  /** What the node can tell of an image, by its pull policy, without asking anybody. */
  look(
    image: string,
    policy: string | undefined,
  ): {present: ReadyImage} | {wanted: WantedImage} | {failure: ImageFailure};
  /** Whether the node has what a pull would download. */
  has(wanted: WantedImage): boolean;
  /** A pull came to its end. */
  pulled(wanted: WantedImage): ReadyImage | ImageFailure;
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
    look(image, policy) {
      const reference = completeReference(image);
      if (reference === undefined) {
        const message = `Failed to apply default image tag "${image}": couldn't parse image name "${image}": invalid reference format`;
        return {failure: {reason: 'InvalidImageName', message}};
      }
      const before = onNode.get(reference);
      if (before && policy !== 'Always') return {present: {...before, reference}};
      if (policy === 'Never') {
        const message = `Container image "${image}" is not present with pull policy of Never`;
        return {failure: {reason: 'ErrImageNeverPull', message}};
      }
      return {wanted: {reference, known: find(image, reference)}};
    },
    has: ({reference}) => onNode.has(reference),
    pulled({reference, known}) {
      if (!known) return {reason: 'ErrImagePull', message: notFound(reference)};
      const imageID = imageId(reference);
      onNode.set(reference, {known, imageID});
      return {known, reference, imageID};
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
  if (reference.includes('@sha256:')) return true;
  const colon = reference.lastIndexOf(':');
  const tag = colon < 0 ? '' : reference.slice(colon + 1);
  return /^[\w.-]+$/.test(tag) && (tag === 'latest' || /^v?\d/.test(tag) || /\d\.\d/.test(tag));
}

/** As containerd reports a reference that its registry does not have. */
function notFound(reference: string): string {
  return (
    `rpc error: code = NotFound desc = failed to pull and unpack image "${reference}": ` +
    `failed to resolve reference "${reference}": ${reference}: not found`
  );
}
