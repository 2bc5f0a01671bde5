/**
 * Where Pulumi's policy host starts. It loads the pack as CommonJS and passes its `nodeargs` to the script instead of
 * to Node, so the loader for this project's TypeScript is registered here.
 */
module.exports = async () => {
  const { register } = await import("tsx/esm/api");
  register();
  await import("./index.ts");
};
