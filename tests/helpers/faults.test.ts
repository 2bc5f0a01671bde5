import { Hono } from "hono";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Served, serve } from "../../sandbox/clouds/serve.ts";
import { type Fault, type Faults, faultsOf } from "./faults.ts";

describe("faults", () => {
  let effects: string[];
  let faults: Faults;
  let served: Served;
  beforeEach(async () => {
    effects = [];
    const app = new Hono();
    app.all("/things/:name", (context) => {
      effects.push(`${context.req.method} ${context.req.param("name")}`);
      return context.json({ made: context.req.param("name") }, 201);
    });
    served = await serve(app);
    faults = faultsOf(served);
  });
  afterEach(() => served.close());

  const call = (name: string, { method = "POST", signal = AbortSignal.timeout(30_000) } = {}) =>
    fetch(`${served.url}/things/${name}`, { method, signal });
  const refused = (name: string, signal?: AbortSignal) =>
    call(name, { ...(signal && { signal }) }).then(
      () => "answered",
      (error: Error & { cause?: { code?: string } }) => error.cause?.code ?? error.name,
    );

  it("asks to wait, or fails, without effect", async () => {
    faults.add({ fault: "too many requests" }, { fault: "server error" });
    const [first, second, third] = [await call("a"), await call("a"), await call("a")];
    expect([first.status, first.headers.get("retry-after")]).toEqual([429, "1"]);
    expect(await first.json()).toEqual({ message: "too many requests" });
    expect(second.status).toBe(500);
    expect(third.status).toBe(201);
    expect(effects).toEqual(["POST a"]);
  });

  it("cuts the connection before the call has an effect", async () => {
    faults.add({ fault: "reset" });
    expect(await refused("a")).toBe("UND_ERR_SOCKET");
    expect(effects).toEqual([]);
  });

  it("lets a call take effect and loses its answer", async () => {
    faults.add({ fault: "lost answer" });
    expect(await refused("a")).toBe("UND_ERR_SOCKET");
    expect(effects).toEqual(["POST a"]);
  });

  it("sends half of the answer's body", async () => {
    faults.add({ fault: "malformed body" });
    const answer = await call("a");
    expect(answer.status).toBe(201);
    expect(await answer.text()).toBe('{"made');
    expect(effects).toEqual(["POST a"]);
  });

  it("answers late", async () => {
    faults.add({ fault: "slow", ms: 120 });
    const start = Date.now();
    expect((await call("a")).status).toBe(201);
    expect(Date.now() - start).toBeGreaterThanOrEqual(115);
    expect(served.calls[0]?.ms).toBeGreaterThanOrEqual(115);
  });

  it("accepts a call and never answers, until the client gives up", async () => {
    faults.add({ fault: "timeout" });
    const client = new AbortController();
    const hanging = refused("a", client.signal);
    await settled(() => faults.struck.length === 1);
    client.abort();
    expect(await hanging).toBe("AbortError");
    await settled(() => served.calls.length === 1);
    expect(served.calls).toMatchObject([{ path: "/things/a", status: 499 }]);
    expect(effects).toEqual([]);
    expect((await call("a")).status).toBe(201);
  });

  it("cuts a call that it does not answer after the time that it is told", async () => {
    faults.add({ fault: "timeout", ms: 80 });
    const start = Date.now();
    expect(await refused("a")).toBe("UND_ERR_SOCKET");
    expect(Date.now() - start).toBeLessThan(10_000);
    expect(effects).toEqual([]);
  });

  it("closes while a call hangs", async () => {
    faults.add({ fault: "timeout" });
    const hanging = refused("a");
    await settled(() => faults.struck.length === 1);
    await served.close();
    expect(await hanging).toBe("UND_ERR_SOCKET");
  });

  it("strikes the n-th call of a method and a path, once", async () => {
    faults.add({ fault: "server error", method: "GET", path: /\/b$/, nth: 2 });
    const calls: [string, string][] = [
      ["POST", "b"],
      ["GET", "a"],
      ["GET", "b"],
      ["GET", "b"],
      ["GET", "b"],
    ];
    const statuses = [];
    for (const [method, name] of calls) statuses.push((await call(name, { method })).status);
    expect(statuses).toEqual([201, 201, 201, 500, 201]);
    expect(faults.struck).toMatchObject([{ nth: 2 }]);
  });

  it("forgets the rules that are taken back, and remembers what has struck", async () => {
    const kinds: Fault[] = ["server error", "reset"];
    faults.add(...kinds.map((fault) => ({ fault })));
    await call("a");
    faults.clear();
    expect((await call("a")).status).toBe(201);
    expect(faults.struck.map(({ fault }) => fault)).toEqual(["server error"]);
  });
});

async function settled(condition: () => boolean): Promise<void> {
  for (const end = Date.now() + 30_000; !condition() && Date.now() < end; )
    await new Promise((resolve) => setTimeout(resolve, 5));
}
