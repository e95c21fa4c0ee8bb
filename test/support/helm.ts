/**
 * The chart of deploy/helm, rendered by Go's own template engine (as WebAssembly, from npm). Helm
 * adds functions to it, which the chart does without; its values are checked by their schema first,
 * as Helm does.
 */
import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { parse as renderTemplate } from '@evertdespiegeleer/go-template';
import { Ajv } from 'ajv';
import { parse, parseAllDocuments } from 'yaml';
import type { KubernetesObject } from './kubernetes.ts';

const CHART = path.resolve(import.meta.dirname, '..', '..', 'deploy', 'helm', 'hikyaku');
const read = (file: string): string => readFileSync(path.join(CHART, file), 'utf8');

type Values = Readonly<Record<string, unknown>>;

/** As Helm lays values over those of the chart: section by section. */
function merge(under: Values, over: Values): Values {
  const isSection = (value: unknown): value is Values =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  const merged = Object.entries(over).map(([key, value]) => {
    const below = under[key];
    return [key, isSection(below) && isSection(value) ? merge(below, value) : value] as const;
  });
  return { ...under, ...Object.fromEntries(merged) };
}

/** The schema's errors about values; empty without errors. */
export function valueProblems(values: Values): readonly string[] {
  const validate = new Ajv({ allErrors: true }).compile(JSON.parse(read('values.schema.json')));
  validate(merge(parse(read('values.yaml')), values));
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

/** The objects of a release "relay" in the namespace "mail". */
export async function renderChart(values: Values): Promise<KubernetesObject[]> {
  const chart = parse(read('Chart.yaml'));
  const context = {
    Values: merge(parse(read('values.yaml')), values),
    Chart: { Name: chart.name, Version: chart.version, AppVersion: chart.appVersion },
    Release: { Name: 'relay', Namespace: 'mail' },
  };
  const labels = read('templates/_labels.tpl');
  const files = (await readdir(path.join(CHART, 'templates'))).filter((one) =>
    one.endsWith('.yaml'),
  );
  const objects: KubernetesObject[] = [];
  for (const file of files.sort()) {
    const text = await renderTemplate(`${labels}${read(`templates/${file}`)}`, context);
    // Kubernetes reads YAML 1.1: 0400 is octal.
    const documents = parseAllDocuments(text, { version: '1.1' });
    objects.push(...documents.map((document) => document.toJS()));
  }
  return objects;
}
