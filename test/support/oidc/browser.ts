/**
 * A browser with somebody in front of it who agrees to everything: follows redirections, keeps
 * cookies, sends each form that it is shown. Prints the address at which it ends: one that nobody
 * answers at, or a page without a form.
 *
 *   node browser.ts URL
 */
const cookies = new Map<string, string>();

/** oidc-provider's own pages have one form each, and its fields in it. */
function formOf(html: string): readonly [action: string, fields: URLSearchParams] | undefined {
  const action = /<form [^>]*action="([^"]+)"/.exec(html)?.[1];
  // A page that asks for a code is the end, since no user can type.
  if (action === undefined || html.includes('type="text"')) return undefined;
  const fields = new URLSearchParams();
  for (const [input] of html.matchAll(/<input [^>]*>/g)) {
    const name = /name="([^"]+)"/.exec(input)?.[1];
    if (name !== undefined) fields.set(name, /value="([^"]*)"/.exec(input)?.[1] ?? '');
  }
  return [action, fields];
}

async function open(address: string, fields?: URLSearchParams): Promise<string> {
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const response = await fetch(address, {
    method: fields === undefined ? 'GET' : 'POST',
    headers: { cookie },
    redirect: 'manual',
    ...(fields !== undefined && { body: fields }),
  });
  for (const line of response.headers.getSetCookie()) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    cookies.set(name, value);
  }
  const location = response.headers.get('location');
  const next = location === null ? undefined : new URL(location, address);
  if (next !== undefined) return next.protocol === 'http:' ? next.href : open(next.href);
  const form = formOf(await response.text());
  return form === undefined ? address : open(new URL(form[0], address).href, form[1]);
}

console.log(await open(process.argv[2] ?? ''));
