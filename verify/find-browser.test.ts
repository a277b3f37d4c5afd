import {chmod, mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {cachedBuild} from './browser-cache.ts';
import {fetchBrowser} from './fetch-browser.ts';
import {type BrowserSearch, findBrowser} from './find-browser.ts';
import type {RunProcess} from './run-process.ts';
import type {System} from './system.ts';

describe('browsers', () => {
  let home: string;
  let search: BrowserSearch;

  beforeEach(async () => {
    home = await mkdtemp(path.join(os.tmpdir(), 'browsers-'));
    search = {
      env: {PATH: path.join(home, 'bin')},
      home,
      platform: 'linux',
      cacheFolder: path.join(home, 'cache'),
    };
  });
  afterEach(() => rm(home, {recursive: true}));

  async function put(...parts: string[]) {
    const file = path.join(home, ...parts);
    await mkdir(path.dirname(file), {recursive: true});
    await writeFile(file, '#!/bin/sh\n');
    await chmod(file, 0o755);
    return file;
  }

  it('prefers what starts fastest', async () => {
    expect(await findBrowser(search)).toBeUndefined();
    await put('bin', 'microsoft-edge');
    expect((await findBrowser(search))?.name).toBe('edge');
    await put('bin', 'chromium');
    expect((await findBrowser(search))?.name).toBe('chromium');
    await put('bin', 'google-chrome');
    expect((await findBrowser(search))?.name).toBe('chrome');
    await put('cache', cachedBuild, 'chromium');
    expect((await findBrowser(search))?.name).toBe('chrome');
    const manifest = {
      name: 'cached',
      executable: 'chromium',
      libraries: 'lib',
      fontconfig: 'fonts.conf',
      arguments: [],
    };
    await writeFile(path.join(home, 'cache', cachedBuild, 'browser.json'), JSON.stringify(manifest));
    expect((await findBrowser(search))?.name).toBe('cached');
    await put('bin', 'chromium-headless-shell');
    expect((await findBrowser(search))?.name).toBe('chromium-headless-shell');
    const shell = (revision: string) =>
      put('.cache', 'ms-playwright', `chromium_headless_shell-${revision}`, 'chrome-linux', 'headless_shell');
    await shell('998');
    const newest = await shell('1255');
    expect((await findBrowser(search))?.executable).toBe(newest);
  });

  describe('fetchBrowser', () => {
    const system: System = {platform: 'linux', arch: 'x64', glibc: true, root: false, ci: false};

    async function attempt(over: Partial<System>, run: RunProcess) {
      const commands: string[] = [];
      const progress: string[] = [];
      const result = await fetchBrowser({
        search,
        system: {...system, ...over},
        progress: line => progress.push(line),
        run: options => {
          commands.push(
            [path.basename(options.command), ...options.args.map(argument => path.basename(argument))].join(
              ' ',
            ),
          );
          return run(options);
        },
      }).catch(error => error);
      return {result, commands, progress};
    }
    const failing: RunProcess = async () => ({
      exitCode: 1,
      stdout: '',
      stderr: 'no route to host',
      timedOut: false,
    });

    it('tries Playwright, then npm, and then says what to run', async () => {
      const {result, commands, progress} = await attempt({}, failing);
      expect(commands.map(command => command.split(' ').slice(0, 2).join(' '))).toEqual([
        'node cli.js',
        'npm pack',
      ]);
      expect(result).toMatchObject({code: 'no-browser'});
      expect(result.remedies[0]).toContain('npx playwright install');
      expect(result.detail).toContain('no route to host');
      expect(progress[0]).toMatch(/^Fetching Playwright's headless shell \(about 100 MB\)/);
    });

    it('installs a package of the system only for root in CI or after consent', async () => {
      expect((await attempt({root: true}, failing)).commands.join()).not.toContain('apt-get');
      expect((await attempt({root: true, ci: true}, failing)).commands.join()).toContain('apt-get install');
    });

    it('does not offer an x64 build to other systems', async () => {
      for (const other of [{arch: 'arm64'}, {glibc: false}, {platform: 'darwin'}] as const) {
        expect((await attempt(other, failing)).commands.join()).not.toContain('npm');
      }
    });

    it('refuses a package that is not what was published, and leaves nothing behind', async () => {
      const {result} = await attempt({}, async ({command, folder = ''}) => {
        if (command !== 'npm') return failing({command, args: []});
        await writeFile(path.join(folder, 'chromium.tgz'), 'something else');
        return {exitCode: 0, stdout: '', stderr: '', timedOut: false};
      });
      expect(result.detail).toContain('is not what was published');
      expect(await findBrowser(search)).toBeUndefined();
    });

    it('does not count a browser that does not start', async () => {
      const {result} = await attempt({}, async ({command, args}) => {
        if (args.includes('install')) await put('bin', 'chromium-headless-shell');
        const starts = args.includes('install');
        return {
          exitCode: starts ? 0 : 127,
          stdout: '',
          stderr: `${command}: libnss3.so: cannot open`,
          timedOut: false,
        };
      });
      expect(result.code).toBe('no-browser');
      expect(result.detail).toContain('does not start');
    });
  });
});
