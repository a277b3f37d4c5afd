import {isOlder} from '../engines/tools.ts';
import type {Finding} from './finding.ts';
import {isWsl, type Machine} from './machine.ts';

const oldestNode = '20.19.0';

export function lookAtPlatform(machine: Machine): Finding {
  const {platform} = machine;
  const found = isWsl(machine) ? 'Linux in WSL' : (names[platform] ?? platform);
  if (platform === 'linux' || platform === 'darwin') return {name: 'system', status: 'ok', found};
  return {
    name: 'system',
    status: 'missing',
    found,
    wanted: 'Linux, macOS or WSL2',
    fix: 'On Windows, work inside WSL2: wsl.exe --install',
  };
}

const names: Partial<Record<NodeJS.Platform, string>> = {linux: 'Linux', darwin: 'macOS', win32: 'Windows'};

export function lookAtNode({nodeVersion}: Machine): Finding {
  const finding = {name: 'node', found: nodeVersion, wanted: `${oldestNode} or later`};
  return isOlder(nodeVersion.replace(/^v/, ''), oldestNode)
    ? {...finding, status: 'missing', fix: 'Install a newer one: https://nodejs.org/en/download'}
    : {...finding, status: 'ok'};
}

export async function lookAtBrowser(machine: Machine): Promise<Finding> {
  const found = await machine.browser();
  if (found) return {name: 'browser', status: 'ok', found};
  return {
    name: 'browser',
    status: 'warning',
    found: 'none yet; one is fetched when the first check needs it',
    fix: 'Fetch it now: npx playwright install chromium-headless-shell',
  };
}

const gigabyte = 1024 ** 3;

/** @param needed gigabytes that are taken there. */
export async function hasDisk(
  machine: Machine,
  {name, folder, needed, fix}: {name: string; folder: string; needed: number; fix: string},
): Promise<Finding> {
  const bytes = await machine.freeBytes(folder);
  const wanted = `${needed} GB`;
  if (bytes === undefined) return {name, status: 'warning', found: `${folder} can't be looked at`, wanted};
  const finding = {name, found: `${(bytes / gigabyte).toFixed(1)} GB free in ${folder}`, wanted};
  return bytes >= needed * gigabyte ? {...finding, status: 'ok'} : {...finding, status: 'missing', fix};
}

const productpagePort = 9080;

/** The port of the product page may be taken: the next free one is used then. */
export async function lookAtPort(machine: Machine): Promise<Finding> {
  const name = 'port';
  if (await machine.isPortFree(productpagePort)) {
    return {name, status: 'ok', found: `${productpagePort} is free for the product page`};
  }
  return {
    name,
    status: 'ok',
    found: `${productpagePort} is taken by another program; the product page gets the next free one`,
  };
}

const year = 2025;

/** @param date what a server on the network says the time is, where one was reached. */
export function lookAtClock(machine: Machine, date: number | undefined): Finding {
  const now = machine.now();
  const found = `${new Date(now).toISOString().slice(0, 19)}Z`;
  const fix = isWsl(machine)
    ? 'Set it: sudo hwclock -s, or wsl.exe --shutdown'
    : machine.platform === 'darwin'
      ? 'Set it: sudo sntp -sS time.apple.com'
      : 'Set it: sudo timedatectl set-ntp true';
  if (date !== undefined && Math.abs(date - now) > toleranceMilliseconds) {
    const minutes = Math.round(Math.abs(date - now) / 60_000);
    const direction = date > now ? 'behind' : 'ahead';
    return {name: 'clock', status: 'warning', found: `${minutes} min ${direction} (${found})`, fix};
  }
  if (new Date(now).getUTCFullYear() < year) return {name: 'clock', status: 'warning', found, fix};
  const compared = date === undefined ? 'nothing to compare it with' : 'as the network says';
  return {name: 'clock', status: 'ok', found: `${found}, ${compared}`};
}

/** Certificates of a cluster are valid from a moment before they are made. */
const toleranceMilliseconds = 2 * 60_000;
