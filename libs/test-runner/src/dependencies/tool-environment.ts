/**
 * What npm and pip get to see of our environment: how to reach a registry, and nothing else. Our own environment holds the keys of
 * models and trackers.
 */
const kept = /^(?:PATH|HOME|TMPDIR|LANG|LC_ALL|SSL_CERT_FILE|SSL_CERT_DIR|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|NODE_EXTRA_CA_CERTS|PIP_\w+)$|^(?:https?|no|all)_proxy$|^npm_config_(?:registry|cache|cafile|ca|strict_ssl|proxy|https_proxy|noproxy|userconfig|globalconfig|fetch_\w+|@.+:registry|\/\/.+)$/i;

export function toolEnvironment(): Record<string, string> {
  return Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined && kept.test(entry[0])));
}
