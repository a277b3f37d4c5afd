import {suggestion} from '../nearest.ts';
import type {EngineName, Place} from './lab.ts';
import type {Problem} from './problem.ts';
import {parseDuration} from './units.ts';

export const engineNames = ['sandbox', 'kind', 'context'] as const satisfies readonly EngineName[];

const defaultTimeout = 60_000;

/** What the words behind the three backticks say the fence is. */
export type Fence =
  | {
      role: 'command';
      engines?: readonly EngineName[];
      background: boolean;
      timeout: number;
      exit: number;
      reset: boolean;
    }
  | {role: 'file'; name: string; engines?: readonly EngineName[]}
  | {role: 'check'; momentary: boolean; engines?: readonly EngineName[]}
  | {role: 'console'}
  /** A passage of a shipped manifest, shown and not run. */
  | {role: 'excerpt'; name: string}
  | {role: 'prose'};

const allowed = {
  command: ['engine', 'background', 'timeout', 'exit', 'reset'],
  file: ['file', 'engine'],
  check: ['check', 'momentary', 'engine'],
  console: [],
  excerpt: ['excerpt'],
  prose: [],
} as const satisfies Readonly<Record<Fence['role'], readonly string[]>>;

const flags = ['background', 'reset', 'check', 'momentary'];

/** Reads an info string such as `sh engine=kind timeout=10m`. */
export function parseFence(info: string, place: Place): {fence: Fence; problems: readonly Problem[]} {
  const [language = '', ...words] = info.trim().split(/\s+/);
  const attributes = new Map(
    words.map(word => {
      const equals = word.indexOf('=');
      return equals < 0 ? [word, undefined] : [word.slice(0, equals), word.slice(equals + 1)];
    }),
  );
  const problems: Problem[] = [];
  const report = (message: string, fix: string): void => {
    problems.push({place, message, fix});
  };
  if (['bash', 'shell', 'zsh'].includes(language)) {
    report(`a fence marked "${language}" is never run`, 'write sh for a command, console for sample output');
  }
  const role = roleOf(language, attributes);
  for (const [key, value] of attributes) {
    if (!(allowed[role] as readonly string[]).includes(key)) {
      report(
        `unknown attribute "${key}" on a ${role === 'prose' ? `"${language}"` : role} fence`,
        allowed[role].length > 0 ? suggestion(key, allowed[role]) : 'remove it',
      );
    } else if (flags.includes(key) ? value !== undefined : !value) {
      const fix = flags.includes(key) ? `write ${key} alone` : `write ${key}=VALUE`;
      report(`the attribute "${key}" ${flags.includes(key) ? 'takes no value' : 'needs a value'}`, fix);
    }
  }
  const engines = parseEngines(attributes.get('engine'), report);
  const scope = engines ? {engines} : {};
  switch (role) {
    case 'command':
      return {
        fence: {
          role,
          ...scope,
          background: attributes.has('background'),
          timeout: parseTimeout(attributes.get('timeout'), report),
          exit: parseExit(attributes.get('exit'), report),
          reset: attributes.has('reset'),
        },
        problems,
      };
    case 'file':
      return {fence: {role, name: fileName(attributes.get('file') ?? '', report), ...scope}, problems};
    case 'excerpt':
      return {fence: {role, name: fileName(attributes.get('excerpt') ?? '', report)}, problems};
    case 'check':
      return {fence: {role, momentary: attributes.has('momentary'), ...scope}, problems};
    default:
      return {fence: {role}, problems};
  }
}

function roleOf(language: string, attributes: ReadonlyMap<string | undefined, unknown>): Fence['role'] {
  if (language === 'sh') return 'command';
  if (language === 'console') return 'console';
  if (attributes.has('file')) return 'file';
  if (attributes.has('excerpt')) return 'excerpt';
  if (language === 'yaml' && attributes.has('check')) return 'check';
  return 'prose';
}

type Report = (message: string, fix: string) => void;

/** Reads `sandbox,kind`. @returns nothing where nothing is named */
export function parseEngines(value: string | undefined, report: Report): readonly EngineName[] | undefined {
  if (!value) return undefined;
  const names = value.split(',');
  const known = names.filter((name): name is EngineName => (engineNames as readonly string[]).includes(name));
  for (const name of names) {
    if (!(known as readonly string[]).includes(name))
      report(`unknown engine "${name}"`, suggestion(name, engineNames));
  }
  return known;
}

function parseTimeout(value: string | undefined, report: Report): number {
  if (!value) return defaultTimeout;
  const milliseconds = parseDuration(value);
  if (milliseconds === undefined || milliseconds === 0)
    report(`the timeout "${value}" is not a time`, 'write it like 90s or 10m');
  return milliseconds ?? defaultTimeout;
}

function parseExit(value: string | undefined, report: Report): number {
  if (!value) return 0;
  const code = Number(value);
  if (Number.isInteger(code) && code >= 0 && code <= 255) return code;
  report(`the exit code "${value}" is not a number from 0 to 255`, 'write it like exit=1');
  return 0;
}

function fileName(name: string, report: Report): string {
  if (leavesFolder(name))
    report(`the path "${name}" leaves the work folder`, 'use a name without .. and without a leading /');
  return name;
}

/** Whether a path points outside the folder it is relative to. */
export function leavesFolder(path: string): boolean {
  return path.startsWith('/') || path.startsWith('~') || path.split('/').includes('..');
}
