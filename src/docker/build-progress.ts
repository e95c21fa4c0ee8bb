/** A build as a person follows it: one line that moves on a terminal, a line per step in a log. */
import type { Progress } from '../progress.ts';
import { type BuildArgs, type BuildOptions, buildImage, type ImageRecipe } from './build.ts';
import type { BuildEvent } from './build-events.ts';
import type { Docker } from './engine.ts';
import { imageId } from './images.ts';

/** Builds an image, says how it goes, and says at the end whether anything changed. @returns its id */
export async function buildVisibly(
  docker: Docker,
  recipe: ImageRecipe,
  buildArgs: BuildArgs,
  progress: Progress,
  options: BuildOptions = {},
): Promise<string> {
  const before = await imageId(docker, recipe.tag);
  const task = progress.task(`building ${recipe.tag}`);
  let summary: string | undefined;
  try {
    const id = await buildImage(docker, recipe, buildArgs, stepReporter(task), options);
    summary = id === before ? `${recipe.tag} is up to date` : `built ${recipe.tag}`;
    return id;
  } finally {
    task.done(summary);
  }
}

/**
 * Reports a step when it turns out not to come from the cache. The builder announces the step
 * before it knows, so a step is held back until the next event.
 */
export function stepReporter(task: {
  step(text: string): void;
  detail(text: string): void;
  advance?(number: number, total: number): void;
}): (event: BuildEvent) => void {
  let held: string | undefined;
  const release = (): void => {
    if (held !== undefined) task.step(held);
    held = undefined;
  };
  return (event) => {
    switch (event.kind) {
      case 'step':
        task.advance?.(event.number, event.total);
        // The others take no time worth a line; an error names its step itself.
        held = /^RUN\b/i.test(event.instruction)
          ? `${event.number}/${event.total} ${shortened(event.instruction)}`
          : undefined;
        break;
      case 'cached':
        held = undefined;
        break;
      case 'output':
      case 'status':
        release();
        task.detail(event.text);
        break;
      case 'running':
        release();
        break;
      case 'error':
      case 'built':
        break;
    }
  };
}

/** Enough of an instruction to tell it from the others. */
function shortened(instruction: string): string {
  const line = instruction.replaceAll(/\s+/g, ' ');
  return line.length > 90 ? `${line.slice(0, 89)}…` : line;
}
