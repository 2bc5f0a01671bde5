/** All that one run of the program has to know beside its settings, gathered before anything is registered. */

import { render } from "./accounts.ts";
import { keepValuesOutOfDebugLog } from "./debug-log.ts";
import { nowhere, type Surroundings } from "./environment/index.ts";
import { refuseOutsiders } from "./environment/outsiders.ts";
import { refuseDataLoss } from "./protection/index.ts";
import { noRecovery, type Recovery, recover } from "./recovery/index.ts";
import { noRotations, numbered, type Rotations, rotations } from "./rotation/index.ts";
import { readSettings, type Settings } from "./settings/index.ts";
import { type Placement, placementOf } from "./settings/placement.ts";
import { type Existing, existingResources } from "./state.ts";

/** What a run knows. */
export interface Run {
  settings: Settings;
  /** Where each database is put. */
  placement: Placement;
  /** What the last `up` left behind; nothing where there is no state to ask about. */
  existing: Existing;
  /** Which credentials there are. */
  rotation: Rotations;
  /** What an interrupted `up` created. */
  recovery: Recovery;
  /** Where on Render things are. */
  environment: Surroundings;
}

/**
 * Reads the settings and the state, and asks the vendors for what the last `up` did not live to note.
 *
 * @throws OperatorError when a setting is wrong, or a database would go without its name being given
 */
export async function gather(): Promise<Run> {
  keepValuesOutOfDebugLog();
  const settings = readSettings();
  const state = await existingResources();
  const existing = state ?? [];
  const rotation = rotations(existing);
  if (state === undefined) return { ...runOf(settings), rotation };
  refuseDataLoss(existing, settings);
  await refuseOutsiders(render, settings, existing);
  const users = rotation.mongodb.numbers.map((number) => numbered(settings.mongodb.user, number));
  const recovery = await recover(existing, settings, users);
  return { ...runOf(settings), existing, rotation, recovery };
}

/** A run on nothing: no state, nothing rotated, nothing interrupted. */
export const runOf = (settings: Settings): Run => ({
  settings,
  placement: placementOf(settings),
  existing: [],
  rotation: noRotations(),
  recovery: noRecovery,
  environment: nowhere,
});
