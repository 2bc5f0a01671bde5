/** Redis Cloud as a model: Essentials subscriptions and their databases, and the tasks by which both change. */
import { randomInt } from "node:crypto";
import { defined } from "../api.ts";
import { type Endpoint, Store, type StoreOptions } from "../store.ts";
import {
  type DatabaseChanges,
  type DatabaseRequest,
  databaseAnswer,
  type KeptDatabase,
  type KeptSubscription,
  leadsTo,
  newDatabase,
  now,
  planOf,
  type SubscriptionRequest,
  subscriptionAnswer,
  type Tag,
  type Times,
  versions,
} from "./records.ts";
import { checkDatabase, checkSubscription, RedisCloudError } from "./refusals.ts";
import { type KeptTask, runTask, type Task, TaskFailure, taskAnswer } from "./tasks.ts";

export interface RedisCloudOptions extends StoreOptions {
  /** By default a host name of Redis Cloud's kind, where nobody answers. */
  endpoint?: Endpoint<KeptDatabase> | undefined;
  /** How long a creation, change or deletion takes, in milliseconds; its task takes half of it. Default 0. */
  provisioning?: number | undefined;
}

interface State {
  nextId: number;
  subscriptions: KeptSubscription[];
  databases: KeptDatabase[];
  tasks: KeptTask[];
}

/** One Redis Cloud account. */
export class RedisCloudAccount {
  /** A card on file, for paid plans. */
  readonly paymentMethods = [
    { id: 8241, type: "Visa", creditCardEndsWith: 4242, expirationMonth: 12, expirationYear: 2099 },
  ];
  private readonly store: Store<State>;
  private readonly endpoint: RedisCloudOptions["endpoint"];
  private readonly provisioning: number;

  constructor({ endpoint, provisioning = 0, ...options }: RedisCloudOptions = {}) {
    const nextId = randomInt(100_000, 200_000);
    this.store = new Store(options, { nextId, subscriptions: [], databases: [], tasks: [] });
    this.endpoint = endpoint;
    this.provisioning = provisioning;
  }

  task(id: string): Task {
    const found = this.store.data.tasks.find(({ taskId }) => taskId === id);
    if (found === undefined) throw new RedisCloudError(404, "task not found");
    return taskAnswer(found);
  }

  subscriptions() {
    return this.living.subscriptions.map(subscriptionAnswer);
  }

  subscription(id: number) {
    return subscriptionAnswer(this.findSubscription(id));
  }

  createSubscription(request: SubscriptionRequest): Task {
    return this.run("fixedSubscriptionCreateRequest", () => {
      checkSubscription(request, this.living.subscriptions, this.paymentMethods);
      const subscription: KeptSubscription = {
        id: this.newId(),
        name: request.name,
        planId: request.planId,
        paymentMethodType: request.paymentMethod ?? "credit-card",
        paymentMethodId: request.paymentMethodId ?? 0,
        creationDate: now(),
        readyAt: this.ready,
      };
      this.store.data.subscriptions.push(subscription);
      return subscription.id;
    });
  }

  updateSubscription(id: number, request: Partial<SubscriptionRequest>): Task {
    const subscription = this.findSubscription(id);
    return this.run("fixedSubscriptionUpdateRequest", () => {
      const { name, planId, paymentMethodType, paymentMethodId } = subscription;
      const wanted = { name, planId, paymentMethod: paymentMethodType, paymentMethodId, ...defined(request) };
      const others = this.living.subscriptions.filter((other) => other !== subscription);
      const plan = checkSubscription(wanted, others, this.paymentMethods);
      if (!leadsTo(planOf(subscription), plan))
        throw new TaskFailure("FIXED_SUBSCRIPTION_PLAN", "The subscription cannot have this plan");
      // Nothing that a database has may be lost by the move.
      for (const database of this.databases(id)) checkDatabase({ ...database, ...database.security }, plan);
      subscription.name = wanted.name;
      subscription.planId = plan.id;
      subscription.paymentMethodId = wanted.paymentMethodId;
      subscription.readyAt = this.ready;
      return id;
    });
  }

  deleteSubscription(id: number): Task {
    const subscription = this.findSubscription(id);
    return this.run("fixedSubscriptionDeleteRequest", () => {
      if (this.databases(id).length > 0)
        throw new TaskFailure("SUBSCRIPTION_NOT_EMPTY", "The subscription still has databases");
      this.active(subscription).goneAt = this.ready;
      return id;
    });
  }

  databases(subscriptionId: number) {
    const subscription = this.findSubscription(subscriptionId);
    return this.living.databases
      .filter((database) => database.subscriptionId === subscriptionId)
      .map((database) => this.answer(database, subscription));
  }

  database(subscriptionId: number, id: number) {
    const subscription = this.findSubscription(subscriptionId);
    return this.answer(this.findDatabase(subscriptionId, id), subscription);
  }

