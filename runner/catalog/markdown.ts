import {marked, type Token, type Tokens} from 'marked';
import {parseEngines} from './fences.ts';
import type {EngineName, Place} from './lab.ts';
import type {Problem} from './problem.ts';

/** The parts of a page that mean something to a lab; everything else is prose. */
export type Piece =
  | {type: 'heading'; depth: number; text: string; place: Place}
  | {type: 'fence'; info: string; text: string; raw: string; place: Place}
  | {type: 'tip'; markdown: string; place: Place}
  | {type: 'prose'; markdown: string; engines?: readonly EngineName[]; place: Place};

/**
 * Cuts Markdown into pieces, each with the line it begins on.
 * @param firstLine the line of the file on which `source` begins
 */
export function cutMarkdown(
  source: string,
  {file, firstLine}: {file: string; firstLine: number},
): {pieces: readonly Piece[]; problems: readonly Problem[]} {
  const pieces: Piece[] = [];
  const problems: Problem[] = [];
  let line = firstLine;
  let scope: {engines?: readonly EngineName[]} = {};
  for (const token of marked.lexer(source)) {
    const leading = /^\n*/.exec(token.raw)?.[0].length ?? 0;
    const place = {file, line: line + leading};
    line += token.raw.split('\n').length - 1;
    const piece = pieceOf(token, place);
    if (piece?.type === 'fence' && !isClosed(piece.raw)) {
      problems.push({
        place,
        message: 'this fence is never closed',
        fix: 'end it with a line of the same backticks',
      });
    }
    problems.push(...nestedFences(token, place));
    const named = engineComment.exec(token.raw.trim())?.[1];
    if (named !== undefined) {
      const engines = parseEngines(named, (message, fix) => problems.push({place, message, fix}));
      scope = engines ? {engines} : {};
    }
    if (!piece) continue;
    if (piece.type !== 'prose') {
      scope = {};
      pieces.push(piece);
      continue;
    }
    const last = pieces.at(-1);
    if (last?.type === 'prose' && last.engines === scope.engines) {
      last.markdown += `\n\n${piece.markdown}`;
    } else pieces.push({...piece, ...scope});
  }
  return {pieces, problems};
}

/** Says for which engines the prose is that follows, as far as the next heading, fence or hint. */
const engineComment = /^<!--\s*engine=([\w,-]+)\s*-->$/;

function pieceOf(token: Token, place: Place): Piece | undefined {
  const raw = token.raw.trim();
  if (token.type === 'space' || raw === '') return undefined;
  if (token.type === 'html' && /^<!--[\s\S]*-->$/.test(raw)) return undefined;
  if (token.type === 'heading') {
    const heading = token as Tokens.Heading;
    if (heading.depth <= 2) return {type: 'heading', depth: heading.depth, text: heading.text, place};
  }
  if (token.type === 'code' && /^ {0,3}(`{3}|~{3})/.test(token.raw)) {
    const code = token as Tokens.Code;
    return {type: 'fence', info: code.lang ?? '', text: code.text, raw, place};
  }
  if (token.type === 'blockquote') {
    const text = (token as Tokens.Blockquote).text;
    const tip = /^\[!TIP\][ \t]*\n/.exec(text);
    if (tip) return {type: 'tip', markdown: text.slice(tip[0].length).trim(), place};
  }
  return {type: 'prose', markdown: raw, place};
}

function isClosed(raw: string): boolean {
  const opening = /^ {0,3}(`{3,}|~{3,})/.exec(raw)?.[1] ?? '```';
  const last = raw.split('\n').at(-1)?.trim() ?? '';
  return raw.includes('\n') && last.startsWith(opening) && last.replaceAll(opening[0] ?? '`', '') === '';
}

/** A command inside a list or quotation would be read as prose and never be run. */
function nestedFences(token: Token, place: Place): readonly Problem[] {
  if (token.type !== 'list') return [];
  const problems: Problem[] = [];
  marked.walkTokens((token as Tokens.List).items, inner => {
    if (inner.type !== 'code') return;
    const info = (inner as Tokens.Code).lang ?? '';
    if (!/^sh\b|\bcheck\b|\bfile=/.test(info)) return;
    const offset = token.raw.indexOf(inner.raw.split('\n')[0] ?? '');
    const before = offset < 0 ? '' : token.raw.slice(0, offset);
    problems.push({
      place: {file: place.file, line: place.line + before.split('\n').length - 1},
      message: 'a fence inside a list is never run',
      fix: 'move it to the left margin, below the list',
    });
  });
  return problems;
}
