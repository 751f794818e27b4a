import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';
import { houseRules } from './eslint-rules/house-rules.js';

const typescript = {
  languageOptions: { parser: tseslint.parser, ecmaVersion: 2024, sourceType: 'module' },
  plugins: { muster: houseRules, ts: tseslint.plugin },
};

export default [
  { ignores: ['node_modules/', 'out/', 'coverage/', '.cache/', 'tests/fixtures/**/!(*.ts)', 'resources/'] },
  // Nobody switches a rule off inside a file: move the wall here, and say why.
  { linterOptions: { noInlineConfig: true } },
  {
    files: ['**/*.{ts,tsx,js,mjs,cjs}'],
    ...typescript,
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-var': 'error',
      'prefer-const': 'error',
      'muster/file-name': 'error',
      'muster/no-empty-catch': 'error',
    },
  },
  {
    files: ['**/*.{ts,tsx}'],
    rules: {
      'muster/no-enum': 'error',
      'muster/no-barrel': 'error',
      'ts/no-explicit-any': 'error',
      'ts/ban-ts-comment': ['error', { 'ts-expect-error': 'allow-with-description', minimumDescriptionLength: 10 }],
    },
  },
  {
    files: ['src/shared/**/*.ts', 'src/main/**/*.ts', 'tests/**/*.ts', 'e2e/**/*.ts', 'bench/**/*.ts'],
    languageOptions: {
      parserOptions: { project: ['./tsconfig.node.json', './tsconfig.page-tests.json'], tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      'ts/no-floating-promises': 'error',
      'ts/no-misused-promises': 'error',
      'ts/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    files: ['src/renderer/**/*.{ts,tsx}'],
    languageOptions: { parserOptions: { project: ['./tsconfig.web.json'], tsconfigRootDir: import.meta.dirname } },
    plugins: { 'react-hooks': reactHooks },
    rules: {
      'ts/no-floating-promises': 'error',
      'ts/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      'ts/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      'react-hooks/rules-of-hooks': 'error',
      'react-hooks/exhaustive-deps': 'error',
    },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    rules: {
      'muster/no-default-export': 'error',
      'max-lines': ['error', { max: 400 }],
      'max-lines-per-function': ['error', { max: 80 }],
    },
  },
  // A component is a function of markup: as long as a screen, no longer.
  { files: ['src/renderer/**/*.tsx'], rules: { 'max-lines-per-function': ['error', { max: 120 }] } },
  {
    files: ['src/shared/**/*.ts', 'src/main/runtime/**/*.ts'],
    ignores: ['src/main/runtime/platform/system-clock.ts'],
    rules: { 'muster/no-ambient-time': 'error' },
  },
  {
    files: ['src/shared/**/*.ts', 'src/main/runtime/**/*.ts'],
    ignores: ['src/main/runtime/platform/random-ids.ts'],
    rules: { 'muster/no-ambient-chance': 'error' },
  },
  { files: ['tests/**/*.ts', 'e2e/**/*.ts'], rules: { 'muster/no-module-mock': 'error' } },
];