  createDatabase(subscriptionId: number, request: DatabaseRequest): Task {
    const subscription = this.findSubscription(subscriptionId);
    return this.run("fixedDatabaseCreateRequest", () => {
      const plan = planOf(this.active(subscription));
      const siblings = this.databases(subscriptionId);
      if (siblings.length >= plan.maximumDatabases)
        throw new TaskFailure(
          "FIXED_DATABASES_LIMIT",
          `The plan has room for ${plan.maximumDatabases} database`,
        );
      checkDatabase(request, plan);
      const database = newDatabase(this.newId(), subscriptionId, request, plan, this.ready);
      this.store.data.databases.push(database);
      return database.databaseId;
    });
  }

  updateDatabase(subscriptionId: number, id: number, changes: DatabaseChanges): Task {
    const database = this.findDatabase(subscriptionId, id);
    return this.run("fixedDatabaseUpdateRequest", () => {
      const plan = planOf(this.active(this.findSubscription(subscriptionId)));
      checkDatabase(changes, plan);
      const { password, sourceIps, enableDefaultUser, memoryLimitInGb: _, ...settings } = defined(changes);
      Object.assign(database, settings);
      Object.assign(
        database.security,
        defined({ password, sourceIps, defaultUserEnabled: enableDefaultUser }),
      );
      Object.assign(database, this.changing);
      return id;
    });
  }

  upgradeDatabase(subscriptionId: number, id: number, version: string): Task {
    const database = this.findDatabase(subscriptionId, id);
    return this.run("fixedDatabaseUpgradeRequest", () => {
      checkDatabase({ redisVersion: version }, planOf(this.active(this.findSubscription(subscriptionId))));
      if (Number(version) < Number(database.redisVersion))
        throw new TaskFailure("REDIS_VERSION_DOWNGRADE", "A Redis version cannot be taken back");
      Object.assign(database, versions(version), this.changing);
      return id;
    });
  }

  deleteDatabase(subscriptionId: number, id: number): Task {
    const database = this.findDatabase(subscriptionId, id);
    return this.run("fixedDatabaseDeleteRequest", () => {
      // The task ends when the database is gone: its provider waits for nothing else before it deletes the subscription.
      database.goneAt = Date.now() + this.provisioning / 2;
      return id;
    });
  }

  tags(subscriptionId: number, id: number): Tag[] {
    return structuredClone(this.findDatabase(subscriptionId, id).tags);
  }

  /** The one change without a task. */
  setTags(subscriptionId: number, id: number, tags: readonly Tag[]): Tag[] {
    this.findDatabase(subscriptionId, id).tags = structuredClone([...tags]);
    this.store.save();
    return this.tags(subscriptionId, id);
  }

  /** What a person does in the console, since its provider cannot: switch TLS on or off. */
  setTls(subscriptionId: number, id: number, enableTls: boolean): void {
    this.findDatabase(subscriptionId, id).security.enableTls = enableTls;
    this.store.save();
  }

  /** Everything that is not gone by now. */
  private get living(): State {
    const { data } = this.store;
    const lives = ({ goneAt }: Times) => goneAt === undefined || goneAt > Date.now();
    data.subscriptions = data.subscriptions.filter(lives);
    data.databases = data.databases.filter(lives);
    return data;
  }

  private get ready(): number {
    return Date.now() + this.provisioning;
  }

  private get changing() {
    return { readyAt: this.ready, until: "active-change-pending" as const };
  }

  private run(commandType: string, change: () => number): Task {
    const task = runTask(commandType, this.provisioning / 2, change);
    this.store.data.tasks.push(task);
    this.store.save();
    return taskAnswer(task, true);
  }

  private newId(): number {
    this.store.data.nextId += 1;
    return this.store.data.nextId;
  }

  private findSubscription(id: number): KeptSubscription {
    const found = this.living.subscriptions.find((subscription) => subscription.id === id);
    if (found === undefined) throw new RedisCloudError(404, "subscription not found");
    return found;
  }

  private findDatabase(subscriptionId: number, id: number): KeptDatabase {
    const found = this.living.databases.find(
      (database) => database.databaseId === id && database.subscriptionId === subscriptionId,
    );
    if (found === undefined) throw new RedisCloudError(404, "database not found");
    return found;
  }

  private active(subscription: KeptSubscription): KeptSubscription {
    if (subscriptionAnswer(subscription).status === "active") return subscription;
    throw new TaskFailure(
      "SUBSCRIPTION_NOT_ACTIVE",
      "Cannot preform any actions for subscription that is not in an active state",
      "403 FORBIDDEN",
    );
  }

  private answer(database: KeptDatabase, subscription: KeptSubscription) {
    const reached = this.endpoint?.(database);
    const publicEndpoint = reached && `${reached.host}:${reached.port}`;
    return databaseAnswer(database, planOf(subscription), publicEndpoint);
  }
}
