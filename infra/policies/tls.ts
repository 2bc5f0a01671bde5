import { at, types } from "../resources.ts";
import { type Finding, isUnknown, levels, type Policy } from "./model.ts";

export const tlsRequired: Policy = {
  id: "tls-required",
  title: "TLS off or weak",
  why: "Passwords and data cross networks that others can read.",
  checks:
    "Upstash and Redis Cloud: TLS on. Atlas: no protocol before TLS 1.2. An external Redis has to be rediss:// by its setting's own rule; Render's private network is not encrypted and not reachable from outside.",
  fix: "Turn TLS on, and leave Atlas' lowest protocol at its default.",
  level: levels("mandatory", "mandatory", "mandatory"),
  resource: (resource, { settings }): Finding[] => {
    const { inputs } = resource;
    switch (resource.type) {
      case types.upstash:
        if (isUnknown(inputs.tls)) return [{ unknown: "TLS" }];
        return inputs.tls === true ? [] : [{ message: "TLS is off" }];
      case types.redisCloud: {
        if (isUnknown(inputs.enableTls)) return [{ unknown: "TLS" }];
        if (inputs.enableTls === true) return [];
        // Its provider cannot turn TLS on for a new database: that is done by hand, and nothing here tells.
        return inputs.enableTls === undefined && at(settings, "redis", "tls") === true
          ? [{ unknown: "TLS, which is switched on by hand in Redis Cloud's console" }]
          : [{ message: "TLS is off" }];
      }
      case types.cluster: {
        const lowest = at(inputs, "advancedConfiguration", "minimumEnabledTlsProtocol");
        if (isUnknown(lowest)) return [{ unknown: "the lowest TLS protocol" }];
        return lowest === "TLS1_0" || lowest === "TLS1_1"
          ? [{ message: `accepts ${lowest.replace("TLS1_", "TLS 1.")}; expected TLS 1.2 at least` }]
          : [];
      }
      default:
        return [];
    }
  },
};
