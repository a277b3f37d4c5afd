import {createServer} from 'node:http';
import {type Duplex, PassThrough} from 'node:stream';
import {describe, expect, it} from 'vitest';
import {systemClock} from '../clock.ts';
import type {PodNetwork} from '../mesh/network.ts';
import type {Container, Pod} from '../objects.ts';
import {duplexPair} from '../streams/testing.ts';
import {captureCommand, ExecutableNotFound, runCommand} from './run-command.ts';

const container: Container = {
  name: 'curl',
  image: 'curl',
  volumeMounts: [{name: 'config', mountPath: '/etc/config'}],
};
const pod: Pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {name: 'curl-1', namespace: 'default', uid: 'u1'},
  spec: {containers: [container]},
  status: {phase: 'Running', podIP: '10.244.0.5'},
};

/** A network with one HTTP server, `web`, and one port that hangs up. */
function network(): PodNetwork {
  const server = createServer((request, response) => {
    if (request.url === '/redirect') response.writeHead(302, {Location: '/final'}).end();
    else if (request.url === '/missing') response.writeHead(404).end('no\n');
    else if (request.url === '/slow') return;
    else {
      const chunks: Buffer[] = [];
      request.on('data', chunk => chunks.push(chunk));
      request.on('end', () => {
        response.setHeader('X-Test', 'yes');
        response.end(
          `${request.method} ${request.url} ${request.headers['end-user'] ?? '-'} ${Buffer.concat(chunks)}\n`,
        );
      });
    }
  });
  const fail = (code: string) => Promise.reject(Object.assign(new Error(code), {code}));
  return {
    podIP: '10.244.0.5',
    listen: () => fail('EADDRINUSE'),
    async dial(host, port) {
      if (host === 'refused') return fail('ECONNREFUSED');
      if (host === 'silent') return fail('ECONNRESET');
      if (host !== 'web') return fail('ENOTFOUND');
      const [client, remote] = duplexPair();
      if (port === 81) remote.once('data', () => remote.end());
      else
        server.emit(
          'connection',
          Object.assign(remote, {setTimeout() {}, setNoDelay() {}, setKeepAlive() {}}),
        );
      return client as Duplex;
    },
  };
}

function sh(script: string, signal = new AbortController().signal) {
  return captureCommand({
    argv: ['sh', '-c', script],
    pod,
    container,
    env: {LEVEL: '3'},
    programs: ['curl', 'wget', 'nslookup'],
    network: network(),
    clock: systemClock,
    resolve: name => (name === 'web' ? ['10.96.1.2'] : []),
    volumeFiles: name => (name === 'config' ? {colour: 'red\n'} : undefined),
    signal,
  });
}

