import type * as pulumi from "@pulumi/pulumi";
import { BridgedResource, isOfType, type Lookup, type Read, type ResourceSpec } from "../bridge.ts";
import { render } from "./package.ts";
import type * as shape from "./shapes.ts";

/** All of it may change in place. */
export interface ProjectArgs {
  /** Name shown by Render. Left out, the bridge derives one with a random suffix. */
  name?: pulumi.Input<string | undefined>;
  /**
   * The project's environments, at least one. The keys are the program's own; an import uses the names, so
   * equal keys and names save trouble.
   */
  environments: pulumi.Input<{ [key: string]: pulumi.Input<ProjectEnvironments> }>;
}

export interface ProjectState extends Lookup<ProjectArgs> {}

/** One environment of a project. */
export interface ProjectEnvironments {
  /** Assigned by Render, `evm-…`. */
  id?: pulumi.Input<string | undefined>;
  name: pulumi.Input<string>;
  /** `protected` (only administrators change it) or `unprotected`. */
  protectedStatus: pulumi.Input<string>;
  /** Closes the private network to other environments. */
  networkIsolated?: pulumi.Input<boolean | undefined>;
  /** Who may visit its web services; by default everybody. */
  ipAllowLists?: pulumi.Input<pulumi.Input<shape.IpAllowList>[] | undefined>;
}

export interface ProjectEnvironmentsResult extends Read<ProjectEnvironments, "id" | "networkIsolated"> {}

/**
 * A project and its environments (`render_project`, provider 1.9.1). Import id: the project's id, `prj-…`.
 */
export class Project extends BridgedResource {
  /** @internal */
  static readonly spec: ResourceSpec<ProjectArgs, ProjectState> = {
    package: render,
    type: "render:index/project:Project",
    properties: { name: "optional", environments: "required" },
  };

  /**
   * By the keys of the arguments. `environments.apply((e) => e["production"]?.id)` is what others refer to.
   */
  declare readonly environments: pulumi.Output<{ [key: string]: ProjectEnvironmentsResult }>;
  declare readonly name: pulumi.Output<string>;

  constructor(name: string, args: ProjectArgs, opts?: pulumi.CustomResourceOptions) {
    super(Project.spec, name, args, opts);
  }

  /** Reads a project that exists, without managing it. */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: ProjectState,
    opts?: pulumi.CustomResourceOptions,
  ): Project {
    return new Project(name, state as ProjectArgs, { ...opts, id });
  }

  static override isInstance(object: unknown): object is Project {
    return isOfType(object, Project.spec.type);
  }
}
