import {ApiError} from '../errors.ts';
import {badRequest} from '../failures.ts';
import {messageNameOf} from '../schema/message-fields.ts';
import {decodeMessage} from './decode.ts';

const magic = Buffer.from([0x6b, 0x38, 0x73, 0x00]);

/**
 * Decodes a body of `application/vnd.kubernetes.protobuf`: four bytes of magic, then the message `Unknown`,
 * which names apiVersion and kind and holds the object's own message.
 * @throws ApiError 400 for bytes that are none, 415 for a kind without a table.
 */
export function decodeProtobuf(body: Uint8Array): any {
  if (body.length < 4 || !magic.equals(body.subarray(0, 4))) {
    throw badRequest(
      'provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]',
    );
  }
  try {
    return decodeEnvelope(body.subarray(4));
  } catch (error) {
    if (error instanceof RangeError) throw badRequest(`the protobuf body is cut off: ${error.message}`);
    throw error;
  }
}

function decodeEnvelope(bytes: Uint8Array): any {
  const envelope = decodeMessage('meta.v1.Unknown', bytes);
  const {apiVersion = '', kind = ''} = envelope.typeMeta ?? {};
  const message = messageNameOf(apiVersion, kind);
  if (!message) {
    throw new ApiError(
      415,
      'UnsupportedMediaType',
      `the sandbox has no protobuf table for ${kind} in ${apiVersion}; send application/json`,
    );
  }
  const raw = Buffer.from(envelope.raw ?? '', 'base64');
  return {kind, apiVersion, ...decodeMessage(message, raw)};
}
