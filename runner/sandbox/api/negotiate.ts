import {ApiError} from './errors.ts';

/** How a client wants objects shown. */
export type Presentation = 'object' | 'table' | 'metadata';

interface Offer {
  type: string;
  parameters: Record<string, string>;
}

/**
 * Reads `Accept`: `as=Table` and `as=PartialObjectMetadata(List)` of meta.k8s.io/v1 are known, and JSON is
 * the answer to everything that allows it.
 * @throws ApiError 406 when it does not.
 */
export function presentationOf(accept: string | undefined): Presentation {
  const offers = parseAccept(accept);
  if (offers.length === 0) return 'object';
  for (const {type, parameters} of offers) {
    if (!isJson(type) && type !== protobuf) continue;
    const as = parameters['as'];
    if (as === undefined && isJson(type)) return 'object';
    if (parameters['g'] !== 'meta.k8s.io' || parameters['v'] !== 'v1') continue;
    if (as === 'Table') return 'table';
    if (as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList') return 'metadata';
  }
  if (offers.some(offer => isJson(offer.type) && offer.parameters['as'] === undefined)) return 'object';
  throw new ApiError(406, 'NotAcceptable', 'only the following media types are accepted: application/json');
}

/** True when discovery is asked for in one document. */
export function wantsAggregatedDiscovery(accept: string | undefined): string | undefined {
  for (const {parameters} of parseAccept(accept)) {
    const {as, g, v} = parameters;
    if (as === 'APIGroupDiscoveryList' && g === 'apidiscovery.k8s.io' && (v === 'v2' || v === 'v2beta1'))
      return v;
  }
  return undefined;
}

const protobuf = 'application/vnd.kubernetes.protobuf';

function isJson(type: string): boolean {
  return type === 'application/json' || type === '*/*' || type === 'application/*';
}

function parseAccept(accept: string | undefined): Offer[] {
  return (accept ?? '')
    .split(',')
    .filter(part => part.trim() !== '')
    .map(part => {
      const [type = '', ...parameters] = part.split(';').map(piece => piece.trim());
      return {type, parameters: Object.fromEntries(parameters.map(each => each.split('=', 2)))};
    });
}
