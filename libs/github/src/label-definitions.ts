import type { Label } from './tracker/issue-tracker.js';

const grey = 'cfd3d7';

/** The labels of mirrored issues, with what they mean; `label` is the one that all of them have. */
export const labelDefinitions = (label: string): readonly Label[] => [
  { name: label, color: '5319e7', description: 'Mirrored by Cascade; put on an issue of yours it asks Cascade to do it' },
  { name: 'epic', color: '3e4b9e', description: 'An epic of Cascade' },
  { name: 'story', color: '1d76db', description: 'A story of Cascade' },
  { name: 'task', color: 'c5def5', description: 'A task of Cascade' },
  { name: 'qa', color: 'bfdadc', description: 'A QA assessment of Cascade: a risk profile or a test design' },
  { name: 'tier-0', color: grey, description: 'Written by Cascade\'s tier of stories' },
  { name: 'tier-2', color: grey, description: 'Written by Cascade\'s tiers of specifications and programs' },
  { name: 'status:draft', color: grey, description: '' },
  { name: 'status:approved', color: 'fbca04', description: '' },
  { name: 'status:done', color: '0e8a16', description: '' },
  { name: 'status:cancelled', color: grey, description: 'Its cascade ended without a result' },
  ...(['minimal', 'low', 'medium', 'high', 'critical'] as const).map((level, index) => ({ name: `risk:${level}`, color: ['c2e0c6', 'c2e0c6', 'fef2c0', 'f9d0c4', 'b60205'][index] ?? grey, description: 'The highest risk of a story' })),
  { name: 'sync:conflict', color: 'd93f0b', description: 'A text of yours was kept as a comment; take the label off when you have dealt with it' },
];
