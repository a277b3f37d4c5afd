import type {ReviewsPicture} from '../../checks/result.ts';
import type {View} from '../../session/events.ts';
import type {PictureShow} from '../../ui/pictures/show-pictures.ts';
import type {Io} from '../io.ts';
import type {GlobalOptions} from '../options.ts';
import {viewChoice} from '../view-choice.ts';

/** Shows a learner what the browser saw, in the way of their view. */
export interface PictureViewer {
  /** Resolves when they have been looked at. */
  show(pictures: readonly ReviewsPicture[]): Promise<void>;
  /** Takes away what is shown, and resolves when the view has its terminal back. */
  end(): Promise<void>;
}

/** On the screen they are drawn where the terminal can; elsewhere each is a line with its file. */
export function createPictureViewer(given: {io: Io; options: GlobalOptions; view: View}): PictureViewer {
  const {io, options, view} = given;
  const ending = new AbortController();
  let show: PictureShow | undefined;
  let showing: Promise<void> | undefined;

  async function draw(pictures: readonly ReviewsPicture[]): Promise<void> {
    const choice = viewChoice(io, options, false);
    const [{createPictureShow}, {captionOf}, {createPaint}] = await Promise.all([
      import('../../ui/pictures/show-pictures.ts'),
      import('../../ui/pictures/caption.ts'),
      import('../../ui/paint.ts'),
    ]);
    const paint = createPaint(choice.colour);
    if (choice.view !== 'ink' || !view.lend) {
      for (const picture of pictures)
        view.event({type: 'note', text: `${captionOf(picture, paint)}: ${picture.path}`});
      return;
    }
    const {stdin, stdout, env} = io;
    show ??= createPictureShow({stdin, stdout, env, paint});
    const {show: shown} = show;
    if (!ending.signal.aborted) await view.lend(() => shown(pictures, ending.signal));
  }

  return {
    show(pictures) {
      // A second press is no second show.
      showing ??= draw(pictures).finally(() => {
        showing = undefined;
      });
      return showing;
    },
    async end() {
      ending.abort();
      await showing?.catch(() => {});
    },
  };
}
