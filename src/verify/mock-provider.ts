/** The mock provider as the checks see it. It is asked from inside: its network has no way out. */
import type { ScratchContainer } from '../docker/scratch-container.ts';
import { within } from './patience.ts';

/** The parts of test/support/provider/api.ts that the checks look at. */
export interface Message {
  readonly session: {
    readonly id: string;
    /** The port that it came to. */
    readonly listener: number;
    readonly tls: { readonly version: string } | null;
    readonly auth: { readonly username: string } | null;
    readonly helo: string;
  };
  readonly envelope: { readonly from: string; readonly to: readonly string[] };
  readonly raw: string;
}

export interface Session {
  readonly id: string;
  readonly commands: readonly string[];
  readonly logins: readonly unknown[];
  readonly messages: number;
}

const CALL =
  'fetch("http://127.0.0.1:8080"+process.argv[1],{method:process.argv[2],body:process.argv[3]}).then(async r=>{process.stdout.write(await r.text());process.exit(r.ok?0:1)},()=>process.exit(1))';

export class MockProvider {
  /** Its machine can send mail as any other of its network. */
  readonly machine: ScratchContainer;
  #looking: Promise<readonly Message[]> | undefined;

  constructor(machine: ScratchContainer) {
    this.machine = machine;
  }

  async waitUntilReady(): Promise<void> {
    const ready = await within(30, async () =>
      / is ready/.test(await this.machine.log()) ? true : undefined,
    );
    if (ready === undefined) {
      throw new Error(`the mock provider did not start:\n${await this.machine.log()}`);
    }
  }

  async messages(): Promise<readonly Message[]> {
    return JSON.parse(await this.#call('/messages'));
  }

  async sessions(): Promise<readonly Session[]> {
    return JSON.parse(await this.#call('/sessions'));
  }

  /** The message to this recipient, as soon as it is there. */
  messageTo(recipient: string, seconds: number): Promise<Message | undefined> {
    return within(seconds, async () =>
      (await this.#look()).find(({ envelope }) => envelope.to.includes(recipient)),
    );
  }

  /** Those who wait at the same time share a look: each is a program that starts. */
  async #look(): Promise<readonly Message[]> {
    this.#looking ??= this.messages();
    try {
      return await this.#looking;
    } finally {
      this.#looking = undefined;
    }
  }

  /** While it is away its ports are closed. */
  async setAway(away: boolean): Promise<void> {
    await this.#call('/away', away ? 'PUT' : 'DELETE');
  }

  /** Mail for this recipient is refused for good. */
  async refuse(recipient: string): Promise<void> {
    const rule = { at: 'rcpt', reply: '550 5.1.1 no such mailbox', match: { to: recipient } };
    await this.#call('/faults', 'PUT', JSON.stringify([rule]));
  }

  async #call(path: string, method = 'GET', body?: string): Promise<string> {
    const { exitCode, stdout, stderr } = await this.machine.exec([
      'node',
      '-e',
      CALL,
      path,
      method,
      ...(body === undefined ? [] : [body]),
    ]);
    if (exitCode !== 0) throw new Error(`the mock provider, ${method} ${path}: ${stdout}${stderr}`);
    return stdout;
  }
}
