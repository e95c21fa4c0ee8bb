import { quoted } from '../../messages/problem.ts';
import { Invalid, notA, validator } from './invalid.ts';

/**
 * The address of a token endpoint. It receives secrets, so it must use TLS (RFC 6749 section 3.2).
 */
export const httpsUrl = validator<string>((text) => {
  const url = URL.parse(text);
  if (url?.protocol === 'http:') {
    throw new Invalid(`${quoted(text)} would send secrets in clear`, 'use an https:// address');
  }
  if (url?.protocol === 'https:' && url.username === '' && url.password === '') return text;
  const right = 'use a full address, such as https://login.example/oauth2/token';
  throw notA(text, 'the https address of an endpoint', right, text.startsWith('http'));
});

/** A directory of Microsoft's: its number, a domain of it, or a word for many. */
export const tenant = validator<string>((text) => {
  if (/^[a-z0-9][a-z0-9.-]*$/i.test(text)) return text;
  const right =
    'use the directory (tenant) ID, as 8-4-4-4-12 digits, or a domain such as contoso.com';
  throw notA(text, 'a tenant', right, false);
});

/** An application's number or name at the provider; it is not secret. */
export const clientId = validator<string>((text) => {
  if (/^[\x21-\x7e]+$/.test(text)) return text;
  throw notA(
    text,
    'a client ID',
    "copy the application's (client) ID from the provider's page",
    false,
  );
});
