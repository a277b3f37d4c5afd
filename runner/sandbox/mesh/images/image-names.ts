/** The tag of an image reference without its variant: `1.30.3` of `.../pilot:1.30.3-distroless`. */
export function tagOf(image: string): string {
  const tag = /:([\w][\w.-]*)(@|$)/.exec(image.slice(image.lastIndexOf('/') + 1))?.[1] ?? 'latest';
  return tag.replace(/-(distroless|debug)$/, '');
}
