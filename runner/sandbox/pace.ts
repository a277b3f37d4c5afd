import {exitCodes, WorkshopError} from '../errors.ts';
import type {Random} from './clock.ts';

/** A time between two bounds, in milliseconds. */
export interface Span {
  least: number;
  most: number;
}

/** How slowly a sandbox acts: at once, or as a real cluster does. */
export type PaceSettings =
  | {name: 'fast'}
  | {
      name: 'real';
      /** How long every application takes from its container's start until it answers; absent means as the real ones. */
      startUp?: Span;
    };

/** The times of a simulated cluster, in milliseconds; each call draws one. */
export interface Pace {
  readonly settings: PaceSettings;
  /** One pull: the registry is asked, and what the node lacks is downloaded and unpacked. */
  pull(image: {sizeBytes: number; present: boolean}): number;
  /** From a container's start until its program answers. */
  startUp(image: {startUp?: ProgramStart}): number;
  /** From istiod's push until one proxy acts by it. */
  delivery(): number;
  /** How long istiod gathers changes before it pushes them. */
  readonly debounce: number;
  /** Whether probes come sooner than they are written, so that nobody waits for the next one. */
  readonly eagerProbes: boolean;
}

/** How long a program takes to start on a real cluster. */
export interface ProgramStart extends Span {
  /** `application`: what `real:2-60` is about. */
  of: 'application' | 'istio';
}

/** From a container's start to its first answer, as measured on a laptop: a Java server, and all other applications. */
export const programStarts = {
  java: {of: 'application', least: 12_000, most: 20_000},
  script: {of: 'application', least: 1000, most: 4000},
  istiod: {of: 'istio', least: 2000, most: 4000},
  proxy: {of: 'istio', least: 800, most: 1600},
} as const satisfies Record<string, ProgramStart>;

/** Milliseconds after which every application answers. */
export function slowestStart(settings: PaceSettings): number {
  if (settings.name === 'fast') return 0;
  return (settings.startUp ?? programStarts.java).most;
}

/** istiod's own, `PILOT_DEBOUNCE_AFTER`. */
const debounce = {fast: 5, real: 100};
/** A registry's answer, before the first byte of an image. */
const registry: Span = {least: 300, most: 900};
/** Bytes a millisecond that are downloaded and unpacked: what a good line gives. */
const pullRate = 50_000;
/** How long one proxy may lag behind the first. */
export const slowestDelivery = 2000;

/** @param options.random decides every time; seeded in tests. */
export function createPace(options: {settings: PaceSettings; random: Random}): Pace {
  const {settings, random} = options;
  if (settings.name === 'fast') return {...fastPace, settings};
  const within = ({least, most}: Span): number => Math.round(least + random() * (most - least));
  return {
    settings,
    pull: ({sizeBytes, present}) => within(registry) + (present ? 0 : Math.round(sizeBytes / pullRate)),
    startUp: ({startUp}) =>
      startUp === undefined ? 0 : within((startUp.of === 'application' && settings.startUp) || startUp),
    delivery: () => within({least: 0, most: slowestDelivery - debounce.real}),
    debounce: debounce.real,
    eagerProbes: false,
  };
}

/** Nothing takes any time. */
export const fastPace: Pace = {
  settings: {name: 'fast'},
  pull: () => 0,
  startUp: () => 0,
  delivery: () => 0,
  debounce: debounce.fast,
  eagerProbes: true,
};

/**
 * Reads `fast`, `real`, or `real:2-60`: every application needs between 2 and 60 seconds until it answers.
 * @throws WorkshopError `bad-pace`
 */
export function parsePace(text: string): PaceSettings {
  if (text === 'fast' || text === 'real') return {name: text};
  const [, least, most = least] = /^real:(\d{1,3})(?:-(\d{1,3}))?$/.exec(text) ?? [];
  if (least !== undefined && Number(least) <= Number(most) && Number(most) <= longestStartUp) {
    return {name: 'real', startUp: {least: Number(least) * 1000, most: Number(most) * 1000}};
  }
  throw new WorkshopError({
    code: 'bad-pace',
    message: `"${text}" is no pace of a sandbox.`,
    remedies: [
      'Choose fast or real; or real:2-60, where every application takes from 2 to 60 seconds (at most 300) until it answers',
    ],
    exitCode: exitCodes.usage,
  });
}

/** Seconds. */
const longestStartUp = 300;

/** As `parsePace` reads it. */
export function paceText(settings: PaceSettings): string {
  if (settings.name === 'fast' || settings.startUp === undefined) return settings.name;
  const {least, most} = settings.startUp;
  return `real:${least / 1000}-${most / 1000}`;
}
