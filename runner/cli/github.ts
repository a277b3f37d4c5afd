import {existsSync} from 'node:fs';
import {appendFile} from 'node:fs/promises';
import path from 'node:path';
import {githubAnnotations} from '../report/github.ts';
import {markdownReport} from '../report/markdown.ts';
import type {RunRecord} from '../report/schema.ts';
import type {Io} from './io.ts';

/** GitHub takes no more for one step; what is longer is not shown at all. */
const summaryLimit = 1024 * 1024;

/**
 * In a job on GitHub: what went wrong as annotations, the report as the job's summary. Elsewhere nothing.
 * https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */
export async function tellGithub(
  {env, stderr, directory}: Pick<Io, 'env' | 'stderr' | 'directory'>,
  record: RunRecord,
): Promise<void> {
  if (env['GITHUB_ACTIONS'] !== 'true') return;
  const repository = env['GITHUB_WORKSPACE'] ?? directory;
  const isThere = (file: string): boolean => existsSync(path.resolve(repository, file));
  for (const line of githubAnnotations(record, isThere)) stderr.write(`${line}\n`);
  const summary = env['GITHUB_STEP_SUMMARY'];
  if (!summary) return;
  const text = markdownReport(record);
  const isWhole = Buffer.byteLength(text) <= summaryLimit;
  await appendFile(
    summary,
    isWhole ? text : '# istio-workshop report\n\nIt is too long to be shown here.\n',
  ).catch(
    // The report itself stands in its folder.
    error => stderr.write(`The summary of the job can't be written: ${error.message}\n`),
  );
}
