/** How Atlas refuses: by a code, whose words have parameters. */
import { Refusal } from "../api.ts";

/**
 * The words of each code. They, and the status, are those of Atlas' own list, unless a comment here or at the place
 * of use says that something is a guess.
 *
 * @see https://www.mongodb.com/docs/atlas/reference/api-errors/
 */
const words = {
  ATLAS_INVALID_ROLE: "The specified role %s@%s does not exist.",
  ATLAS_INVALID_ROLE_DATABASE: "The specified role %s only exists for database admin.",
  ATLAS_NETWORK_PERMISSION_ENTRY_NOT_FOUND: "IP Address %s not on Atlas access list for group %s.",
  ATLAS_NETWORK_PERMISSIONS_LIMIT_EXCEEDED:
    "Too many network permission entries. Only %s entries are supported.",
  CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_CLUSTERS:
    "Cannot close group while it has active clusters; please terminate all clusters.",
  // The code's name misleads: it is what Atlas answers for a second M0, in these words (logs of the provider's tests).
  CANNOT_CREATE_FREE_CLUSTER_VIA_PUBLIC_API:
    "Cannot create a cluster with instance size M0 via the public api: %s",
  CANNOT_CREATE_PAUSED_CLUSTER: "Cluster %s cannot be created in a paused state.",
  CANNOT_TERMINATE_CLUSTER_WHEN_TERMINATION_PROTECTION_ENABLED:
    "Cannot terminate a cluster when termination protection is enabled. Disable termination protection and try again.",
  // Not in Atlas' list; the provider's acceptance tests expect it. The status is a guess.
  CANNOT_UPDATE_PAUSED_CLUSTER: "Cannot update cluster %s while it is paused or being paused.",
  CANNOT_USE_AWS_SECURITY_GROUP_WITHOUT_VPC_PEERING_CONNECTION:
    "Cannot use AWS security groups as access list entries without a VPC peering connection.",
  CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API: "Cannot use Flex cluster %s in the Cluster API.",
  CANNOT_USE_NON_FLEX_CLUSTER_IN_FLEX_API: "Cannot use non-Flex cluster %s in the Flex API.",
  CLUSTER_ALREADY_REQUESTED_DELETION: "The cluster %s has already been requested for deletion.",
  CLUSTER_CANNOT_CHANGE_NAME: "Cannot change name of cluster during an update.",
  CLUSTER_CANNOT_CHANGE_PROVIDER_NAME: "Cannot change the cloud provider of a cluster.",
  CLUSTER_DISK_SIZE_INVALID: "Invalid disk size: must be between %s and %s GB.",
  CLUSTER_DISK_SIZE_NOT_WHOLE_NUMBER:
    "The cluster's disk size of %s GB is invalid. The disk size must be a positive whole number.",
  CLUSTER_NAME_INVALID:
    "The cluster name %s is invalid. The name can only contain ASCII letters, numbers, and hyphens.",
  CLUSTER_NAME_TOO_LONG: "Cluster name %s is limited to %s characters.",
  CLUSTER_NOT_FOUND: "No cluster named %s exists in group %s.",
  CLUSTER_REPLICATION_FACTOR_INVALID: "The cluster's replication factor must be either 3, 5, or 7.",
  CLUSTER_UPGRADE_INVALID:
    "Cluster cannot be upgraded, as specified upgrade version is below the current version.",
  COMPUTE_AUTO_SCALING_INSTANCE_SIZE_RANGE_INVALID:
    "The min instance size (%s) must be less than the max instance size (%s).",
  COMPUTE_AUTO_SCALING_MAX_INSTANCE_SIZE_INVALID:
    "The max instance size (%s) must be greater than or equal to proposed instance size (%s).",
  COMPUTE_AUTO_SCALING_MAX_INSTANCE_SIZE_REQUIRED: "Compute auto-scaling max instance size required.",
  COMPUTE_AUTO_SCALING_MIN_INSTANCE_SIZE_INVALID:
    "The min instance size (%s) must be less than or equal to proposed instance size (%s).",
  COMPUTE_AUTO_SCALING_MIN_INSTANCE_SIZE_REQUIRED: "Compute auto-scaling min instance size required.",
  COMPUTE_AUTO_SCALING_SCALE_DOWN_ENABLED_INVALID:
    "Compute auto-scaling must be enabled to enable down-scaling.",
  DATABASE_NAME_INVALID_ADMIN: "Database name invalid. Users can only be created on the admin database.",
  DATABASE_NAME_INVALID_EXTERNAL:
    "Database name invalid. Externally authenticated users can only be created on the $external database.",
  DISK_SIZE_GB_TOO_SMALL: "The selected disk size is smaller than the amount of data currently used.",
  DUPLICATE_ADDRESSES_IN_INPUT:
    "Two or more of the IP addresses being added to the access list are the same.",
  DUPLICATE_CLUSTER_NAME: "A cluster named %s is already present in group %s.",
  DUPLICATE_CLUSTER_NAME_PREFIX:
    "Cluster name %s cannot have same first %s characters as another cluster name in same group.",
  DUPLICATE_DATABASE_ROLES: "Duplicate database roles specified for user %s: %s@%s.",
  GROUP_ALREADY_EXISTS: 'A group with name "%s" already exists.',
  GROUP_NOT_FOUND: "No group with ID %s exists.",
  INVALID_ATTRIBUTE: "Invalid attribute %s specified.",
  INVALID_CLUSTER_CONFIGURATION: "The specified cluster configuration is not valid.",
  INVALID_ENUM_VALUE: "An invalid enumeration value %s was specified.",
  INVALID_GROUP_ID: "An invalid group ID %s was specified.",
  INVALID_GROUP_NAME: 'An invalid group name "%s" was specified.',
  INVALID_IP_ADDRESS_OR_CIDR_NOTATION: "The address %s must be in valid IP address or CIDR notation.",
  INVALID_JSON_ATTRIBUTE: "Received JSON for the %s attribute does not match expected format.",
  INVALID_NETWORK_PERMISSION_COMMENT: "The comment %s must be %s characters or less.",
  INVALID_ORG_ID: "An invalid organization ID %s was specified.",
  INVALID_PROVIDER: "No provider %s exists.",
  INVALID_REGION: "No region %s exists for provider %s.",
  INVALID_VERSION_DATE: "Invalid accept header or version date.",
  MALFORMED_JSON: "Received JSON is malformed.",
  MISSING_ATTRIBUTE: "The required attribute %s was not specified.",
  MONGODB_VERSION_INVALID: "An invalid MongoDB version %s was specified.",
  MULTIPLE_VALUES_SPECIFIED_FOR_ONE_NETWORK_PERMISSION_ENTRY:
    "Should not specify both the IP address and the CIDR block.",
  ORG_NOT_FOUND: "No organization with ID %s exists.",
  PROVIDER_BACKUP_NOT_SUPPORTED: "Provider snapshot backups are not supported for this type of provider.",
  RESOURCE_NOT_FOUND: "Cannot find resource %s.",
  SHARDING_NOT_SUPPORTED: "Sharding is not supported for the selected instance size.",
  TENANT_CLUSTER_PROCESS_ARGS_NOT_SUPPORTED: "Cannot set custom process args for tenant clusters.",
  TENANT_CLUSTER_UPDATE_UNSUPPORTED: "Cannot update a M0/M2/M5 cluster through the public API.",
  UNEXPECTED_ERROR: "Unexpected error.",
  USER_ALREADY_EXISTS: "A user with username %s already exists.",
  USERNAME_NOT_FOUND: "No user with username %s exists.",
  WEAK_PASSWORD: "The specified password is not strong enough.",
  // The one refusal without a code.
  "": "You are not authorized for this resource.",
};
type Code = keyof typeof words;

