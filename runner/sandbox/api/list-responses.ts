import type {KubeObject} from '../objects.ts';
import {type ApiResponse, jsonResponse} from './messages.ts';
import {presentList, type Shown} from './presentation.ts';
import {startPump} from './pump.ts';
import type {Slices} from './slices.ts';

/** A list this short is one text. */
const mostAtOnce = 20;
/** How many characters of a long one are made before they are written. */
const pieceLength = 64 * 1024;

export type ListPage = Parameters<typeof presentList>[2];

/** The answer to a list; a long one is made while it is written, from the objects as they are now. */
export function listResponse(
  shown: Shown,
  objects: readonly KubeObject[],
  page: ListPage,
  slices: Slices,
): ApiResponse {
  if (objects.length <= mostAtOnce) return jsonResponse(200, presentList(shown, objects, page));
  const pieces = listPieces(shown, objects, page);
  return {
    status: 200,
    headers: {'content-type': 'application/json'},
    body: {
      start(sink) {
        const pump = startPump({
          sink,
          slices,
          next: () => {
            const {done, value} = pieces.next();
            return done ? 'over' : {piece: value};
          },
        });
        pump.wake();
        return pump.stop;
      },
    },
  };
}

/** The JSON of a list in pieces: its frame, then what is in it. */
function* listPieces(shown: Shown, objects: readonly KubeObject[], page: ListPage): Generator<string, void> {
  const member = shown.as === 'table' ? 'rows' : 'items';
  const entryOf = (object: KubeObject) => presentList(shown, [object], page) as Record<string, unknown>;
  const {[member]: _, ...frame} = entryOf(objects[0] as KubeObject);
  let text = `${JSON.stringify(frame).slice(0, -1)},"${member}":`;
  let separator = '[';
  for (const object of objects) {
    const [entry] = entryOf(object)[member] as unknown[];
    text += `${separator}${JSON.stringify(entry)}`;
    separator = ',';
    if (text.length < pieceLength) continue;
    yield text;
    text = '';
  }
  yield `${text}]}\n`;
}
