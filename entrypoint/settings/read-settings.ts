import { customCleanEnv } from 'envalid';
import { error, isError, type Problem } from '../messages/problem.ts';
import type { Facts } from './facts.ts';
import { hideSecrets } from './hiding/hide-secrets.ts';
import { fewOfEach, placed } from './naming/finding.ts';
import type { Given, GivenText, GivenValue } from './naming/given.ts';
import { checkRules } from './rules/rules.ts';
import type { Fields, Setting, Validator } from './setting.ts';
import { complete, type Settings } from './settings.ts';
import { type RawSettings, settingsTable } from './table.ts';
import { Invalid } from './validators/invalid.ts';

/** Either settings that are good to start with, or at least one error among the problems. */
export type Reading =
  | { readonly ok: true; readonly settings: Settings; readonly warnings: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * From what was given to checked settings: every text through its validator, then the rules
 * between settings. All problems are reported, not only the first.
 */
export function readSettings(given: Given, facts: Facts): Reading {
  const texts = new Texts();
  const values = valuesOf(settingsTable, given, '', texts);
  const invalid = texts.validate();
  // The tree has the shape of the table, and each leaf came out of its own validator.
  const raw = values() as RawSettings;
  const findings = fewOfEach(checkRules(raw, given, facts), ({ path }) => path);
  const found = [...given.problems, ...invalid, ...placed(findings, given)];
  const problems = hideSecrets(
    fewOfEach(found, ({ setting = '' }) => setting),
    given,
  );
  if (problems.some(isError)) return { ok: false, problems };
  return { ok: true, settings: complete(raw, facts), warnings: problems };
}

/** A text of a setting. */
type Place = GivenText & { readonly path: string; readonly secret: boolean };

/** The texts to validate: envalid reads them all in one go, and so reports on all. */
class Texts {
  readonly #texts: Record<string, string> = {};
  #count = 0;
  readonly #specs: Record<string, Validator<unknown>> = {};
  readonly #places: Record<string, Place> = {};
  #values: Readonly<Record<string, unknown>> = {};

  /** Takes a text in; the answer gives its value once `validate` has run. */
  add(text: Place, spec: Validator<unknown>): () => unknown {
    const id = String(this.#count);
    this.#count += 1;
    this.#texts[id] = text.text;
    this.#specs[id] = spec;
    this.#places[id] = text;
    return () => this.#values[id];
  }

  validate(): readonly Problem[] {
    const problems: Problem[] = [];
    this.#values = customCleanEnv(this.#texts, this.#specs, (clean) => ({ ...clean }), {
      reporter: ({ errors }) => {
        for (const [id, fault] of Object.entries(errors)) {
          const place = this.#places[id];
          if (fault !== undefined && place !== undefined) problems.push(problemOf(place, fault));
        }
      },
    });
    return problems;
  }
}

function problemOf({ where, path, secret }: Place, fault: Error): Problem {
  if (!(fault instanceof Invalid)) throw fault;
  // A validator's words may quote the value, unless they are those of a secret's own validator.
  const wrong = secret ? hideQuoted(fault.wrong) : fault.wrong;
  return { ...error(where, wrong, fault.right), setting: path };
}

const hideQuoted = (words: string): string => (words.includes('"') ? 'cannot be used' : words);

type Late = () => unknown;

function valuesOf(fields: Fields, given: Given, prefix: string, texts: Texts): Late {
  const entries = Object.entries(fields).map(
    ([key, node]) => [key, valueAt(node, given, prefix + key, texts)] as const,
  );
  return () => Object.freeze(Object.fromEntries(entries.map(([key, late]) => [key, late()])));
}

function valueAt(node: Fields[string], given: Given, path: string, texts: Texts): Late {
  switch (node.kind) {
    case 'setting':
      return settingValue(node, given.values.get(path), path, texts);
    case 'section':
      return valuesOf(node.fields, given, `${path}.`, texts);
    case 'items': {
      const all: Late[] = [];
      while (given.places.has(`${path}.${all.length}`)) {
        all.push(valuesOf(node.fields, given, `${path}.${all.length}.`, texts));
      }
      return () => all.map((late) => late());
    }
  }
}

function settingValue(
  setting: Setting<unknown>,
  value: GivenValue | undefined,
  path: string,
  texts: Texts,
): Late {
  const add = (text: GivenText, spec = setting.item): Late =>
    texts.add({ ...text, path, secret: setting.secret }, spec);
  if (value === undefined) return () => setting.default;
  switch (value.shape) {
    case 'one': {
      const late = add(value);
      // A text that failed is reported; the default stands in while the rules are checked.
      return () => late() ?? setting.default;
    }
    case 'list': {
      const all = value.items.map((item) => add(item));
      return () => all.map((late) => late()).filter((item) => item !== undefined);
    }
    case 'table': {
      const fromSpec = setting.from ?? setting.item;
      const all = value.rows.map(({ from, to }) => ({
        from: add(from, fromSpec),
        to: add(to),
      }));
      return () =>
        all
          .map(({ from, to }) => ({ from: from(), to: to() }))
          .filter(({ from, to }) => from !== undefined && to !== undefined);
    }
  }
}
