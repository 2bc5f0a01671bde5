/** How Atlas refuses: by a code, whose words have parameters. */
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { Refusal } from "../api.ts";

/**
 * Status and words of each code. They are those of Atlas' own list, unless a comment here or at the place of use says
 * that something is a guess.
 *
 * @see https://www.mongodb.com/docs/atlas/reference/api-errors/
 */
const refusals = {
  ATLAS_INVALID_ROLE: [400, "The specified role %s@%s does not exist."],
  ATLAS_INVALID_ROLE_DATABASE: [400, "The specified role %s only exists for database admin."],
  ATLAS_NETWORK_PERMISSION_ENTRY_NOT_FOUND: [404, "IP Address %s not on Atlas access list for group %s."],
  ATLAS_NETWORK_PERMISSIONS_LIMIT_EXCEEDED: [
    403,
    "Too many network permission entries. Only %s entries are supported.",
  ],
  CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_CLUSTERS: [
    409,
    "Cannot close group while it has active clusters; please terminate all clusters.",
  ],
  // The code's name misleads: it is what Atlas answers for a second M0, in these words (logs of the provider's tests).
  CANNOT_CREATE_FREE_CLUSTER_VIA_PUBLIC_API: [
    400,
    "Cannot create a cluster with instance size M0 via the public api: %s",
  ],
  CANNOT_CREATE_PAUSED_CLUSTER: [400, "Cluster %s cannot be created in a paused state."],
  CANNOT_TERMINATE_CLUSTER_WHEN_TERMINATION_PROTECTION_ENABLED: [
    400,
    "Cannot terminate a cluster when termination protection is enabled. Disable termination protection and try again.",
  ],
  // Not in Atlas' list; the provider's acceptance tests expect it. The status is a guess.
  CANNOT_UPDATE_PAUSED_CLUSTER: [409, "Cannot update cluster %s while it is paused or being paused."],
  CANNOT_USE_AWS_SECURITY_GROUP_WITHOUT_VPC_PEERING_CONNECTION: [
    400,
    "Cannot use AWS security groups as access list entries without a VPC peering connection.",
  ],
  CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API: [400, "Cannot use Flex cluster %s in the Cluster API."],
  CANNOT_USE_NON_FLEX_CLUSTER_IN_FLEX_API: [400, "Cannot use non-Flex cluster %s in the Flex API."],
  CLUSTER_ALREADY_REQUESTED_DELETION: [400, "The cluster %s has already been requested for deletion."],
  CLUSTER_CANNOT_CHANGE_NAME: [400, "Cannot change name of cluster during an update."],
  CLUSTER_CANNOT_CHANGE_PROVIDER_NAME: [400, "Cannot change the cloud provider of a cluster."],
  CLUSTER_DISK_SIZE_INVALID: [400, "Invalid disk size: must be between %s and %s GB."],
  CLUSTER_DISK_SIZE_NOT_WHOLE_NUMBER: [
    400,
    "The cluster's disk size of %s GB is invalid. The disk size must be a positive whole number.",
  ],
  CLUSTER_NAME_INVALID: [
    400,
    "The cluster name %s is invalid. The name can only contain ASCII letters, numbers, and hyphens.",
  ],
  CLUSTER_NAME_TOO_LONG: [400, "Cluster name %s is limited to %s characters."],
  CLUSTER_NOT_FOUND: [404, "No cluster named %s exists in group %s."],
  CLUSTER_REPLICATION_FACTOR_INVALID: [400, "The cluster's replication factor must be either 3, 5, or 7."],
  CLUSTER_UPGRADE_INVALID: [
    400,
    "Cluster cannot be upgraded, as specified upgrade version is below the current version.",
  ],
  COMPUTE_AUTO_SCALING_INSTANCE_SIZE_RANGE_INVALID: [
    400,
    "The min instance size (%s) must be less than the max instance size (%s).",
  ],
  COMPUTE_AUTO_SCALING_MAX_INSTANCE_SIZE_INVALID: [
    400,
    "The max instance size (%s) must be greater than or equal to proposed instance size (%s).",
  ],
  COMPUTE_AUTO_SCALING_MAX_INSTANCE_SIZE_REQUIRED: [400, "Compute auto-scaling max instance size required."],
  COMPUTE_AUTO_SCALING_MIN_INSTANCE_SIZE_INVALID: [
    400,
    "The min instance size (%s) must be less than or equal to proposed instance size (%s).",
  ],
  COMPUTE_AUTO_SCALING_MIN_INSTANCE_SIZE_REQUIRED: [400, "Compute auto-scaling min instance size required."],
  COMPUTE_AUTO_SCALING_SCALE_DOWN_ENABLED_INVALID: [
    400,
    "Compute auto-scaling must be enabled to enable down-scaling.",
  ],
  DATABASE_NAME_INVALID_ADMIN: [
    400,
    "Database name invalid. Users can only be created on the admin database.",
  ],
  DATABASE_NAME_INVALID_EXTERNAL: [
    400,
    "Database name invalid. Externally authenticated users can only be created on the $external database.",
  ],
  DISK_SIZE_GB_TOO_SMALL: [400, "The selected disk size is smaller than the amount of data currently used."],
  DUPLICATE_ADDRESSES_IN_INPUT: [
    400,
    "Two or more of the IP addresses being added to the access list are the same.",
  ],
  DUPLICATE_CLUSTER_NAME: [400, "A cluster named %s is already present in group %s."],
  DUPLICATE_CLUSTER_NAME_PREFIX: [
    400,
    "Cluster name %s cannot have same first %s characters as another cluster name in same group.",
  ],
  DUPLICATE_DATABASE_ROLES: [400, "Duplicate database roles specified for user %s: %s@%s."],
  GROUP_ALREADY_EXISTS: [409, 'A group with name "%s" already exists.'],
  GROUP_NOT_FOUND: [404, "No group with ID %s exists."],
  INVALID_ATTRIBUTE: [400, "Invalid attribute %s specified."],
  INVALID_CLUSTER_CONFIGURATION: [400, "The specified cluster configuration is not valid."],
  INVALID_ENUM_VALUE: [400, "An invalid enumeration value %s was specified."],
  INVALID_GROUP_ID: [404, "An invalid group ID %s was specified."],
  INVALID_GROUP_NAME: [400, 'An invalid group name "%s" was specified.'],
  INVALID_IP_ADDRESS_OR_CIDR_NOTATION: [400, "The address %s must be in valid IP address or CIDR notation."],
  INVALID_JSON_ATTRIBUTE: [400, "Received JSON for the %s attribute does not match expected format."],
  INVALID_NETWORK_PERMISSION_COMMENT: [400, "The comment %s must be %s characters or less."],
  INVALID_ORG_ID: [404, "An invalid organization ID %s was specified."],
  INVALID_PROVIDER: [400, "No provider %s exists."],
  INVALID_REGION: [400, "No region %s exists for provider %s."],
  INVALID_VERSION_DATE: [406, "Invalid accept header or version date."],
  MALFORMED_JSON: [400, "Received JSON is malformed."],
  MISSING_ATTRIBUTE: [400, "The required attribute %s was not specified."],
  MONGODB_VERSION_INVALID: [400, "An invalid MongoDB version %s was specified."],
  MULTIPLE_VALUES_SPECIFIED_FOR_ONE_NETWORK_PERMISSION_ENTRY: [
    400,
    "Should not specify both the IP address and the CIDR block.",
  ],
  ORG_NOT_FOUND: [404, "No organization with ID %s exists."],
  PROVIDER_BACKUP_NOT_SUPPORTED: [
    400,
    "Provider snapshot backups are not supported for this type of provider.",
  ],
  RESOURCE_NOT_FOUND: [404, "Cannot find resource %s."],
  SHARDING_NOT_SUPPORTED: [400, "Sharding is not supported for the selected instance size."],
  TENANT_CLUSTER_PROCESS_ARGS_NOT_SUPPORTED: [400, "Cannot set custom process args for tenant clusters."],
  TENANT_CLUSTER_UPDATE_UNSUPPORTED: [400, "Cannot update a M0/M2/M5 cluster through the public API."],
  UNEXPECTED_ERROR: [500, "Unexpected error."],
  USER_ALREADY_EXISTS: [409, "A user with username %s already exists."],
  USERNAME_NOT_FOUND: [404, "No user with username %s exists."],
  WEAK_PASSWORD: [400, "The specified password is not strong enough."],
  // The one refusal without a code.
  "": [401, "You are not authorized for this resource."],
} as const satisfies Record<string, readonly [ContentfulStatusCode, string]>;

const reasons = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  406: "Not Acceptable",
  409: "Conflict",
  500: "Internal Server Error",
} as const;

export class AtlasError extends Refusal {
  /** @param parameters what stands for each `%s` of the code's words, in their order */
  constructor(code: keyof typeof refusals, ...parameters: (string | number)[]) {
    const [status, words] = refusals[code];
    const rest = parameters.map(String);
    const detail = words.replaceAll("%s", () => rest.shift() ?? "");
    const body = { detail, reason: reasons[status], parameters: parameters.map(String) };
    super(
      status,
      { error: status, ...(code !== "" && { errorCode: code }), ...body },
      `${status} ${code}: ${detail}`,
    );
  }
}
