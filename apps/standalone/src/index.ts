export { docsServices, services, startStandalone, type Standalone } from './standalone.js';