describe('the shell', () => {
  it.each([
    ['echo "a  $LEVEL" b\'$LEVEL\' c\\ d', 'a  3 b$LEVEL c d\n', 0],
    ['x=$(echo one; echo two); echo "$x" | wc -l; echo $x', '2\none two\n', 0],
    ['false && echo no || echo yes; exit 7', 'yes\n', 7],
    ['for i in $(seq 1 3); do printf "%02d-" $i; done', '01-02-03-', 0],
    [
      'i=0; while [ $i -lt 4 ]; do i=$((i + 1)); if [ $i = 2 ]; then continue; fi; echo $i; done',
      '1\n3\n4\n',
      0,
    ],
    ['echo out; echo err >&2', 'out\n', 0],
    ['(echo a; echo b >&2) 2>&1 | sort -r', 'b\na\n', 0],
    ['nosuch >/dev/null 2>&1; echo $?', '127\n', 0],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell expands it
    ['echo ${NONE:-default} ${LEVEL:+set} ${#LEVEL}', 'default set 1\n', 0],
    ['printf "b\\na\\nb\\n" | sort | uniq -c', '      1 a\n      2 b\n', 0],
    ['echo "<title>Shop</title>" | grep -o "<title>.*</title>"', '<title>Shop</title>\n', 0],
    ['seq 1 100000 | head -n 2', '1\n2\n', 0],
    ['cat /etc/config/colour; ls /etc/config; hostname', 'red\ncolour\ncurl-1\n', 0],
    ['while read -r a b; do echo "$b"; done <<X', '', 2],
    ['test -f /etc/hosts && test ! -d /etc/nothing; echo $?', '0\n', 0],
    ['set -e; false; echo never', '', 1],
    ['if false; then echo a; elif true; then echo b; else echo c; fi', 'b\n', 0],
  ])('%s', async (script, stdout, exitCode) => {
    expect(await sh(script)).toMatchObject({stdout, exitCode});
  });

  it('says what it cannot find, write or parse, as dash does', async () => {
    expect(await sh('nosuch')).toMatchObject({stderr: 'sh: 1: nosuch: not found\n', exitCode: 127});
    expect((await sh('echo a > /tmp/x')).stderr).toBe('sh: 1: cannot create /tmp/x: Read-only file system\n');
    expect(await sh('if true; echo')).toMatchObject({exitCode: 2});
    expect((await sh('echo "a')).stderr).toContain('Unterminated quoted string');
  });

  it('stops an endless loop when the client goes', async () => {
    const gone = new AbortController();
    const running = sh('while true; do true; done', gone.signal);
    setImmediate(() => gone.abort());
    expect((await running).exitCode).toBe(130);
  });

  it('prompts on a terminal, echoes, and stops what runs on Ctrl-C', async () => {
    const keys = new PassThrough();
    const screen = new PassThrough();
    let shown = '';
    const seen = (text: string) =>
      new Promise<void>(resolve => {
        const check = () => {
          if (!shown.includes(text)) return;
          screen.off('data', check);
          resolve();
        };
        screen.on('data', check);
        check();
      });
    screen.on('data', chunk => {
      shown += chunk;
    });
    const running = runCommand({
      argv: ['sh'],
      pod,
      container,
      env: {},
      programs: [],
      network: network(),
      clock: systemClock,
      stdin: keys,
      stdout: screen,
      stderr: screen,
      tty: true,
      signal: new AbortController().signal,
    });
    keys.write('echo hix\x7f\r');
    await seen('\r\nhi\r\n# ');
    keys.write('sleep 1000\r');
    await seen('sleep 1000\r\n');
    keys.write('\x03');
    await seen('^C\r\n');
    keys.write('echo $?\r');
    await seen('130\r\n');
    keys.write('exit 4\r');
    expect(await running).toBe(4);
  });
});

describe('curl', () => {
  it.each([
    ['curl -s web/a', 'GET /a - \n', 0],
    ['curl -s -o /dev/null -w "%{http_code} %{size_download}\\n" http://web/missing', '404 3\n', 0],
    ['curl -s -H "end-user: jason" -d a=1 -d b=2 web', 'POST / jason a=1&b=2\n', 0],
    ['curl -sL web/redirect', 'GET /final - \n', 0],
    ['curl -sI web | grep -i x-test', 'X-Test: yes\r\n', 0],
    ['curl -s -w "%{http_code}" nowhere', '000', 6],
    ['curl -s refused:9080', '', 7],
    ['curl -s -m 0.05 web/slow', '', 28],
    ['curl -s web:81', '', 52],
    ['curl -s silent', '', 56],
    ['curl -sf web/missing', '', 22],
    ['wget -qO- http://web/b', 'GET /b - \n', 0],
  ])('%s', async (script, stdout, exitCode) => {
    expect(await sh(script)).toMatchObject({stdout, exitCode});
  });

  it("reports errors in curl's words", async () => {
    expect((await sh('curl -sS nowhere')).stderr).toBe('curl: (6) Could not resolve host: nowhere\n');
    expect((await sh('curl -sSf web/missing')).stderr).toBe(
      'curl: (22) The requested URL returned error: 404\n',
    );
    expect((await sh('curl --nonsense web')).stderr).toContain('curl: option --nonsense: is unknown');
    expect((await sh('wget -qO- http://nowhere')).stderr).toBe("wget: bad address 'nowhere'\n");
    expect((await sh('nslookup web')).stdout).toContain('Address: 10.96.1.2\n');
  });
});

it('refuses a program that the image does not have', async () => {
  const command = {pod, container, env: {}, programs: [], network: network(), clock: systemClock};
  const signal = new AbortController().signal;
  await expect(captureCommand({...command, argv: ['python3'], signal})).rejects.toThrow(ExecutableNotFound);
  await expect(captureCommand({...command, argv: ['curl', 'web'], signal})).rejects.toThrow(
    'executable file not found in $PATH',
  );
});
