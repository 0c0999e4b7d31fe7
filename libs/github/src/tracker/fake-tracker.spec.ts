import { failOnLeaks } from '@cascade/testing';
import { describeTracker } from './testing/conformance.js';
import { openFakeWorld } from './testing/fake-world.js';

failOnLeaks();

describeTracker('REST with a token, at the fake GitHub', () => openFakeWorld('token'));
describeTracker('REST as an App, at the fake GitHub as an Enterprise server', () => openFakeWorld('app'));
