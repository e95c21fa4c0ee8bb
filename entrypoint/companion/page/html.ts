/** HTML that is safe to send; whatever else is put into a template gets escaped. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Child = string | number | Html | undefined | readonly Child[];

/** A template: html`<p>${anything}</p>`. Attributes have to stand in double quotes. */
export const html = (texts: TemplateStringsArray, ...children: readonly Child[]): Html =>
  new Html(texts.map((text, at) => text + shown(children[at])).join(''));

function shown(child: Child): string {
  if (child === undefined) return '';
  if (child instanceof Html) return child.text;
  if (typeof child === 'object') return child.map(shown).join('');
  return escaped(String(child));
}

/** Characters that control a terminal or the text direction (Unicode, annex 9). */
const UNSEEN = /[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string =>
  text.replace(UNSEEN, '\ufffd').replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
