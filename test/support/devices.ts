import { startContainer, type TestContainer } from './container.ts';
import { IMAGES } from './images.ts';
import type { TestNetwork } from './network.ts';

/** How a device is set: what its menu has. */
export interface Menu {
  readonly port: number;
  /** `tls1` is STARTTLS with TLS 1.0. */
  readonly security: 'none' | 'starttls' | 'tls' | 'tls1';
  readonly login?: { readonly username: string; readonly password: string };
}

/** The words of devices/send. The subject is the client's name and the port. */
const sendWords = (client: string, host: string, { port, security, login }: Menu) => [
  ...['/devices/send', client, host, String(port), security],
  ...(login === undefined ? [] : [login.username, login.password]),
];

/** A machine with many programs that send mail. */
export class Devices implements AsyncDisposable {
  readonly container: TestContainer;

  constructor(container: TestContainer) {
    this.container = container;
  }

  /** Presses the test button. @returns whether the program says that it has sent */
  async press(
    client: string,
    host: string,
    menu: Menu,
    env: Readonly<Record<string, string>> = {},
  ): Promise<boolean> {
    const { exitCode } = await this.container.exec(sendWords(client, host, menu), { env });
    return exitCode === 0;
  }

  /** Each program sends by each of its menus, several programs at a time. */
  async sendAll(host: string, table: Readonly<Record<string, readonly Menu[]>>): Promise<string> {
    const lines = Object.entries(table).map(([client, menus]) =>
      menus
        .map((menu) => `timeout 300 ${sendWords(client, host, menu).join(' ')}`)
        .map((command) => `(${command}) < /dev/null 2>&1 | sed 's/^/${client}: /'`)
        .join('; '),
    );
    await this.container.copyIn('/tmp/run', lines.map((line) => `${line}\n`).join(''));
    const script = `cd /tmp && split -l 1 run job- && ls job-* | xargs -P 3 -n 1 sh`;
    return (await this.container.exec(['sh', '-c', script])).output;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.container[Symbol.asyncDispose]();
  }
}

export async function startDevices(network: TestNetwork, alias = 'devices'): Promise<Devices> {
  return new Devices(await startContainer({ image: IMAGES.devices, network, aliases: [alias] }));
}
