/** The verbs that look at settings on this machine, or at a relay in a container. */
import { check, type HostCall, migrate, printFiles } from '../host-verbs.ts';
import { status, trace } from '../relay-verbs.ts';
import { type Verb, verb } from './verb.ts';

const json = {
  json: { type: 'boolean', default: false, about: 'print JSON, for programs' },
} as const;

function calling(
  description: { readonly name: string; readonly words: string; readonly summary: string },
  run: (call: HostCall) => Promise<number>,
): Verb {
  return verb({ ...description, options: json }, (values, words, { environment, print, warn }) =>
    run({ environment, words, json: values.json, print, warn }),
  );
}

export const checkVerb = calling(
  {
    name: 'check',
    words: '[FILE]',
    summary: 'check the settings (relay.yaml and the variables), no Docker needed',
  },
  check,
);

export const renderVerb = calling(
  {
    name: 'render',
    words: '[FILE]',
    summary: 'print every file that the relay would write, with secrets as ***',
  },
  printFiles,
);

export const migrateVerb = calling(
  {
    name: 'migrate',
    words: '[FILE [SERVICE]]',
    summary:
      "turn another relay image's Compose file, env file or docker run line into a relay.yaml",
  },
  migrate,
);

export const traceVerb = calling(
  {
    name: 'trace',
    words: 'RELAY ID-OR-ADDRESS',
    summary: 'tell what became of a mail that a relay in a container took',
  },
  trace,
);

export const statusVerb = calling(
  {
    name: 'status',
    words: 'RELAY',
    summary: 'tell how a relay in a container is doing',
  },
  status,
);
