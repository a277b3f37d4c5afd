import type {Observation} from './observation.ts';

const known: readonly {pattern: RegExp; code: string; message: string}[] = [
  {
    pattern: /ERR_CONNECTION_REFUSED/,
    code: 'connection-refused',
    message: 'Nothing listens at the address of the product page.',
  },
  {
    pattern: /ERR_(EMPTY_RESPONSE|CONNECTION_RESET|CONNECTION_CLOSED|SOCKET_NOT_CONNECTED)/,
    code: 'connection-closed',
    message: 'The connection was closed before the page was complete.',
  },
  {
    pattern: /ERR_NAME_NOT_RESOLVED/,
    code: 'unknown-host',
    message: 'The host of the product page is not known.',
  },
  {
    pattern: /ERR_(ADDRESS_UNREACHABLE|INTERNET_DISCONNECTED|CONNECTION_TIMED_OUT|TIMED_OUT)/,
    code: 'unreachable',
    message: 'The host of the product page can not be reached.',
  },
  {
    pattern: /ERR_(CERT|SSL)/,
    code: 'certificate',
    message: 'The certificate of the product page is not trusted.',
  },
  {
    pattern: /has been closed|Target closed|browser.*(closed|disconnected)|Page crashed/i,
    code: 'browser-gone',
    message: 'The browser ended while the page was loading.',
  },
  {pattern: /Timeout (\d+)ms exceeded/, code: 'timeout', message: 'The page did not load in time.'},
];

/** Names what went wrong with a load in words for people; the browser's own first line where it is nothing we know. */
export function loadFailure(error: unknown): NonNullable<Observation['failure']> {
  const text = error instanceof Error ? error.message : String(error);
  for (const {pattern, code, message} of known) if (pattern.test(text)) return {code, message};
  return {code: 'browser', message: text.split('\n')[0] ?? text};
}
