import { fileURLToPath } from 'node:url';

export default {
  // Goes with the checkout; by default it would stay in the temporary folder.
  "cacheDirectory": fileURLToPath(new URL('.cache/jest', import.meta.url)),
  // Real servers, repositories and sandboxes: on a small or busy machine limits that fit an idle one are over too soon; a test that hangs is told by what it waits for.
  "testTimeout": 240_000,
  "testEnvironment": "node",
  "testMatch": [
    "<rootDir>/src/**/*.spec.ts"
  ],
  "transform": {
    "^.+\\.ts$": [
      "@swc/jest",
      {
        "swcrc": false,
        "jsc": {
          "target": "es2023",
          "parser": {
            "syntax": "typescript",
            "decorators": true
          },
          "transform": {
            "legacyDecorator": true,
            "decoratorMetadata": true,
            "useDefineForClassFields": false
          },
          "keepClassNames": true
        },
        "module": {
          "type": "es6"
        },
        "sourceMaps": "inline"
      }
    ]
  },
  "extensionsToTreatAsEsm": [
    ".ts"
  ],
  "moduleNameMapper": {
    "^(\\.{1,2}/.*)\\.js$": "$1"
  },
  "testEnvironmentOptions": {
    "customExportConditions": [
      "@cascade/source",
      "node",
      "node-addons"
    ]
  },
  "passWithNoTests": true
};
