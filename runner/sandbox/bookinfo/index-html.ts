import {pageFrame} from './page-frame.ts';

const services = [
  {name: 'productpage', port: 9080, calls: 'details, reviews'},
  {name: 'details', port: 9080, calls: 'none'},
  {name: 'reviews', port: 9080, calls: 'ratings (v2 and v3)'},
  {name: 'ratings', port: 9080, calls: 'none'},
];

/** The page at `/`: where to go, and which service calls which. */
export function indexHtml(): string {
  const rows = services
    .map(({name, port, calls}) => `<tr><th scope="row">http://${name}:${port}</th><td>${calls}</td></tr>`)
    .join('\n');
  return pageFrame({
    header: '',
    main: `<div class="shelf intro">
<h1>Hello! This is a simple bookstore</h1>
<p>It is made of four services, and the page of its one book is put together from all of them.</p>
<p class="choices"><a class="button" href="/productpage?u=normal">Normal user</a>
<a class="button quiet" href="/productpage?u=test">Test user</a></p>
<h2>Services</h2>
<table>
<thead><tr><th scope="col">Service</th><th scope="col">Calls</th></tr></thead>
<tbody>
${rows}
</tbody>
</table>
</div>`,
  });
}
