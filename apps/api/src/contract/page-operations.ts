import { z } from 'zod';
import { defineOperation } from './operation.js';

/** Files of the dashboard beside its page. */
export const pageFiles = ['app.js', 'app.css', 'icon.svg'] as const;

// What a browser loads is no part of the API, and in no document of it.
export const getPage = defineOperation({
  id: 'getPage', method: 'GET', path: '/', tag: 'dashboard', scope: 'public', isPage: true, summary: 'The dashboard.',
  answers: { 200: { description: 'The page.', contentType: 'text/html' } },
});

export const getPageFile = defineOperation({
  id: 'getPageFile', method: 'GET', path: '/dashboard/{file}', tag: 'dashboard', scope: 'public', isPage: true, summary: 'What the dashboard is made of.',
  params: z.strictObject({ file: z.enum(pageFiles) }),
  answers: { 200: { description: 'A file.' } },
});
