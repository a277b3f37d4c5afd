/** One length-delimited protobuf field; both numbers below 16 and lengths below 128, so single bytes do. */
function field(number: number, content: Uint8Array | string): Uint8Array {
  const bytes = Buffer.from(content);
  return Buffer.concat([Buffer.from([(number << 3) | 2, bytes.length]), bytes]);
}

/**
 * The OpenAPI v2 document, in the only encoding that kubectl reads (gnostic's protobuf): valid and without a
 * single schema. kubectl asks for it where a file holds a `kind: List`, to validate the items itself, and takes
 * a kind that the document doesn't name for good; the server then checks every item as usual.
 */
export function openApiVersion2(): Uint8Array {
  const info = Buffer.concat([field(1, 'istio-workshop sandbox'), field(2, 'v1.33.0')]);
  return Buffer.concat([field(1, '2.0'), field(2, info), field(8, '')]);
}

/** The media type of `openApiVersion2`. */
export const openApiVersion2Type = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';
