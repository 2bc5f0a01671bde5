import { expect, it } from "vitest";
import type { Service } from "../clouds/render/model.ts";
import { resolved } from "./private-network.ts";

const names = [
  { name: "dpg-1-a", region: "oregon", port: 41_001 },
  { name: "red-2", region: "oregon", port: 41_002 },
  { name: "dpg-3-a", region: "ohio", port: 41_003 },
];
const service = { details: { region: "oregon" } } as unknown as Service;

it.each([
  [
    "a host and the port beside it",
    { POSTGRES_HOST: "dpg-1-a", POSTGRES_PORT: "5432" },
    { POSTGRES_HOST: "127.0.0.1", POSTGRES_PORT: "41001" },
  ],
  ["a URL", { REDIS_URL: "redis://red-2:6379" }, { REDIS_URL: "redis://127.0.0.1:41002" }],
  [
    "a URL with a login, and no port",
    { DATABASE_URL: "postgresql://kairos:p%40ss@dpg-1-a/kairos?x=1" },
    { DATABASE_URL: "postgresql://kairos:p%40ss@127.0.0.1:41001/kairos?x=1" },
  ],
  [
    "nothing of another region",
    { POSTGRES_HOST: "dpg-3-a", POSTGRES_PORT: "5432" },
    { POSTGRES_HOST: "dpg-3-a", POSTGRES_PORT: "5432" },
  ],
  [
    "nothing else",
    { PORT: "80", A: "dpg-1-a.oregon-postgres.render.com" },
    { PORT: "80", A: "dpg-1-a.oregon-postgres.render.com" },
  ],
])("where a service runs, its private network resolves %s", (_, given, expected) => {
  expect(resolved(names, service, given)).toEqual(expected);
});
