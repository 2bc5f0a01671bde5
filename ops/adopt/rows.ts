/** The table of what exists. */
import type { Vendor } from "../../vendors/http.ts";
import type { Inventory } from "./inventory.ts";
import type { Redis } from "./redis.ts";
import type { Row } from "./report.ts";
import type { Selection } from "./select.ts";

const vendors: Record<Redis["provider"], Vendor | "elsewhere"> = {
  upstash: "Upstash",
  render: "Render",
  "redis-cloud": "Redis Cloud",
  external: "elsewhere",
};

/** One row for each thing; what lies in an Atlas project that was not chosen is left out. */
export function rowsOf(inventory: Inventory, selection: Selection): Row[] {
  const { mongodb, postgres, redis, services } = selection;
  const managed = "in the stack already";
  const noted = <T>(chosen: { thing: T; why: string } | "managed" | undefined, one: T) => {
    if (chosen === "managed") return { chosen: false, note: managed };
    if (chosen?.thing === one) return { chosen: true, note: chosen.why };
    return { chosen: false, note: "left alone" };
  };
  const atlas: Row[] = inventory.projects.flatMap((project) => {
    const row = (kind: string, name: string, id: string, state: Pick<Row, "chosen" | "note">): Row => ({
      vendor: "MongoDB Atlas",
      kind,
      name,
      id,
      ...state,
    });
    if (mongodb === "managed") return [row("project", project.name, project.id, noted(mongodb, project))];
    const rows = [row("project", project.name, project.id, noted(mongodb.project, project))];
    if (mongodb.project.thing !== project) return rows;
    for (const one of project.clusters)
      rows.push(row(`cluster ${one.tier ?? ""}`.trim(), one.name, one.name, noted(mongodb.cluster, one)));
    for (const one of project.users)
      rows.push(row("database user", one.username, one.username, noted(mongodb.user, one)));
    for (const one of project.accessList) {
      const chosen = mongodb.accessList.includes(one);
      const note = chosen ? one.comment : "left alone";
      rows.push(row("access list", one.cidr, one.cidr, { chosen, note }));
    }
    return rows;
  });
  return [
    ...atlas,
    ...inventory.postgres.map((one): Row => {
      const { id, name, version, plan } = one;
      return { vendor: "Render", kind: `Postgres ${version} ${plan}`, name, id, ...noted(postgres, one) };
    }),
    ...inventory.services.map((one): Row => {
      const chosen = services.find(({ thing }) => thing === one);
      const kind = one.type.replaceAll("_", " ");
      const note = chosen === undefined ? "left alone" : `${chosen.why}; untouched until you say so`;
      return { vendor: "Render", kind, name: one.name, id: one.id, chosen: chosen !== undefined, note };
    }),
    ...redisOf(inventory, redis).map((one): Row => {
      const { provider, name, id } = one;
      return { vendor: vendors[provider], kind: "Redis", name, id, ...noted(redis, one) };
    }),
  ];
}

/** One that somebody else runs is known by the services' variables only. */
function redisOf({ redis }: Inventory, chosen: Selection["redis"]): Redis[] {
  const elsewhere = typeof chosen === "object" && chosen.thing.provider === "external" ? [chosen.thing] : [];
  return [...redis, ...elsewhere];
}
