/** The two shapes that Bookinfo's page has had, cut down to what a reader of it depends on. */
export interface MarkupOptions {
  pod: string;
  colour?: string;
  ratingsDown?: boolean;
  user?: string;
}

const reviews = [
  {text: 'First text', reviewer: 'Reviewer1', stars: 5},
  {text: 'Second text', reviewer: 'Reviewer2', stars: 4},
];

/** Before Bookinfo 1.20: glyph spans in a font element; the pod stands below the reviews. */
export function bootstrapPage({pod, colour, ratingsDown, user}: MarkupOptions): string {
  const quotes = reviews.map(({text, reviewer, stars}) => {
    const full = '<span class="glyphicon glyphicon-star"></span>'.repeat(stars);
    const empty = '<span class="glyphicon glyphicon-star-empty"></span>'.repeat(5 - stars);
    const rating = colour === undefined ? '' : `<font color="${colour}">${full}${empty}</font>`;
    const error = ratingsDown ? '<p><i>Ratings service is currently unavailable</i></p>' : '';
    return `<blockquote><p>${text}</p><small>${reviewer}</small>${rating}${error}</blockquote>`;
  });
  const account =
    user === undefined
      ? '<a href="#login-modal">Sign in</a>'
      : `<p class="navbar-text navbar-right">${user} (<a href="logout">sign out</a>)</p>`;
  return `<!doctype html><title>Simple Bookstore App</title>
<style>.glyphicon-star::before {content: "\\2605"}</style><nav>${account}</nav>
<div class="col-md-6"><h4>Book Reviews</h4>${quotes.join('')}
<dl><dt>Reviews served by:</dt><u>${pod}</u></dl></div>`;
}

/** From 1.20 on: svg stars in a div with a colour class; a script makes the style; the sign-out link is nested in a link. */
export function tailwindPage({pod, colour, ratingsDown, user}: MarkupOptions): string {
  const cards = reviews.map(({text, reviewer, stars}) => {
    const square = 'width="20" height="20" viewBox="0 0 20 20"';
    const path = '<path d="M0 0h20v20H0z"/>';
    const full = `<svg id="glyphicon glyphicon-star" ${square} fill="currentColor">${path}</svg>`.repeat(
      stars,
    );
    const empty = `<svg ${square} fill="none" stroke="currentColor"></svg>`.repeat(5 - stars);
    const rating =
      colour === undefined ? '' : `<div class="flex gap-x-1 text-${colour}-500">${full}${empty}</div>`;
    const error = ratingsDown ? '<p class="text-red-500">Ratings service is currently unavailable</p>' : '';
    return `<section><div>${rating}${error}<blockquote><p>"${text}"</p></blockquote>
<div><div>${reviewer}</div><div>Reviews served by:
  ${pod}
</div></div></div></section>`;
  });
  const account =
    user === undefined
      ? '<button id="sign-in-button">Sign in</button>'
      : `<a href="#"><div><div></div><div><p class="font-medium">${user}</p><a href="logout">Sign out</a></div></div></a>`;
  return `<!doctype html><title>Simple Bookstore App</title><script src="static/tailwind/tailwind.css"></script>
<nav>${account}</nav><p class="text-2xl text-red-500">Error fetching product details</p>
<h4>Book Reviews</h4><div>${cards.join('')}</div>`;
}
