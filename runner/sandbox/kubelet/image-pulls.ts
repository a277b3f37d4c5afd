import type {Clock} from '../clock.ts';
import type {Pace} from '../pace.ts';
import type {ImageFailure, ImageStore, ReadyImage, WantedImage} from './image-store.ts';

/** How a pull ended, and what it took, in milliseconds. */
export interface Pull {
  result: ReadyImage | ImageFailure;
  /** The pull alone. */
  pulling: number;
  /** With the wait for the pulls before it. */
  whole: number;
}

/** The node's pulls: one after the other, as a kubelet with `serializeImagePulls` (the default) does it. */
export interface ImagePulls {
  pull(wanted: WantedImage): Promise<Pull>;
}

export function createImagePulls(options: {images: ImageStore; clock: Clock; pace: Pace}): ImagePulls {
  const {images, clock, pace} = options;
  let last: Promise<unknown> | undefined;

  async function download(wanted: WantedImage, asked: number): Promise<Pull> {
    const begun = clock.now();
    // An image that nobody has costs a registry's answer, like one that is here already.
    const present = images.has(wanted) || wanted.known === undefined;
    const milliseconds = pace.pull({sizeBytes: wanted.known?.sizeBytes ?? 0, present});
    if (milliseconds > 0) await new Promise<void>(resolve => clock.after(milliseconds, resolve));
    return {result: images.pulled(wanted), pulling: clock.now() - begun, whole: clock.now() - asked};
  }

  return {
    pull(wanted) {
      const asked = clock.now();
      const before = last;
      const mine = before ? before.then(() => download(wanted, asked)) : download(wanted, asked);
      last = mine;
      void mine.then(() => {
        if (last === mine) last = undefined;
      });
      return mine;
    },
  };
}
