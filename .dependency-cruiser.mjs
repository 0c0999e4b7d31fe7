// The arrows of ARCHITECTURE.md, as rules that fail closed.
const ours = ['aliased', 'aliased-workspace', 'aliased-tsconfig', 'aliased-tsconfig-paths'];
const pure = '^libs/(messages|contracts|bmad|spec-kit|programs|docs-graph)/';

export default {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-import-of-app', severity: 'error', comment: 'apps never import apps; standalone composes them, and the cli starts standalone and the API\'s MCP server',
      from: { path: '^(apps|libs)/([^/]+)/', pathNot: '^apps/(standalone|cli)/' }, to: { path: '^apps/', pathNot: '^$1/$2/' } },
    { name: 'cli-imports-only-what-it-starts', severity: 'error', from: { path: '^apps/cli/' }, to: { path: '^apps/', pathNot: '^apps/(cli|standalone|api)/' } },
    { name: 'libs-never-import-apps', severity: 'error', from: { path: '^libs/' }, to: { path: '^apps/' } },
    { name: 'messages-import-nothing-of-ours', severity: 'error', from: { path: '^libs/messages/' }, to: { path: '^(libs|apps)/', pathNot: '^libs/messages/' } },
    { name: 'contracts-import-only-messages', severity: 'error', from: { path: '^libs/contracts/', pathNot: '[.]spec[.]ts$' }, to: { path: '^(libs|apps)/', pathNot: '^libs/(contracts|messages)/' } },
    { name: 'streams-import-only-messages', severity: 'error', comment: 'the transport serves any Nest application', from: { path: '^libs/streams/', pathNot: ['[.]spec[.]ts$', '/testing/'] }, to: { path: '^(libs|apps)/', pathNot: '^libs/(streams|messages|telemetry)/' } },
    { name: 'telemetry-imports-only-messages', severity: 'error', from: { path: '^libs/telemetry/', pathNot: '[.]spec[.]ts$' }, to: { path: '^(libs|apps)/', pathNot: '^libs/(telemetry|messages)/' } },
    { name: 'telemetry-only-through-its-room', severity: 'error', comment: 'one place knows the SDKs; what observes says what happened', from: { path: '^(apps|libs)/', pathNot: ['[.]spec[.]ts$', '^libs/(telemetry|testing|chaos)/', '/testing/'] }, to: { path: 'node_modules/(@opentelemetry|pino)/' } },
    { name: 'pure-rooms-import-no-framework', severity: 'error', from: { path: pure }, to: { path: 'node_modules/(@nestjs|ioredis|openai|@boundaryml)/' } },
    { name: 'pure-rooms-import-only-contracts', severity: 'error', from: { path: '^libs/(bmad|spec-kit|programs)/', pathNot: '[.]spec[.]ts$' }, to: { path: '^libs/', pathNot: '^libs/(messages|contracts|bmad|spec-kit|programs)/' } },
    { name: 'docs-graph-imports-only-messages', severity: 'error', comment: 'facts and search know repositories, nothing of cascades', from: { path: '^libs/docs-graph/', pathNot: '[.]spec[.]ts$' }, to: { path: '^(libs|apps)/', pathNot: '^libs/(docs-graph|messages)/' } },
    { name: 'engine-only-through-the-store', severity: 'error', comment: 'Kuzu is a projection behind a port', from: { path: '^(apps|libs)/', pathNot: '^libs/docs-graph/src/store/' }, to: { path: 'node_modules/(kuzu|@ladybugdb)/' } },
    { name: 'model-only-through-llm', severity: 'error', from: { path: '^(apps|libs)/', pathNot: '^libs/(llm|testing)/' }, to: { path: 'node_modules/(openai|@boundaryml)/' } },
    { name: 'github-only-through-its-room', severity: 'error', comment: 'one place knows GitHub\'s API, its limits and its credentials', from: { path: '^(apps|libs)/', pathNot: '^libs/(github|github-fake)/' }, to: { path: 'node_modules/@octokit/', pathNot: 'node_modules/@octokit/webhooks-examples/' } },
    { name: 'mcp-only-in-its-rooms', severity: 'error', comment: 'the tracker\'s client, and the API\'s server', from: { path: '^(apps|libs)/', pathNot: ['[.]spec[.]ts$', '^libs/(github|github-fake)/', '^apps/api/src/mcp/'] }, to: { path: 'node_modules/@modelcontextprotocol/' } },
    { name: 'github-fake-only-in-tests', severity: 'error', from: { path: '^(apps|libs)/', pathNot: ['[.]spec[.]ts$', '^libs/(testing|chaos|github-fake)/', '/testing/'] }, to: { path: '^libs/github-fake/' } },
    { name: 'testing-only-in-tests', severity: 'error', from: { path: '^(apps|libs)/', pathNot: ['[.]spec[.]ts$', '^libs/(testing|chaos|github-fake)/', '/testing/'] }, to: { path: '^libs/testing/' } },
    { name: 'chaos-serves-nobody', severity: 'error', comment: 'a tool that breaks the services from outside; specs may use its parts', from: { path: '^(apps|libs)/', pathNot: ['[.]spec[.]ts$', '^libs/chaos/', '/testing/'] }, to: { path: '^libs/chaos/' } },
    { name: 'chaos-imports-only-what-it-measures-with', severity: 'error', from: { path: '^libs/chaos/' }, to: { path: '^(apps|libs)/', pathNot: '^libs/(chaos|testing|state|streams|contracts|messages|local-runtime)/' } },
    { name: 'dashboard-is-a-client', severity: 'error', comment: 'it runs in a browser: of the API it knows the types of the contract', from: { path: '^apps/api/src/dashboard/', pathNot: '[.]spec[.]ts$' }, to: { pathNot: ['^apps/api/src/dashboard/', '^apps/api/src/contract/', 'node_modules/(preact|@preact)/', 'node_modules/zod/'] } },
    { name: 'browsers-only-in-the-dashboard', severity: 'error', from: { path: '^(apps|libs)/', pathNot: '^apps/api/src/dashboard/' }, to: { path: 'node_modules/(preact|@preact)/' } },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    { name: 'no-relative-cross-project', severity: 'error', from: { path: '^(apps|libs)/([^/]+)/' }, to: { path: '^(apps|libs)/', pathNot: '^$1/$2/', dependencyTypesNot: ours } },
    { name: 'no-deep-lib-import', severity: 'error', from: { path: '^(apps|libs)/([^/]+)/' }, to: { path: '^libs/[^/]+/src/.+', pathNot: ['^$1/$2/', '^libs/[^/]+/src/index[.]ts$'] } },
    { name: 'no-undeclared-dep', severity: 'error', from: { path: '^(apps|libs)' }, to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['@cascade/source', 'import', 'node', 'default'], extensions: ['.ts', '.tsx', '.js'] },
    exclude: { path: '(dist|out-tsc|baml_client)/' },
  },
};
