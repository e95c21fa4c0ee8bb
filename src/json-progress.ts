/** Progress for programs: one JSON object a line. */
import type { Progress } from './progress.ts';

export function createJsonProgress(print: (line: string) => void): Progress {
  const event = (fields: Readonly<Record<string, string | number>>): void =>
    print(JSON.stringify(fields));
  return {
    line: (text) => event({ event: 'message', text }),
    task: (task) => {
      let isEnded = false;
      event({ event: 'start', task });
      return {
        detail: (text) => event({ event: 'output', task, text: text.trimEnd() }),
        step: (text) => event({ event: 'step', task, text }),
        advance: (number, total) => event({ event: 'progress', task, number, total }),
        done: (text) => {
          if (!isEnded) event({ event: 'end', task, ...(text === undefined ? {} : { text }) });
          isEnded = true;
        },
      };
    },
  };
}
