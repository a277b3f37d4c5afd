import type {Duplex} from 'node:stream';

/** Joins two connections byte for byte, both ways; when one ends or breaks, so does the other. */
export function join(
  left: Duplex,
  right: Duplex,
  done?: (bytes: {sent: number; received: number}) => void,
): void {
  let sent = 0;
  let received = 0;
  let over = false;
  left.on('data', (chunk: Buffer) => {
    received += chunk.length;
  });
  right.on('data', (chunk: Buffer) => {
    sent += chunk.length;
  });
  left.pipe(right);
  right.pipe(left);
  const end = () => {
    if (over) return;
    over = true;
    left.destroy();
    right.destroy();
    done?.({sent, received});
  };
  for (const side of [left, right]) {
    side.on('error', end);
    side.on('close', end);
  }
}

const methods =
  /^(GET|HEAD|POST|PUT|DELETE|OPTIONS|PATCH|TRACE|CONNECT|PROPFIND|MKCOL|COPY|MOVE|LOCK|UNLOCK) /;
const longestMethod = 'PROPFIND '.length;

/** Looks at the first bytes of a connection, without taking them, to tell HTTP from anything else. */
export function sniffHttp(connection: Duplex, decided: (http: boolean) => void): void {
  const onReadable = () => {
    const chunk: Buffer | null = connection.read();
    if (chunk === null) return;
    const start = chunk.subarray(0, longestMethod).toString('latin1');
    const undecided = chunk.length < longestMethod && /^[A-Z]+$/.test(start);
    connection.unshift(chunk);
    if (undecided) return;
    connection.removeListener('readable', onReadable);
    decided(methods.test(start));
  };
  connection.on('readable', onReadable);
}
