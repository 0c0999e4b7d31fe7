import { cascades, work } from './run-dashboards.js';
import { github, models } from './model-dashboards.js';
import { streams } from './stream-dashboards.js';
import type { DashboardDefinition } from './dashboard.js';

export const dashboards: readonly DashboardDefinition[] = [streams, cascades, models, github, work];
