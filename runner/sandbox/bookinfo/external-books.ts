import type {IncomingHttpHeaders} from 'node:http';
import type {ContainerContext} from '../kubelet/image.ts';
import {forwardedHeaders} from './forwarded-headers.ts';
import {getOverPodNetwork} from './http-client.ts';

const catalogue = 'www.googleapis.com';
const forwarded = [
  'x-request-id',
  'x-b3-traceid',
  'x-b3-spanid',
  'x-b3-parentspanid',
  'x-b3-sampled',
  'x-b3-flags',
];

/**
 * details v2: asks a public catalogue of books instead of answering itself. The cluster's network dials no host
 * outside, so this fails as it does in a cluster without a way out, unless something inside answers for the name.
 */
export async function bookFromCatalogue(options: {
  context: ContainerContext;
  id: number;
  incoming: IncomingHttpHeaders;
}): Promise<Record<string, unknown>> {
  const {context, id, incoming} = options;
  if (context.env.DO_NOT_ENCRYPT !== 'true') {
    const connection = await context.attachment.network.dial(catalogue, 443).catch((error: Error) => {
      throw new Error(`Failed to open TCP connection to ${catalogue}:443 (${error.message})`);
    });
    connection.destroy();
    throw new Error(
      `the sandbox's details service does not speak TLS to ${catalogue}; set DO_NOT_ENCRYPT to true`,
    );
  }
  const answer = await getOverPodNetwork({
    network: context.attachment.network,
    clock: context.clock,
    host: catalogue,
    port: 80,
    path: '/books/v1/volumes?q=isbn:0486424618',
    headers: forwardedHeaders(incoming, forwarded),
    timeout: 5000,
  }).catch((error: Error) => {
    throw new Error(`Failed to open TCP connection to ${catalogue}:80 (${error.message})`);
  });
  const book = JSON.parse(answer.body).items[0].volumeInfo;
  const isbn = (type: string) =>
    book.industryIdentifiers.find((identifier: {type: string}) => identifier.type === type)?.identifier;
  return {
    id,
    author: book.authors[0],
    year: book.publishedDate,
    type: book.printType === 'BOOK' ? 'paperback' : 'unknown',
    pages: book.pageCount,
    publisher: book.publisher,
    language: book.language === 'en' ? 'English' : 'unknown',
    'ISBN-10': isbn('ISBN_10'),
    'ISBN-13': isbn('ISBN_13'),
  };
}
