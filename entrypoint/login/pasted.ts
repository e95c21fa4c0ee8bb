/**
 * The address at which the browser ended (RFC 6749 section 4.1.2). People paste it with blanks and
 * quotes around it, without its scheme, or another address in its place.
 */

/** The contents of the address. */
export type Pasted =
  | { readonly kind: 'answer'; readonly parameters: URLSearchParams }
  /** The provider says no (RFC 6749 section 4.1.2.1). */
  | { readonly kind: 'error'; readonly error: string; readonly description: string }
  | {
      readonly kind: 'another';
      /**
       * `nothing`: an empty line; `code alone`: the code without its address; `page`: the page of the
       * login itself; `login`: the answer to another login; `address`: none of these.
       */
      readonly why: 'nothing' | 'code alone' | 'page' | 'login' | 'address';
    };

/** @param state the value that the answer must contain, against forged answers */
export function readPasted(text: string, state: string): Pasted {
  const trimmed = text.trim().replaceAll(/^["'<]+|["'>]+$/g, '');
  if (trimmed === '') return { kind: 'another', why: 'nothing' };
  const query = trimmed.split(/[?#]/).slice(1).join('&');
  if (query === '') {
    const isCode = /^[\w./~-]{16,}$/.test(trimmed) && !/^(https?:|localhost|127\.)/.test(trimmed);
    return { kind: 'another', why: isCode ? 'code alone' : 'address' };
  }
  const parameters = new URLSearchParams(query);
  if (parameters.has('code_challenge')) return { kind: 'another', why: 'page' };
  if (!parameters.has('code') && !parameters.has('error')) {
    return { kind: 'another', why: 'address' };
  }
  if (parameters.get('state') !== state) return { kind: 'another', why: 'login' };
  const error = parameters.get('error');
  if (error === null) return { kind: 'answer', parameters };
  return { kind: 'error', error, description: parameters.get('error_description') ?? '' };
}
