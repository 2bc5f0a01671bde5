/** What the settings of this project refuse, or never make: for the policies to find. */
import { AdvancedCluster } from "@pulumi/mongodbatlas/advancedCluster.js";
import { DatabaseUser } from "@pulumi/mongodbatlas/databaseUser.js";
import { ProjectIpAccessList } from "@pulumi/mongodbatlas/projectIpAccessList.js";
import { RandomPassword } from "@pulumi/random/randomPassword.js";
import { RedisDatabase } from "@upstash/pulumi/redisDatabase.js";

const projectId = "0123456789abcdef01234567";
const password = new RandomPassword("password", { length: 20 });
new DatabaseUser("user", {
  projectId,
  username: "everybody",
  authDatabaseName: "admin",
  password: password.result,
  roles: [{ roleName: "readWriteAnyDatabase", databaseName: "admin" }],
});
new AdvancedCluster(
  "cluster",
  {
    projectId,
    name: "cluster",
    clusterType: "REPLICASET",
    replicationSpecs: [
      {
        regionConfigs: [
          {
            providerName: "FLEX",
            backingProviderName: "AWS",
            regionName: "US_WEST_2",
            priority: 7,
          },
        ],
      },
    ],
  },
  { protect: true },
);
new RedisDatabase(
  "redis",
  { databaseName: "redis", region: "global", primaryRegion: "us-west-2", tls: false, eviction: true },
  { protect: true },
);
// A block that only a vendor knows.
new ProjectIpAccessList("access", { projectId, cidrBlock: password.result });
