import type {Clock} from '../clock.ts';
import type {Container} from '../objects.ts';
import {createBackOff} from './back-off.ts';
import {goDuration} from './durations.ts';
import type {ImagePulls, Pull} from './image-pulls.ts';
import type {ImageFailure, ImageStore, ReadyImage} from './image-store.ts';

export interface ContainerImageOptions {
  spec: Container;
  clock: Clock;
  images: ImageStore;
  pulls: ImagePulls;
  normal(reason: string, message: string): void;
  warning(reason: string, message: string): void;
  /** The container waits, and its status says for what. */
  wait(reason: string, message?: string): void;
  /** Does something once the time is over, unless the container ends or starts before. */
  later(milliseconds: number, run: () => void): void;
  /** Tries to start the container again. */
  again(): void;
  /** Whether the container has been stopped meanwhile: nobody is told any more then. */
  stopped(): boolean;
}

/** How long a pull that failed shows as ErrImagePull before it shows as ImagePullBackOff. */
const errorShown = 1000;

/** One container's way to its image, in the events, waits and back-offs of a kubelet. */
export interface ContainerImage {
  /**
   * @param silent for a container that is taken over: its image is here, and nobody is told.
   * @returns nothing when the image can't be had now; the next attempt is set up then.
   */
  get(silent: boolean): Promise<ReadyImage | undefined>;
}

export function createContainerImage(options: ContainerImageOptions): ContainerImage {
  const {spec, clock, images, normal, warning, wait, later} = options;
  const backOff = createBackOff(clock, true);

  function refuse({reason, message}: ImageFailure): undefined {
    warning(reason === 'InvalidImageName' ? 'InspectFailed' : reason, message);
    warning('Failed', `Error: ${reason}`);
    wait(reason, message);
  }

  function failed({message}: ImageFailure): undefined {
    warning('Failed', `Failed to pull image "${spec.image}": ${message}`);
    warning('Failed', 'Error: ErrImagePull');
    warning(
      'NotSimulated',
      `The sandbox has no program for image "${spec.image}": it runs the workshop's images only`,
    );
    wait('ErrImagePull', message);
    const milliseconds = backOff.next();
    later(errorShown, () => {
      normal('BackOff', `Back-off pulling image "${spec.image}"`);
      warning('Failed', 'Error: ImagePullBackOff');
      wait('ImagePullBackOff', `Back-off pulling image "${spec.image}": ErrImagePull: ${message}`);
      later(milliseconds - errorShown, options.again);
    });
  }

  function arrived(image: ReadyImage, {pulling, whole}: Pull): ReadyImage {
    backOff.reset();
    const times = `${goDuration(pulling)} (${goDuration(whole)} including waiting)`;
    const size = `Image size: ${image.known.sizeBytes} bytes.`;
    normal('Pulled', `Successfully pulled image "${spec.image}" in ${times}. ${size}`);
    return image;
  }

  return {
    async get(silent) {
      const found = images.look(spec.image, silent ? 'IfNotPresent' : spec.imagePullPolicy);
      if ('failure' in found) return refuse(found.failure);
      if ('present' in found) {
        backOff.reset();
        if (!silent) normal('Pulled', `Container image "${spec.image}" already present on machine`);
        return found.present;
      }
      normal('Pulling', `Pulling image "${spec.image}"`);
      const pull = await options.pulls.pull(found.wanted);
      if (options.stopped()) return undefined;
      return 'reason' in pull.result ? failed(pull.result) : arrived(pull.result, pull);
    },
  };
}
