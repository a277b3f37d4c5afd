import {type BackendResult, type Details, type Review, type Reviews, succeeded} from './backends.ts';
import {escapeHtml} from './escape-html.ts';
import {pageFrame} from './page-frame.ts';

/** The one book of the shop, as `/api/v1/products` lists it. */
export const product = {
  id: 0,
  title: 'The Comedy of Errors',
  descriptionHtml:
    '<a href="https://en.wikipedia.org/wiki/The_Comedy_of_Errors">Wikipedia Summary</a>: two pairs of twins, parted as children, come to the same town on the same day. <b>William Shakespeare\'s</b> shortest play takes mistaken identity as far as it will go.',
};

const filledStar =
  '<svg id="glyphicon glyphicon-star" class="star" width="20" height="20" viewBox="0 0 20 20" fill="currentColor" aria-hidden="true"><path d="M10 1.6l2.6 5.3 5.8.8-4.200 4.100 1 5.8-5.200-2.700-5.200 2.700 1-5.8L1.6 7.700l5.8-.8z"/></svg>';
const emptyStar =
  '<svg class="star" width="20" height="20" viewBox="0 0 20 20" fill="none" stroke="currentColor" stroke-width="1.2" stroke-linejoin="round" aria-hidden="true"><path d="M10 1.6l2.6 5.3 5.8.8-4.200 4.100 1 5.8-5.200-2.700-5.200 2.700 1-5.8L1.6 7.700l5.8-.8z"/></svg>';

export interface ProductPage {
  details: BackendResult<Details>;
  reviews: BackendResult<Reviews>;
  /** Who is signed in. */
  user: string | undefined;
}

/**
 * The product page. Its look is ours; ids, classes and texts that scripts read off the page of Istio's sample (from
 * Bookinfo 1.20 on) are the same. Colours come from the style sheet alone, as they do there.
 */
export function productPageHtml(page: ProductPage): string {
  return pageFrame({
    header: account(page.user),
    main: `<div class="hero"><div class="shelf">
${cover}
<div>
<h1>${escapeHtml(product.title)}</h1>
<p class="lead">${product.descriptionHtml}</p>
${detailsSection(page.details)}
</div>
</div></div>
<div class="shelf reviews">
${reviewsSection(page.reviews)}
</div>`,
    script: page.user === undefined ? signInDialog : '',
  });
}

const cover = `<div class="cover" aria-hidden="true">
<span>William Shakespeare</span>
<svg viewBox="0 0 120 80" width="120" height="80" fill="none" stroke="currentColor" stroke-width="3" stroke-linecap="round"><path d="M14 12c10 5 24 5 34 0v22c0 16-8 26-17 32-9-6-17-16-17-32z"/><path d="M22 28q4-4 8 0m3 0q4-4 8 0M23 42q8 9 16 0"/><path d="M72 12c10 5 24 5 34 0v22c0 16-8 26-17 32-9-6-17-16-17-32z"/><path d="M80 28q4 4 8 0m3 0q4 4 8 0M81 48q8-9 16 0"/></svg>
<b>The Comedy of Errors</b>
</div>`;

function account(user: string | undefined): string {
  if (user === undefined) return '<button type="button" id="sign-in-button" class="button">Sign in</button>';
  return `<div class="account">
<span class="face" aria-hidden="true">${escapeHtml([...user][0]?.toUpperCase())}</span>
<div><p class="text-base font-medium text-gray-50">${escapeHtml(user)}</p>
<a href="logout">Sign out</a></div>
</div>`;
}

const signInDialog = `<dialog id="dialog" aria-labelledby="sign-in-title">
<form method="post" action="login" name="login_form">
<div class="dialog-head"><h2 id="sign-in-title">Sign in to BookInfo</h2>
<button type="button" id="close-dialog" aria-label="Close">&#x2715;</button></div>
<label for="username">Username</label>
<input id="username" name="username" required autocomplete="username" autocapitalize="none">
<label for="password">Password</label>
<input id="password" name="passwd" type="password" required autocomplete="off" aria-describedby="any-password">
<p class="hint" id="any-password">Any password will do: only the name matters here.</p>
<button type="submit" class="button">Sign in</button>
</form>
</dialog>
<script>
addEventListener('DOMContentLoaded', () => {
  const dialog = document.querySelector('#dialog');
  document.querySelector('#sign-in-button').addEventListener('click', () => dialog.showModal());
  document.querySelector('#close-dialog').addEventListener('click', () => dialog.close());
});
</script>
`;

function detailsSection(details: BackendResult<Details>): string {
  if (!succeeded(details)) return failure('Error fetching product details', details.error);
  const {value} = details;
  const facts: [string, unknown][] = [
    ['Author', value.author],
    ['Year', value.year],
    ['ISBN-10', value['ISBN-10']],
    ['Publisher', value.publisher],
    ['Pages', value.pages],
    ['Type', value.type],
    ['Language', value.language],
  ];
  const items = facts
    .filter(([, fact]) => fact !== undefined)
    .map(([name, fact]) => `<div><dt>${name}</dt><dd>${escapeHtml(fact)}</dd></div>`);
  return `<h2>Book Details</h2>\n<dl class="facts">\n${items.join('\n')}\n</dl>`;
}

function reviewsSection(reviews: BackendResult<Reviews>): string {
  if (!succeeded(reviews)) return failure('Error fetching product reviews', reviews.error);
  const cards = (reviews.value.reviews ?? []).map(review => card(review, reviews.value));
  return `<h2>Book Reviews</h2>\n<div class="cards">\n${cards.join('\n')}\n</div>`;
}

function card(review: Review, from: Reviews): string {
  const cluster = from.clustername === 'null' ? '' : ` on cluster <div>${escapeHtml(from.clustername)}</div>`;
  return `<section class="card">
${ratingOf(review)}<blockquote><p>&quot;${escapeHtml(review.text)}&quot;</p></blockquote>
<div class="reviewer"><span class="face" aria-hidden="true">${escapeHtml(/\d+$/.exec(review.reviewer)?.[0] ?? review.reviewer[0])}</span>
<div><b>${escapeHtml(review.reviewer)}</b>
<div class="served">Reviews served by:
<span class="pod">${escapeHtml(from.podname)}</span>${cluster}</div></div></div>
</section>`;
}

function ratingOf({rating}: Review): string {
  if (rating?.stars) {
    const filled = Math.max(0, Math.min(5, rating.stars));
    const stars = [...Array(filled).fill(filledStar), ...Array(5 - filled).fill(emptyStar)].join('\n');
    return `<div class="flex gap-x-1 text-${escapeHtml(rating.color)}-500" role="img" aria-label="${filled} of 5 stars">
${stars}
</div>\n`;
  }
  return rating?.error === undefined ? '' : `<p class="text-red-500">${escapeHtml(rating.error)}</p>\n`;
}

function failure(heading: string, sentence: string): string {
  return `<div class="failure" role="alert"><p class="text-2xl text-red-500">${heading}</p>
<p class="text-lg text-gray-600">${escapeHtml(sentence)}</p></div>`;
}
