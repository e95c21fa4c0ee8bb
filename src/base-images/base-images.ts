/** The images that the builds start from: the public ones where they can be had, else stand-ins. */
import process from 'node:process';
import { imageId, pullImage } from '../docker/images.ts';
import { chooseBase, debianStandIn, publicDebian, publicNode } from './base-image-plan.ts';
import { hostCaBundle } from './ca-bundle.ts';
import { makeDebian } from './debian-stand-in.ts';
import { nodeFromNpm, withHostCa } from './node-stand-in.ts';
import type { Setting } from './setting.ts';

export interface BaseImages {
  readonly debian: string;
  readonly node: string;
}

/** An engine that says nothing for so long about a pull will not say anything. */
const PULL_SILENCE_MS = 20_000;

export async function ensureBaseImages(setting: Setting): Promise<BaseImages> {
  const pull = puller(setting);
  const debian = await ensureDebian(setting, pull);
  return { debian, node: await ensureNode(setting, pull, debian) };
}

async function ensureDebian(setting: Setting, pull: Pull): Promise<string> {
  const { docker } = setting;
  const given = process.env['HIKYAKU_DEBIAN_IMAGE'];
  const standIn = debianStandIn();
  const choice = chooseBase({
    given,
    publicHere: (await imageId(docker, publicDebian)) !== undefined,
    standInHere: (await imageId(docker, standIn)) !== undefined,
  });
  switch (choice) {
    case 'given':
      return given ?? publicDebian;
    case 'public':
      return publicDebian;
    case 'stand-in':
      return standIn;
    case 'pull, else make a stand-in':
      if (await pull(publicDebian)) return publicDebian;
      await makeDebian(setting, standIn);
      return standIn;
  }
}

async function ensureNode(setting: Setting, pull: Pull, debian: string): Promise<string> {
  const { docker } = setting;
  const given = process.env['HIKYAKU_NODE_IMAGE'];
  const caBundle = await hostCaBundle(process.env);
  const standIn = await nodeFromNpm(setting, debian, caBundle);
  const choice = chooseBase({
    given,
    publicHere: (await imageId(docker, publicNode)) !== undefined,
    standInHere: (await imageId(docker, standIn.tag)) !== undefined,
  });
  switch (choice) {
    case 'given':
      return given ?? publicNode;
    case 'public':
      return withHostCa(setting, caBundle);
    case 'stand-in':
      return standIn.tag;
    case 'pull, else make a stand-in':
      if (await pull(publicNode)) return withHostCa(setting, caBundle);
      await standIn.make();
      return standIn.tag;
  }
}

/** Whether the image could be pulled. */
type Pull = (name: string) => Promise<boolean>;

/** Pulls visibly. After one failure the registry is not asked again: an answer may take its time. */
function puller({ docker, progress }: Setting): Pull {
  let away = false;
  return async (name) => {
    if (away) return false;
    const task = progress.task(`pulling ${name}`);
    const outcome = await pullImage(docker, name, PULL_SILENCE_MS, task.detail);
    away = !outcome.pulled;
    task.done(
      outcome.pulled
        ? `pulled ${name}`
        : `${name} cannot be pulled here (${outcome.reason}): making stand-ins for the base images`,
    );
    return outcome.pulled;
  };
}
