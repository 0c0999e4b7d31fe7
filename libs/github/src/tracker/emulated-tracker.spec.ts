import { failOnLeaks } from '@cascade/testing';
import { describeTracker } from './testing/conformance.js';
import { missingInEmulate, openEmulatedWorld } from './testing/emulated-world.js';

failOnLeaks();

describeTracker('REST, at emulate', openEmulatedWorld, missingInEmulate);
