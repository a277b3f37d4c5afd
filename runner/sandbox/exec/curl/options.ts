/** A curl command line, read. */
export interface CurlOptions {
  urls: string[];
  method: string | undefined;
  headers: string[];
  /** The body of a POST; `-d` joins with `&`. */
  data: string | undefined;
  dataAsQuery: boolean;
  cookies: string[];
  silent: boolean;
  showError: boolean;
  outputs: string[];
  writeOut: string | undefined;
  head: boolean;
  include: boolean;
  verbose: boolean;
  fail: 'no' | 'quiet' | 'with-body';
  follow: boolean;
  maxRedirects: number;
  insecure: boolean;
  compressed: boolean;
  userAgent: string | undefined;
  user: string | undefined;
  /** Seconds. */
  maxTime: number | undefined;
  connectTimeout: number | undefined;
  retries: number;
  retryDelay: number | undefined;
  retryAllErrors: boolean;
  retryConnectionRefused: boolean;
  /** `host:port` to the address to dial instead. */
  resolve: Map<string, string>;
  http10: boolean;
}

/** The command line is wrong; curl ends with 2. */
export class CurlUsageError extends Error {
  override name = 'CurlUsageError';
}

type Apply = (options: CurlOptions, value: string) => void;

function seconds(value: string, flag: string): number {
  const number = Number(value);
  if (value === '' || Number.isNaN(number)) {
    throw new CurlUsageError(`option ${flag}: expected a proper numerical parameter`);
  }
  return number;
}

const switches: Record<string, Apply> = {
  '-s': options => {
    options.silent = true;
  },
  '-S': options => {
    options.showError = true;
  },
  '-I': options => {
    options.head = true;
    options.include = true;
  },
  '-i': options => {
    options.include = true;
  },
  '-v': options => {
    options.verbose = true;
  },
  '-f': options => {
    options.fail = 'quiet';
  },
  '--fail-with-body': options => {
    options.fail = 'with-body';
  },
  '-L': options => {
    options.follow = true;
  },
  '-k': options => {
    options.insecure = true;
  },
  '-G': options => {
    options.dataAsQuery = true;
  },
  '--compressed': options => {
    options.compressed = true;
  },
  '--retry-all-errors': options => {
    options.retryAllErrors = true;
  },
  '--retry-connrefused': options => {
    options.retryConnectionRefused = true;
  },
  '-0': options => {
    options.http10 = true;
  },
  '--no-progress-meter': options => {
    options.silent = true;
    options.showError = true;
  },
  // Already so here: IPv4 only, HTTP/1.1, output as it comes, no configuration file.
  '-4': () => {},
  '--http1.1': () => {},
  '-N': () => {},
  '-q': () => {},
  '-g': () => {},
  '-#': () => {},
};

const valued: Record<string, Apply> = {
  '-o': (options, value) => void options.outputs.push(value),
  '-w': (options, value) => {
    options.writeOut = value;
  },
  '-H': (options, value) => void options.headers.push(value),
  '-X': (options, value) => {
    options.method = value;
  },
  '-d': (options, value) => {
    options.data = options.data === undefined ? value : `${options.data}&${value}`;
  },
  '--data-urlencode': (options, value) => {
    const at = value.indexOf('=');
    const encoded =
      at < 0 ? encodeURIComponent(value) : `${value.slice(0, at)}=${encodeURIComponent(value.slice(at + 1))}`;
    options.data = options.data === undefined ? encoded : `${options.data}&${encoded}`;
  },
  '--json': (options, value) => {
    options.data = (options.data ?? '') + value;
    options.headers.push('Content-Type: application/json', 'Accept: application/json');
  },
  '-b': (options, value) => void options.cookies.push(value),
  '-A': (options, value) => {
    options.userAgent = value;
  },
  '-e': (options, value) => void options.headers.push(`Referer: ${value}`),
  '-u': (options, value) => {
    options.user = value;
  },
  '-m': (options, value) => {
    options.maxTime = seconds(value, '-m');
  },
  '--connect-timeout': (options, value) => {
    options.connectTimeout = seconds(value, '--connect-timeout');
  },
  '--retry': (options, value) => {
    options.retries = seconds(value, '--retry');
  },
  '--retry-delay': (options, value) => {
    options.retryDelay = seconds(value, '--retry-delay');
  },
  '--retry-max-time': () => {},
  '--max-redirs': (options, value) => {
    options.maxRedirects = seconds(value, '--max-redirs');
  },
  '--url': (options, value) => void options.urls.push(value),
  '--resolve': (options, value) => {
    const [host, port, ...address] = value.split(':');
    options.resolve.set(`${host}:${port}`, address.join(':'));
  },
};

const longNames: Record<string, string> = {
  '--silent': '-s',
  '--show-error': '-S',
  '--head': '-I',
  '--include': '-i',
  '--show-headers': '-i',
  '--verbose': '-v',
  '--fail': '-f',
  '--location': '-L',
  '--insecure': '-k',
  '--get': '-G',
  '--http1.0': '-0',
  '--ipv4': '-4',
  '--no-buffer': '-N',
  '--disable': '-q',
  '--globoff': '-g',
  '--progress-bar': '-#',
  '--output': '-o',
  '--write-out': '-w',
  '--header': '-H',
  '--request': '-X',
  '--data': '-d',
  '--data-raw': '-d',
  '--data-ascii': '-d',
  '--data-binary': '-d',
  '--cookie': '-b',
  '--user-agent': '-A',
  '--referer': '-e',
  '--user': '-u',
  '--max-time': '-m',
};

/** Reads the words behind `curl`. @throws CurlUsageError for an option that does not exist or is not simulated. */
export function parseCurlOptions(words: readonly string[]): CurlOptions {
  const options: CurlOptions = {
    urls: [],
    method: undefined,
    headers: [],
    data: undefined,
    dataAsQuery: false,
    cookies: [],
    silent: false,
    showError: false,
    outputs: [],
    writeOut: undefined,
    head: false,
    include: false,
    verbose: false,
    fail: 'no',
    follow: false,
    maxRedirects: 50,
    insecure: false,
    compressed: false,
    userAgent: undefined,
    user: undefined,
    maxTime: undefined,
    connectTimeout: undefined,
    retries: 0,
    retryDelay: undefined,
    retryAllErrors: false,
    retryConnectionRefused: false,
    resolve: new Map(),
    http10: false,
  };
  const queue = [...words];
  const take = (flag: string): string => {
    const value = queue.shift();
    if (value === undefined) throw new CurlUsageError(`option ${flag}: requires parameter`);
    return value;
  };
  for (let word = queue.shift(); word !== undefined; word = queue.shift()) {
    if (word.startsWith('--') && word.length > 2) {
      const flag = longNames[word] ?? word;
      const plain = switches[flag];
      const withValue = valued[flag];
      if (plain) plain(options, '');
      else if (withValue) withValue(options, take(word));
      else throw new CurlUsageError(`option ${word}: is unknown`);
    } else if (word.startsWith('-') && word.length > 1 && word !== '--') {
      for (let at = 1; at < word.length; at++) {
        const flag = `-${word[at]}`;
        const withValue = valued[flag];
        if (withValue) {
          withValue(options, word.slice(at + 1) || take(flag));
          break;
        }
        const plain = switches[flag];
        if (!plain) throw new CurlUsageError(`option ${word}: is unknown`);
        plain(options, '');
      }
    } else if (word !== '--') options.urls.push(word);
  }
  if (options.urls.length === 0) throw new CurlUsageError('no URL specified');
  return options;
}
