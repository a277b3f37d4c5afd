import {readdirSync, statSync} from 'node:fs';
import path from 'node:path';
import {median, rounded, secondsOf} from './measure.mjs';

/** The bytes of all files below a folder. */
function bytesOf(folder) {
  return readdirSync(folder, {withFileTypes: true, recursive: true})
    .filter(entry => entry.isFile())
    .reduce((sum, entry) => sum + statSync(path.join(entry.parentPath, entry.name)).size, 0);
}

/**
 * What a report costs: complete runs as CI does them, with one and without, in turn, so that both meet the same machine.
 * @param run starts the program with these arguments
 */
export async function reportCost({run, folder, times}) {
  const without = [];
  const withReport = [];
  for (let count = 0; count < times; count += 1) {
    const report = path.join(folder, `report-${count}`);
    without.push(await secondsOf(() => run('run', '--all', '--ci')));
    withReport.push(await secondsOf(() => run('run', '--all', '--ci', '--report', report)));
  }
  const [plain, reported] = [median(without), median(withReport)];
  return {
    seconds: rounded(plain, 2),
    withReportSeconds: rounded(reported, 2),
    ratio: rounded(reported / plain, 3),
    reportKilobytes: Math.round(bytesOf(path.join(folder, `report-${times - 1}`)) / 1024),
  };
}
