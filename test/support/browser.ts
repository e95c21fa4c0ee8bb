import { type Browser, chromium } from 'playwright-core';
import { startReady, type TestContainer } from './container.ts';
import { IMAGES } from './images.ts';
import type { TestNetwork } from './network.ts';

const PORT = 9222;

/** Debian's Chromium in a container of the network, driven from here. */
export class TestBrowser implements AsyncDisposable {
  readonly chromium: Browser;
  readonly #container: TestContainer;

  constructor(browser: Browser, container: TestContainer) {
    this.chromium = browser;
    this.#container = container;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.chromium.close();
    await this.#container[Symbol.asyncDispose]();
  }
}

/** Starts one: a second or two; a context of it is as good as another browser. */
export async function startBrowser(network: TestNetwork): Promise<TestBrowser> {
  const container = await startReady(
    {
      image: IMAGES.browser,
      network,
      aliases: ['browser'],
      exposedPorts: [PORT],
      init: true,
    },
    /DevTools listening/,
  );
  const { host, port } = container.hostAddress(PORT);
  return new TestBrowser(await chromium.connectOverCDP(`http://${host}:${port}`), container);
}
