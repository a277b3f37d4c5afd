import type {ReviewsPicture} from '../../checks/result.ts';
import type {View} from '../../session/events.ts';
import type {PictureShow} from '../../ui/pictures/show-pictures.ts';
import type {Io} from '../io.ts';
import type {GlobalOptions} from '../options.ts';
import {viewChoice} from '../views.ts';

/** Shows a learner what the browser saw, in the way of their view. */
export interface LearnerPictures {
  /** Resolves when they have been looked at. */
  show(): Promise<void>;
  /** Where they come from, once the workshop is open. */
  from(taken: () => Promise<readonly ReviewsPicture[]>): void;
  /** Takes away what is shown, and resolves when the view has its terminal back. */
  end(): Promise<void>;
}

/** On the screen they are drawn where the terminal can; elsewhere each is a line with its file. */
export function createLearnerPictures(given: {io: Io; options: GlobalOptions; view: View}): LearnerPictures {
  const {io, options, view} = given;
  const ending = new AbortController();
  let show: PictureShow | undefined;
  let showing: Promise<void> = Promise.resolve();
  let isShowing = false;

  let take = async (): Promise<readonly ReviewsPicture[]> => [];

  async function draw(): Promise<void> {
    const pictures = await take();
    if (pictures.length === 0) {
      view.event({type: 'note', text: 'The last check saw no page to take a picture of.'});
      return;
    }
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
    from(taken) {
      take = taken;
    },
    show() {
      // A second press is no second show.
      if (isShowing) return showing;
      isShowing = true;
      showing = draw().finally(() => {
        isShowing = false;
      });
      return showing;
    },
    async end() {
      ending.abort();
      await showing.catch(() => {});
    },
  };
}
