import {spawn} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {systemProcesses} from './processes.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'processes-'));
});
afterEach(() => rmSync(directory, {recursive: true, force: true}));

const env = {PATH: process.env['PATH'] ?? '', MARK: 'set'};

function shell(text: string, more: Partial<Parameters<typeof systemProcesses.shell>[0]> = {}) {
  return systemProcesses.shell({text, directory, env, ...more});
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** A process that has ended but was not waited for still has a number; it counts as ended. */
async function ended(pid: number): Promise<boolean> {
  for (let look = 0; look < 500 && isAlive(pid); look += 1) {
    const {stdout} = await systemProcesses.tool({command: 'ps', args: ['-o', 'stat=', '-p', String(pid)]});
    if (stdout.trim() === '' || stdout.startsWith('Z')) return true;
  }
  return !isAlive(pid);
}

describe('a shell command', () => {
  it('runs where it should, with the given environment and no input', async () => {
    const result = await shell('pwd; echo "$MARK"; cat; echo problem >&2');
    expect(result.stdout).toBe(`${directory}\nset\n`);
    expect(result.stderr).toBe('problem\n');
    expect(result.exitCode).toBe(0);
  });

  it('stops at the first command that fails, and tells its exit code', async () => {
    const result = await shell('echo one; (exit 7); echo two');
    expect(result).toMatchObject({exitCode: 7, stdout: 'one\n', timedOut: false});
  });

  it('passes output on as it comes', async () => {
    const seen: string[] = [];
    const abort = new AbortController();
    const result = await shell('echo first; sleep 30', {
      signal: abort.signal,
      onOutput: (text, stream) => {
        if (stream === 'stdout') seen.push(text);
        abort.abort();
      },
    });
    expect(seen).toEqual(['first\n']);
    expect(result.cancelled).toBe(true);
  });

  it('ends with all its children when its time is up', async () => {
    const result = await shell('sleep 30 & echo $!; wait', {timeout: 300});
    expect(result.timedOut).toBe(true);
    expect(await ended(Number(result.stdout))).toBe(true);
  });

  it('ends even when it ignores the polite signals', async () => {
    const result = await shell("trap '' INT TERM; echo on; sleep 30; sleep 30", {timeout: 200});
    expect(result.timedOut).toBe(true);
    expect(result.exitCode).toBe(137);
  });

  it('neither waits for what it left behind nor lets it go on', async () => {
    const result = await shell('sleep 20 & echo $!');
    expect(result.milliseconds).toBeLessThan(10_000);
    expect(await ended(Number(result.stdout))).toBe(true);
  });
});

describe('a guarded command', () => {
  it('ends when the app is killed with -9', async () => {
    const source = path.join(import.meta.dirname, 'processes.ts');
    const script = `
      import {createServer} from 'vite';
      const server = await createServer({configFile: false, logLevel: 'silent', server: {middlewareMode: true, ws: false, watch: null}, optimizeDeps: {noDiscovery: true}});
      const {systemProcesses} = await server.ssrLoadModule(${JSON.stringify(source)});
      void systemProcesses.shell({text: 'echo $$; exec sleep 300', directory: '/', env: process.env, onOutput: text => process.stdout.write(text)});
    `;
    const app = spawn(process.execPath, ['--input-type=module', '-e', script], {
      cwd: path.resolve(import.meta.dirname, '..'),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const pid = await new Promise<number>(resolve =>
      app.stdout.once('data', chunk => resolve(Number(chunk))),
    );
    expect(isAlive(pid)).toBe(true);
    app.kill('SIGKILL');
    expect(await ended(pid)).toBe(true);
  });
});

describe('a tool', () => {
  it('that is missing is exit code 127, not an exception', async () => {
    const result = await systemProcesses.tool({command: 'no-such-tool-here', args: []});
    expect(result).toMatchObject({exitCode: 127, stderr: 'no-such-tool-here: not found'});
  });
});
