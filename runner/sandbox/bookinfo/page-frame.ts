/** The icon is part of the page: a request for it would only be noise in the learner's access logs. */
const icon =
  "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'><path fill='%23274060' d='M2 2h5l1 1 1-1h5v11H9l-1 1-1-1H2z'/></svg>";

/** What every page of the bookshop has around its content. */
export function pageFrame(options: {header: string; main: string; script?: string}): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Simple Bookstore App</title>
<link rel="icon" href="${icon}">
<link rel="stylesheet" href="static/bookinfo.css">
</head>
<body>
<a class="skip" href="#content">Skip to the book</a>
<header class="bar">
<div class="shelf">
<a class="brand" href="/">
<svg viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor" stroke-width="1.6" aria-hidden="true"><path d="M12 6.2C10 4.6 7 4 3 4v14.5c4 0 7 .6 9 2.1 2-1.5 5-2.1 9-2.1V4c-4 0-7 .6-9 2.2zM12 6.2v14.4"/></svg>
BookInfo Sample</a>
${options.header}
</div>
</header>
<main id="content">
${options.main}
</main>
<footer class="shelf foot">
<small>This is the sandbox's own Bookinfo: written for the workshop, with the endpoints and the behaviour of the Bookinfo sample that comes with Istio.</small>
</footer>
${options.script ?? ''}</body>
</html>
`;
}
