import type { Page } from 'playwright-core';

/**
 * The texts of a page that have too little contrast to what is behind them (WCAG 2.2, 1.4.3: 4.5, or 3
 * for large ones), and whether it has to be moved sideways to be read.
 */
export async function hardToRead(page: Page): Promise<readonly string[]> {
  const found: unknown = await page.evaluate(LOOK);
  if (!Array.isArray(found)) throw new Error('the page could not be looked at');
  return found.map(String);
}

/** Runs in the browser, whose names TypeScript does not know here. */
const LOOK = `(() => {
  const parts = (colour) => (colour.match(/[\\d.]+/g) ?? []).map(Number);
  const light = (colour) => {
    const [r, g, b] = parts(colour).map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const backOf = (element) => {
    for (let one = element; one !== null; one = one.parentElement) {
      const colour = getComputedStyle(one).backgroundColor;
      if ((parts(colour)[3] ?? 1) === 1) return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  const wrong = [];
  for (const element of document.querySelectorAll('body, body *')) {
    const hasText = [...element.childNodes].some((one) => one.nodeType === 3 && one.data.trim() !== '');
    if (!hasText || element.tagName === 'OPTION') continue;
    const style = getComputedStyle(element);
    const [front, back] = [light(style.color), light(backOf(element))];
    const contrast = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (contrast < (isLarge ? 3 : 4.5)) {
      wrong.push(element.tagName + ' "' + element.textContent.trim().slice(0, 40) + '" ' + contrast.toFixed(2));
    }
  }
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) wrong.push('wider than the window: ' + scrollWidth + ' > ' + clientWidth);
  return wrong;
})()`;
