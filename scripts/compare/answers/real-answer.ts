import type {RawAnswer} from '../real/asking.ts';
import {asWritten} from '../world/addresses.ts';
import {standsIn} from '../world/places.ts';
import {type Answer, backText, forwardedText} from './answer.ts';

const passthroughClusters = ['PassthroughCluster', 'InboundPassthroughCluster'];

/** What the real thing did, from its answer and its access log. */
export function answerOfReal(raw: RawAnswer): Answer {
  const answer = reduced(raw);
  return {...answer, text: asWritten(answer.text)};
}

/** A balanced connection, or one to the address that the client dialled. */
function passedOn(pod: string): Answer {
  return {text: standsIn(pod) ? 'passthrough' : 'tcp', pods: [pod]};
}

function reduced({
  error,
  status,
  headers = {},
  body = '',
  echo,
  bytesFrom,
  mirrored = [],
  log,
}: RawAnswer): Answer {
  if (error) return {text: `error ${error}`};
  if (bytesFrom) return passedOn(bytesFrom);
  if (echo) {
    const {pod, method, path, headers: sent} = echo;
    if (!log || passthroughClusters.includes(log.cluster)) {
      return passedOn(pod);
    }
    const {cluster, route} = log;
    const host = `${sent.host}`;
    const mirrors = mirrored.map(copy => ({pod: copy.pod, host: `${copy.headers.host}`, path: copy.path}));
    const text = forwardedText({
      cluster,
      method,
      path,
      host,
      headers: sent,
      responseHeaders: headers,
      route,
      mirrors,
    });
    return {text, pods: [pod, ...mirrors.map(copy => `+${copy.pod}`)]};
  }
  const {flags = '', route, cluster, details = ''} = log ?? {};
  if (flags.includes('FI')) return {text: `abort ${status}`};
  if (flags.includes('NR')) return {text: `${status} NR`};
  if (flags.includes('NC')) return {text: `${status} NC`};
  if (flags.includes('UH')) return {text: `${status} UH ${cluster}`};
  if (flags.includes('UPE')) return {text: `${status} UPE ${cluster}`};
  if (route === 'block_all') return {text: `${status} block_all`};
  if (headers.location) return {text: `redirect ${status} ${headers.location}${backText(headers)}`};
  if (details === 'cors_response') return {text: `cors ${status}${backText(headers)}`};
  if (details === 'direct_response') return {text: `direct ${status} ${body}${backText(headers)}`};
  return {text: `other ${status} ${flags} ${details} ${cluster}`};
}
