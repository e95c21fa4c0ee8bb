/** `hikyaku inspect` */

import { EXIT, UsageError } from '../../entrypoint/cli/errors.ts';
import { JSON_OPTION } from '../../entrypoint/cli/verb.ts';
import { untilBrokenOff } from '../broken-off.ts';
import { connectEngine } from '../docker/engine.ts';
import { cycloneDx } from '../inspection/bill-of-materials.ts';
import { compareImages } from '../inspection/comparison.ts';
import { inspectImage } from '../inspection/inspection.ts';
import { inspectionLines } from '../inspection/report.ts';
import { relayTag } from '../recipes.ts';
import { hostVerb } from './host-verb.ts';

export const inspectVerb = hostVerb(
  {
    name: 'inspect',
    words: ['[IMAGE]'],
    summary: 'List the contents of an image: layers, packages, versions, settings.',
    details: `Without a name it looks at ${relayTag}. The image is not run.`,
    options: {
      ...JSON_OPTION,
      sbom: {
        type: 'string',
        value: 'FORMAT',
        about: 'print a bill of materials: cyclonedx (JSON)',
      },
      compare: {
        type: 'string',
        value: 'IMAGE',
        about: 'print the differences from another image',
      },
    },
  },
  async ({ json, sbom, compare, words: [name = relayTag], environment, print }) => {
    if (sbom !== undefined && sbom !== 'cyclonedx') {
      throw new UsageError(`there is no bill of materials "${sbom}", only cyclonedx`);
    }
    const { docker } = await connectEngine(environment);
    const inspection = await untilBrokenOff(() => inspectImage(docker, name));
    if (compare !== undefined) {
      const differences = compareImages(
        inspection,
        await untilBrokenOff(() => inspectImage(docker, compare)),
      );
      if (json) print(JSON.stringify({ same: differences.length === 0, differences }, null, 2));
      else for (const line of differences) print(line);
      if (!json && differences.length === 0) print(`${name} and ${compare} have the same content`);
      return differences.length === 0 ? EXIT.ok : EXIT.failed;
    }
    if (sbom !== undefined) print(cycloneDx(inspection));
    else if (json) print(JSON.stringify(inspection, null, 2));
    else for (const line of inspectionLines(inspection)) print(line);
    return EXIT.ok;
  },
);
