/** Render's Postgres: any moment of the last days, recovered into a Postgres of its own. https://render.com/docs/postgresql-backups */
import { UserError } from "../../../engine/errors.ts";
import { type Render, type RenderPostgres, recoveryLag } from "../../../vendors/render.ts";
import { priceOf } from "../../cost/prices.ts";
import type { Login } from "../census/index.ts";
import type { Offer, Point } from "../model.ts";
import type { Found } from "../record.ts";
import { type CopyCost, lagOf, type Until, type Vault } from "../vault.ts";

export class PostgresVault implements Vault {
  readonly database = "postgres";
  readonly vendor = "Render";

  constructor(
    private readonly account: () => Render,
    private readonly source: { id: string; name: string },
  ) {}

  /** Looked up when it is asked: a key may be missing. */
  private get render(): Render {
    return this.account();
  }

  get name(): string {
    return this.source.name;
  }

  async offer(now: Date): Promise<Offer> {
    const { id } = this.source;
    const { recoveryStatus, startsAt } = await this.render.recovery(id);
    if (recoveryStatus === "NOT_AVAILABLE") return { kind: "none", snapshots: [] };
    const exports = await this.render.exports(id);
    const [exported] = exports
      .flatMap(({ url, createdAt }) => (url ? [createdAt] : []))
      .sort()
      .reverse();
    const from = startsAt === undefined ? undefined : new Date(startsAt);
    const reaches = lagOf(recoveryLag);
    const newest = new Date(now.getTime() - reaches);
    const isReady = recoveryStatus === "AVAILABLE" && (from === undefined || from <= newest);
    return {
      kind: "continuous",
      ...{ snapshots: [], reaches },
      ...(from && { from }),
      ...(exported && { exported: new Date(exported) }),
      ...(isReady && { newest: { at: newest } }),
    };
  }

  /** Of the same plan: Render recovers into no lower one. */
  async cost(): Promise<CopyCost> {
    const source = await this.render.postgres(this.source.id);
    const { plan = "", diskSizeGB = 0 } = source ?? {};
    const monthly = priceOf("render-postgres", plan)?.from;
    const disk = (priceOf("render-postgres-disk", "gb")?.from ?? 0) * diskSizeGB;
    return { plan, ...(monthly !== undefined && { hourly: (monthly + disk) / 730 }) };
  }

  async make(name: string, { at }: Point, _: unknown, until: Until): Promise<void> {
    if ((await this.named(name)) === undefined)
      await this.render.recover(this.source.id, name, at.toISOString());
    const copy = await until(`Render recovers ${this.name} into ${name}`, async () => {
      const one = await this.named(name);
      if (one?.status === "recovery_failed")
        throw new UserError(
          `Render: the recovery of ${this.name} into ${name} failed; its events at Render say why`,
        );
      return one?.status === "available" ? one : undefined;
    });
    // Whoever may not reach the data at its source may not reach it here.
    const { ipAllowList: wanted } = (await this.render.postgres(this.source.id)) ?? {};
    const blocks = (list: RenderPostgres["ipAllowList"]) =>
      (list ?? [])
        .map(({ cidrBlock }) => cidrBlock)
        .sort()
        .join();
    if (blocks(copy.ipAllowList) !== blocks(wanted)) await this.render.admit(copy.id, wanted ?? []);
  }

  async open(name: string): Promise<Login> {
    const { internalConnectionString } = await this.render.connection("postgres", await this.setting(name));
    const { hostname, port, username, password, pathname } = new URL(internalConnectionString);
    return {
      host: hostname,
      port: Number(port || 5432),
      user: decodeURIComponent(username),
      password: decodeURIComponent(password),
      database: decodeURIComponent(pathname.slice(1)),
    };
  }

  async setting(name: string): Promise<string> {
    const copy = await this.named(name);
    if (copy === undefined) throw new UserError(`Render: there is no Postgres ${name} any more`);
    return copy.id;
  }

  async find(name: string): Promise<Found[]> {
    const all = await this.render.named("postgres", name);
    return all.map(({ id, name: its, createdAt }) => ({ kind: "database", id, name: its, createdAt }));
  }

  async remove({ id, name }: Found, until: Until): Promise<void> {
    await this.render.deletePostgres(id);
    await until(`Render deletes ${name}`, async () =>
      (await this.render.postgres(id)) === undefined ? true : undefined,
    );
  }

  private async named(name: string): Promise<RenderPostgres | undefined> {
    return (await this.render.named("postgres", name))[0];
  }
}
