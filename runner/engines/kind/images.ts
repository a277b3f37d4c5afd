/**
 * Node images by Kubernetes' minor version, pinned by digest because a tag may be built again for another kind.
 * From the release notes of kind v0.33.0.
 */
const nodeImages: Readonly<Record<string, string>> = {
  '1.34': 'kindest/node:v1.34.11@sha256:44e222ee2132dab25ff87301682f89eb82c7880ea3a1bf543bfe9708fd08d67d',
  '1.33': 'kindest/node:v1.33.1@sha256:050072256b9a903bd914c0b2866828150cb229cea0efe5892e2b644d5dd3b34f',
};

/**
 * The node image for a release of Istio. Istio 1.28 and later run on Kubernetes 1.34, 1.27 up to 1.33
 * (https://istio.io/latest/docs/releases/supported-releases/). Newer node images refuse cgroup v1, which 1.34
 * still takes.
 */
export function nodeImageFor(istioVersion: string): string {
  const minor = Number(istioVersion.split('.')[1]);
  const image = nodeImages[minor >= 28 ? '1.34' : '1.33'];
  if (!image) throw new Error('The table of node images has no image for a supported Kubernetes.');
  return image;
}

/** Megabytes that are downloaded for the node, about. */
export const nodeImageMegabytes = 400;