/** Status of those codes that are not a 400. */
const statuses: { [K in Code]?: keyof typeof reasons } = {
  ATLAS_NETWORK_PERMISSION_ENTRY_NOT_FOUND: 404,
  ATLAS_NETWORK_PERMISSIONS_LIMIT_EXCEEDED: 403,
  CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_CLUSTERS: 409,
  CANNOT_UPDATE_PAUSED_CLUSTER: 409,
  CLUSTER_NOT_FOUND: 404,
  GROUP_ALREADY_EXISTS: 409,
  GROUP_NOT_FOUND: 404,
  INVALID_GROUP_ID: 404,
  INVALID_ORG_ID: 404,
  INVALID_VERSION_DATE: 406,
  ORG_NOT_FOUND: 404,
  RESOURCE_NOT_FOUND: 404,
  UNEXPECTED_ERROR: 500,
  USER_ALREADY_EXISTS: 409,
  USERNAME_NOT_FOUND: 404,
  "": 401,
};

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
  constructor(code: Code, ...parameters: (string | number)[]) {
    const status = statuses[code] ?? 400;
    const rest = parameters.map(String);
    const detail = words[code].replaceAll("%s", () => rest.shift() ?? "");
    const body = { detail, reason: reasons[status], parameters: parameters.map(String) };
    const named = code !== "" && { errorCode: code };
    super(status, { error: status, ...named, ...body }, `${status} ${code}: ${detail}`);
  }
}
