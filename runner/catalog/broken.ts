import {suggestion} from '../nearest.ts';
import type {BrokenManifest} from './lab.ts';
import {yamlProblems} from './lint-page.ts';
import type {Problem} from './problem.ts';

/**
 * Reads the comment lines on top of a manifest under `broken/`: `# cause: CODE`, `# mistake: ...` and
 * optionally `# instead of: FILE`.
 */
export function parseBroken(options: {
  file: string;
  content: string;
  causes: readonly string[];
  /** Names of the files that the lab's own commands use. */
  files: ReadonlySet<string>;
}): {broken?: BrokenManifest; problems: readonly Problem[]} {
  const {file, content, causes, files} = options;
  const header = new Map(
    content
      .split('\n')
      .map((text, index) => ({match: /^# (cause|mistake|instead of): (.*)$/.exec(text), line: index + 1}))
      .flatMap(({match, line}) =>
        match?.[1] ? [[match[1], {text: (match[2] ?? '').trim(), line}] as const] : [],
      ),
  );
  const cause = header.get('cause');
  const mistake = header.get('mistake');
  const insteadOf = header.get('instead of');
  const problems: Problem[] = [...yamlProblems(content, {file, line: 1}, 0)];
  const top = {file, line: 1};
  if (!cause) {
    problems.push({place: top, message: 'the cause is missing', fix: 'begin the file with "# cause: CODE"'});
  } else if (!causes.includes(cause.text)) {
    const place = {file, line: cause.line};
    problems.push({place, message: `there is no cause "${cause.text}"`, fix: suggestion(cause.text, causes)});
  }
  if (!mistake) {
    problems.push({
      place: top,
      message: 'the mistake is missing',
      fix: 'add "# mistake: what is wrong, in one line"',
    });
  }
  if (insteadOf && !files.has(insteadOf.text)) {
    problems.push({
      place: {file, line: insteadOf.line},
      message: `no command of the lab uses "${insteadOf.text}"`,
      fix: suggestion(insteadOf.text, [...files]),
    });
  }
  if (!cause || !mistake) return {problems};
  return {
    broken: {
      file,
      content,
      cause: cause.text,
      mistake: mistake.text,
      ...(insteadOf ? {insteadOf: insteadOf.text} : {}),
    },
    problems,
  };
}
