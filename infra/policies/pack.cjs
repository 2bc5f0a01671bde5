/**
 * Where Pulumi's policy host starts. It loads the pack as CommonJS and passes its `nodeargs` to the script instead of
 * to Node, so what turns this project's TypeScript into JavaScript is called here.
 */
module.exports = async () => {
  const { bundle } = await import("../../ops/bundle.mjs");
  await import(await bundle({ entry: "ops/cost/pack.ts", hosted: true }));
};
