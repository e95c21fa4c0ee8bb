import { sayIn, variableNames } from '../../../settings/naming/sentence.ts';
import { type Html, html } from '../html.ts';
import { type Language, WORDS, type Words } from '../words.ts';

/** Says causes and remedies, with the settings' variables. */
export const say = sayIn(variableNames);

/** The common input of all views. */
export interface View {
  readonly language: Language;
  readonly words: Words;
  /** An address of this site, in the language that was asked for. */
  readonly link: (path: string, parameters?: Readonly<Record<string, string>>) => string;
  /** The address of this page in the other language. */
  readonly otherLanguage: string;
  readonly style: string;
  /** The token for forms; undefined if the page is read-only. */
  readonly token: string | undefined;
}

export function viewOf(
  url: URL,
  {
    language,
    isAsked,
    ...more
  }: Pick<View, 'language' | 'style' | 'token'> & {
    /** Whether the address names the language, so that links must name it too. */
    readonly isAsked: boolean;
  },
): View {
  const other = new URLSearchParams(url.searchParams);
  other.set('lang', language === 'en' ? 'ja' : 'en');
  return {
    language,
    words: WORDS[language],
    otherLanguage: `${url.pathname}?${other}`,
    ...more,
    link: (path, parameters = {}) => {
      const all = new URLSearchParams({ ...parameters, ...(isAsked ? { lang: language } : {}) });
      return all.size === 0 ? path : `${path}?${all}`;
    },
  };
}

/**
 * A whole page.
 * @param current the path of the entry that it belongs to
 * @param head more for its head
 */
export function page(
  view: View,
  title: string,
  current: string,
  content: Html,
  head: Html = html``,
): Html {
  const { language, words, link, otherLanguage, style } = view;
  const entry = (path: string, name: string): Html =>
    html`<a href="${link(path)}"${path === current ? html` aria-current="page"` : ''}>${name}</a>`;
  const other = language === 'en' ? 'ja' : 'en';
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${head}<title>${title} - Hikyaku</title>
<link rel="stylesheet" href="${style}">
</head>
<body>
<a class="skip" href="#content">${words.skip}</a>
<header><div>
<strong>Hikyaku</strong>
<nav>${entry('/', words.overview)} ${entry('/queue', words.queue)} ${entry('/history', words.history)} ${entry('/accounts', words.accounts)} ${entry('/checks', words.checks)}</nav>
<a href="${otherLanguage}" lang="${other}" hreflang="${other}">${words.otherLanguage}</a>
</div></header>
<main id="content">
${content}
</main>
</body>
</html>
`;
}

/** Has what a form leads to answer in the language of this page. */
export const languageField = ({ language }: View): Html =>
  html`<input type="hidden" name="lang" value="${language}">\n`;

/** Text that is English whatever the language of the page. */
export const english = (text: string): Html => html`<span lang="en">${text}</span>`;

/** A page with one sentence, such as "not found". */
export const messageView = (view: View, text: string): Html =>
  page(view, text, '', html`<h1>${text}</h1>`);
