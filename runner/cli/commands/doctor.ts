import {accessSync, constants} from 'node:fs';
import {statfs} from 'node:fs/promises';
import {release} from 'node:os';
import path from 'node:path';
import {imagesIn} from '../../catalog/images.ts';
import type {EngineName} from '../../catalog/lab.ts';
import {examine} from '../../doctor/doctor.ts';
import type {Finding} from '../../doctor/finding.ts';
import type {Machine} from '../../doctor/machine.ts';
import {type ExitCode, exitCodes} from '../../errors.ts';
import {systemProcesses} from '../../processes.ts';
import {isPortFree} from '../../session/ports.ts';
import {openWorkshopStore} from '../../session/workshop-store.ts';
import {jsonLine} from '../../ui/json/json-line.ts';
import {createPaint, type Paint} from '../../ui/paint.ts';
import {cleanData} from '../../ui/text/clean-text.ts';
import {settingsOf} from '../engines.ts';
import type {Io} from '../io.ts';
import {type GlobalOptions, parseEngine} from '../options.ts';
import {browserFolder, stateFolder} from '../paths.ts';
import {reach} from '../reach.ts';
import {readLabs} from '../read-labs.ts';
import {viewChoice} from '../view-choice.ts';

/** `doctor`: one line for each thing that the engine needs, with its fix; 3 when something needed is missing. */
export async function doctor(io: Io, options: GlobalOptions): Promise<ExitCode> {
  const folder = stateFolder(io);
  const name = options.workshop ?? io.env['ISTIO_WORKSHOP'] ?? 'default';
  const record = await (await openWorkshopStore({stateFolder: folder, name})).readRecord();
  const engine: EngineName = options.engine ? parseEngine(options.engine) : (record?.engine ?? 'sandbox');
  const stop = new AbortController();
  const forget = io.onSignal(() => stop.abort());
  try {
    const findings = await examine({
      engine,
      settings: {...record?.settings, ...settingsOf(io, options)},
      labImages: imagesIn(await readLabs(io)),
      machine: machineOf(io),
      folder,
      home: io.homeFolder,
      signal: stop.signal,
    });
    const choice = viewChoice(io, options, true);
    const paint = createPaint(choice.colour);
    const missing = findings.filter(({status}) => status === 'missing').length;
    for (const finding of findings) {
      const line =
        choice.view === 'json'
          ? jsonLine({type: 'finding', engine, ...finding})
          : asText(cleanData(finding), paint);
      io.stdout.write(`${line}\n`);
    }
    if (choice.view === 'json') {
      io.stdout.write(`${jsonLine({type: 'doctor-finished', engine, missing})}\n`);
    } else {
      io.stderr.write(
        missing === 0
          ? `Nothing is missing for the engine ${engine}.\n`
          : `${missing} ${missing === 1 ? 'thing is' : 'things are'} missing for the engine ${engine}.\n`,
      );
    }
    return missing === 0 ? exitCodes.passed : exitCodes.environment;
  } finally {
    forget();
  }
}

function asText({name, status, found, wanted, fix}: Finding, paint: Paint): string {
  const signs = {ok: paint.good('✓'), warning: '!', missing: paint.bad('✗'), absent: '-'};
  const range = wanted ? paint.quiet(` (needs ${wanted})`) : '';
  const line = `${signs[status]} ${name.padEnd(17)} ${found}${range}`;
  return fix ? `${line}\n    ${paint.quiet('→')} ${fix}` : line;
}

function machineOf(io: Io): Machine {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(io.env)) if (value !== undefined) env[name] = value;
  return {
    env,
    platform: io.platform,
    release: release(),
    nodeVersion: process.version,
    processes: systemProcesses,
    now: () => Date.now(),
    has: program => isOnPath(program, env['PATH'] ?? ''),
    freeBytes,
    isPortFree,
    reach: (url, signal) => reach(url, {env, signal}),
    async browser() {
      const {findBrowser} = await import('../../../verify/find-browser.ts');
      const found = await findBrowser({
        env,
        home: io.homeFolder,
        platform: io.platform,
        cacheFolder: browserFolder(io),
      });
      return found && `${found.name}, ${found.executable}`;
    },
  };
}

function isOnPath(program: string, searched: string): boolean {
  return searched.split(path.delimiter).some(folder => {
    try {
      accessSync(path.join(folder, program), constants.X_OK);
      return folder !== '';
    } catch {
      return false;
    }
  });
}

/** The folder itself may not be there yet; its nearest parent is on the same disk. */
async function freeBytes(folder: string): Promise<number | undefined> {
  for (let current = folder; ; current = path.dirname(current)) {
    const stats = await statfs(current).catch(() => undefined);
    if (stats) return stats.bavail * stats.bsize;
    if (current === path.dirname(current)) return undefined;
  }
}
