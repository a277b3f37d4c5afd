import type {Clock, Random} from '../../clock.ts';
import type {ApiResponse} from '../messages.ts';
import type {Operations, WriteContext} from '../operations.ts';
import type {ResourceRequest} from '../resource-requests.ts';
import type {TokenIssuer} from '../service-account-tokens.ts';

/** What the server's own subresources work with. */
export interface SubresourceCall {
  request: ResourceRequest;
  operations: Operations;
  context: WriteContext;
  clock: Clock;
  random: Random;
  tokens: TokenIssuer;
}

export type BuiltinSubresource = (call: SubresourceCall) => ApiResponse;
