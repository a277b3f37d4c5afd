import path from 'node:path';
import type {EngineName, Lab} from '../catalog/lab.ts';
import {asDiskError, WorkshopError} from '../errors.ts';
import type {ReportView} from '../report/report-folder.ts';
import {version} from '../version.ts';
import {tellGithub} from './github.ts';
import type {Io} from './io.ts';
import type {GlobalOptions} from './options.ts';

/** Options that a report should name, since they decide what was run. */
const told = [
  'all',
  'from',
  'to',
  'tag',
  'visitor',
  'skipInstall',
  'istio',
  'ci',
  'fresh',
  'again',
  'loads',
  'deadline',
  'failFast',
  'engine',
  'pace',
  'context',
  'url',
  'expect',
  'settle',
  'startUp',
] as const;

/** Where it is looked, and at what. */
interface Asked {
  engine: EngineName;
  labs: readonly Lab[];
}

type ReportedOptions = GlobalOptions & {report?: string} & Partial<Record<(typeof told)[number], unknown>>;

/**
 * The report that a command was asked for with `--report DIR`; nothing where it was not.
 * @param asked.words the command and its arguments
 * @throws WorkshopError `report-folder` where nothing can be written there, before anything has been done
 */
export async function reportFor(
  io: Io,
  {asked, options, words}: {asked: Asked; options: ReportedOptions; words: readonly string[]},
): Promise<ReportView | undefined> {
  if (options.report === undefined) return undefined;
  // Read only where it is wanted.
  const {openReport} = await import('../report/report-folder.ts');
  const folder = path.resolve(io.directory, options.report);
  try {
    const report = await openReport({
      folder,
      command: [...words, ...flagsOf(options)].join(' '),
      engine: asked.engine,
      labs: asked.labs,
      versions: {
        'istio-workshop': version,
        node: process.versions.node,
        platform: `${io.platform} ${process.arch}`,
      },
      startedAt: Date.now(),
      now: () => Date.now(),
    });
    return {
      ...report,
      async close() {
        await report.close();
        await tellGithub(io, report.record());
      },
    };
  } catch (error) {
    throw (
      asDiskError(error, folder) ??
      new WorkshopError({
        code: 'report-folder',
        message: `The report can't be written into ${folder}.`,
        detail: error instanceof Error ? error.message : String(error),
        remedies: ['Name a folder that you may write: --report ./report'],
        cause: error,
      })
    );
  }
}

function flagsOf(options: ReportedOptions): readonly string[] {
  return told.flatMap(name => {
    const value = options[name];
    if (value === undefined || value === false) return [];
    const flag = `--${name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`;
    return value === true ? [flag] : [`${flag} ${value}`];
  });
}
