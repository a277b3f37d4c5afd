import {parseFrontMatter} from './front-matter.ts';
import type {Place} from './lab.ts';
import {cutMarkdown, type Piece} from './markdown.ts';
import type {Problem} from './problem.ts';

/** A translation may change every word but no fence: what is run must not depend on the language. */
export function lintTranslation(options: {
  original: string;
  translation: string;
  file: string;
}): readonly Problem[] {
  const wanted = fencesOf(options.original, options.file);
  const found = fencesOf(options.translation, options.file);
  const index = wanted.findIndex((fence, at) => fence.raw !== found[at]?.raw);
  if (index < 0 && found.length === wanted.length) return [];
  const at = index < 0 ? wanted.length : index;
  const place: Place = found[at]?.place ?? {file: options.file, line: 1};
  return [
    {
      place,
      message: `fence ${at + 1} differs from that of lab.md`,
      fix: 'copy the fences from lab.md as they are, in the same order',
    },
  ];
}

function fencesOf(source: string, file: string): readonly Extract<Piece, {type: 'fence'}>[] {
  const {body, bodyLine} = parseFrontMatter(source.replaceAll('\r\n', '\n'), file);
  return cutMarkdown(body, {file, firstLine: bodyLine}).pieces.filter(piece => piece.type === 'fence');
}
