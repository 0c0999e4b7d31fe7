export { services, startStandalone, type Standalone } from './standalone.js';
