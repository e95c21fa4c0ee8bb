import { createInterface } from 'node:readline';
import type { Ending, Happening } from '../pairing/pairing.ts';

/** The events, in their order. */
export class Inbox {
  readonly #waiting: Happening[] = [];
  #taker: ((what: Happening) => void) | undefined;
  #end: Ending | undefined;

  put(what: Happening): void {
    if (what.kind === 'end') {
      if (this.#end !== undefined) return;
      this.#end = what.why;
      this.#ending.resolve(what.why);
    }
    if (this.#taker === undefined) this.#waiting.push(what);
    else this.#taker(what);
    this.#taker = undefined;
  }

  /** Forgets visits that were not looked at. */
  forgetVisits(): void {
    const others = this.#waiting.filter(({ kind }) => kind !== 'visit');
    this.#waiting.splice(0, this.#waiting.length, ...others);
  }

  /** The next thing; once it has ended, the end again and again. */
  next(): Promise<Happening> {
    const first = this.#waiting.shift();
    if (first !== undefined) return Promise.resolve(first);
    if (this.#end !== undefined) return Promise.resolve({ kind: 'end', why: this.#end });
    return new Promise((resolve) => {
      this.#taker = resolve;
    });
  }

  readonly #ending = Promise.withResolvers<Ending>();

  /** Settles when it ends. */
  get ended(): Promise<Ending> {
    return this.#ending.promise;
  }
}

/** The user at the terminal. */
export class Answers implements Disposable {
  readonly #inbox: Inbox;
  readonly #isYes: boolean;
  readonly #terminal;
  #isOver = false;
  #taker: ((line: string | undefined) => void) | undefined;

  constructor(inbox: Inbox, { yes, json }: { readonly yes: boolean; readonly json: boolean }) {
    this.#inbox = inbox;
    this.#isYes = yes;
    this.#isOver = json;
    this.#terminal = yes || json ? undefined : createInterface({ input: process.stdin });
    this.#terminal?.on('line', (line) => {
      if (this.#taker === undefined) return;
      this.#taker(line);
      this.#taker = undefined;
    });
    this.#terminal?.once('close', () => {
      this.#isOver = true;
      this.#taker?.(undefined);
    });
  }

  async ask(question: string): Promise<'yes' | 'no' | Ending> {
    if (this.#isYes) return 'yes';
    if (this.#isOver) return 'nobody';
    process.stdout.write(`${question} [y/N] `);
    const line = new Promise<string | undefined>((resolve) => {
      this.#taker = resolve;
    });
    const answer = await Promise.race([line, this.#inbox.ended.then((why) => ({ why }))]);
    if (typeof answer === 'object') return answer.why;
    if (answer === undefined) return 'nobody';
    return /^y(es)?$/i.test(answer.trim()) ? 'yes' : 'no';
  }

  [Symbol.dispose](): void {
    this.#terminal?.close();
    process.stdin.destroy();
  }
}
