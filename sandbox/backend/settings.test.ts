import { describe, expect, it } from "vitest";
import { optionsFor } from "./mongodb.ts";
import { Refusal } from "./reasons.ts";
import { settingsFrom } from "./settings.ts";

const mongodb = {
  MONGODB_URL: "mongodb://127.0.0.1/?retryWrites=false&compressors=zstd",
  MONGODB_DB_NAME: "kaïros",
  MONGODB_TIMEOUT_MS: "5000",
  MONGODB_MAX_POOL_SIZE: "200",
  MONGODB_MIN_POOL_SIZE: "20",
};
const postgres = {
  POSTGRES_HOST: "dpg-example-a",
  POSTGRES_PORT: "5432",
  POSTGRES_USER: "kairos",
  POSTGRES_PASSWORD: "of the test",
  POSTGRES_DB: "kairos",
};

describe("the backend's settings", () => {
  it("are the variables of the contract, and Render's port", () => {
    expect(settingsFrom({ ...mongodb, ...postgres, REDIS_URL: "redis://host", PORT: "4711" })).toEqual({
      port: 4711,
      mongodb: {
        url: mongodb.MONGODB_URL,
        database: "kaïros",
        timeout: 5000,
        maxPoolSize: 200,
        minPoolSize: 20,
      },
      postgres: {
        host: "dpg-example-a",
        port: 5432,
        user: "kairos",
        password: "of the test",
        database: "kairos",
      },
      redis: { url: "redis://host" },
    });
    expect(settingsFrom(mongodb)).toMatchObject({ port: 10_000, postgres: undefined, redis: undefined });
    expect(settingsFrom({ ...mongodb, RENDER_SERVICE_TYPE: "worker" }).port).toBeUndefined();
  });

  it("name what is missing or wrong, and not its value", () => {
    const { mongodb: missing } = settingsFrom({});
    expect(missing).toEqual(new Refusal("missing setting", ["MONGODB_URL", "MONGODB_DB_NAME"]));
    const { postgres: half } = settingsFrom({ ...mongodb, POSTGRES_HOST: "host", POSTGRES_DB: "kairos" });
    expect(half).toMatchObject({
      reason: "missing setting",
      variables: ["POSTGRES_USER", "POSTGRES_PASSWORD"],
    });
    const { mongodb: wrong } = settingsFrom({ ...mongodb, MONGODB_MAX_POOL_SIZE: "many" });
    expect(wrong).toMatchObject({ reason: "invalid setting", variables: ["MONGODB_MAX_POOL_SIZE"] });
  });
});

describe("MongoDB's options", () => {
  const settings = {
    url: "mongodb://host/kairos",
    database: "",
    timeout: 700,
    maxPoolSize: 9,
    minPoolSize: 3,
  };

  it("are what Kaïros sets", () => {
    expect(optionsFor(settings)).toEqual({
      serverSelectionTimeoutMS: 700,
      connectTimeoutMS: 700,
      maxPoolSize: 9,
      minPoolSize: 3,
      retryWrites: true,
      retryReads: true,
      heartbeatFrequencyMS: 10_000,
      compressors: ["zlib"],
    });
  });

  it("leave alone what the URL sets", () => {
    const options = optionsFor({ ...settings, url: mongodb.MONGODB_URL });
    expect(options).not.toHaveProperty("retryWrites");
    expect(options).not.toHaveProperty("compressors");
    expect(options).toMatchObject({ retryReads: true });
  });
});
