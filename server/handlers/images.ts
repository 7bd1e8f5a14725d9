import type { Handlers } from '../dispatch.ts';
import type { Images } from '../inference/runtimes/container/images.ts';

type ImageHandlers = Pick<Handlers, Extract<keyof Handlers, `image/${string}`>>;

export const createImageHandlers = ({ images }: { images: Images }): ImageHandlers => ({
  'image/status': () => images.status(),
  'image/build': ({ node }) => images.build(node),
  'image/remove': () => images.remove(),
});
