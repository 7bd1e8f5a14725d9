/** What is known of a language: its grammar, and which of its nodes define something under a name. */
export interface LanguageFacts {
  /** The file `tree-sitter-<grammar>.wasm` of @vscode/tree-sitter-wasm. */
  readonly grammar: string;
  /** What people call it. */
  readonly name: string;
  /** A tree-sitter query: `@name` within `@function`, `@class`, `@type` or `@module`. */
  readonly definitions: string;
  /** Nodes that stand around a definition and belong to it, such as `export`. */
  readonly wrappers: readonly string[];
}

const SCRIPT = `
(function_declaration name: (_) @name) @function
(generator_function_declaration name: (_) @name) @function
(method_definition name: (_) @name) @function
(class_declaration name: (_) @name) @class
(variable_declarator name: (identifier) @name value: [(arrow_function) (function_expression) (generator_function)]) @function`;

const TYPES = `${SCRIPT}
(abstract_class_declaration name: (_) @name) @class
(function_signature name: (_) @name) @function
(abstract_method_signature name: (_) @name) @function
(interface_declaration name: (_) @name) @type
(type_alias_declaration name: (_) @name) @type
(enum_declaration name: (_) @name) @type
(internal_module name: (_) @name) @module
(public_field_definition name: (_) @name value: [(arrow_function) (function_expression)]) @function`;

const SCRIPT_WRAPPERS = ['lexical_declaration', 'variable_declaration', 'export_statement', 'ambient_declaration'];

const of = (grammar: string, name: string, definitions: string, wrappers: readonly string[] = []): LanguageFacts => ({
  grammar,
  name,
  definitions,
  wrappers,
});

const javascript = of('javascript', 'JavaScript', SCRIPT, SCRIPT_WRAPPERS);
const typescript = of('typescript', 'TypeScript', TYPES, SCRIPT_WRAPPERS);
const tsx = of('tsx', 'TypeScript', TYPES, SCRIPT_WRAPPERS);
const python = of(
  'python',
  'Python',
  '(function_definition name: (_) @name) @function (class_definition name: (_) @name) @class',
  ['decorated_definition'],
);
const go = of(
  'go',
  'Go',
  `(function_declaration name: (_) @name) @function
(method_declaration name: (_) @name) @function
(type_declaration (type_spec name: (_) @name)) @type`,
);
const rust = of(
  'rust',
  'Rust',
  `(function_item name: (_) @name) @function
(struct_item name: (_) @name) @type
(enum_item name: (_) @name) @type
(trait_item name: (_) @name) @type
(type_item name: (_) @name) @type
(mod_item name: (_) @name) @module
(macro_definition name: (_) @name) @function`,
);
const java = of(
  'java',
  'Java',
  `(method_declaration name: (_) @name) @function
(constructor_declaration name: (_) @name) @function
(class_declaration name: (_) @name) @class
(interface_declaration name: (_) @name) @type
(enum_declaration name: (_) @name) @type
(record_declaration name: (_) @name) @type`,
);
const csharp = of(
  'c-sharp',
  'C#',
  `(method_declaration name: (_) @name) @function
(local_function_statement name: (_) @name) @function
(constructor_declaration name: (_) @name) @function
(class_declaration name: (_) @name) @class
(struct_declaration name: (_) @name) @type
(interface_declaration name: (_) @name) @type
(enum_declaration name: (_) @name) @type
(record_declaration name: (_) @name) @type
(namespace_declaration name: (_) @name) @module`,
);
const cpp = of(
  'cpp',
  'C++',
  `(function_definition declarator: (function_declarator declarator: (_) @name)) @function
(function_definition declarator: (pointer_declarator declarator: (function_declarator declarator: (_) @name))) @function
(class_specifier name: (_) @name body: (_)) @class
(struct_specifier name: (_) @name body: (_)) @type
(enum_specifier name: (_) @name body: (_)) @type
(namespace_definition name: (_) @name) @module`,
  ['template_declaration'],
);
const php = of(
  'php',
  'PHP',
  `(function_definition name: (_) @name) @function
(method_declaration name: (_) @name) @function
(class_declaration name: (_) @name) @class
(interface_declaration name: (_) @name) @type
(trait_declaration name: (_) @name) @type
(enum_declaration name: (_) @name) @type`,
);
const ruby = of(
  'ruby',
  'Ruby',
  `(method name: (_) @name) @function
(singleton_method name: (_) @name) @function
(class name: (_) @name) @class
(module name: (_) @name) @module`,
);
const bash = of('bash', 'shell', '(function_definition name: (_) @name) @function');
const powershell = of(
  'powershell',
  'PowerShell',
  `(function_statement (function_name) @name) @function
(class_statement (simple_name) @name) @class
(class_method_definition (simple_name) @name) @function`,
);

const BY_EXTENSION: Readonly<Record<string, LanguageFacts>> = {
  js: javascript,
  mjs: javascript,
  cjs: javascript,
  jsx: javascript,
  ts: typescript,
  mts: typescript,
  cts: typescript,
  tsx,
  py: python,
  pyi: python,
  go,
  rs: rust,
  java,
  cs: csharp,
  c: cpp,
  h: cpp,
  cc: cpp,
  cpp,
  cxx: cpp,
  hpp: cpp,
  hh: cpp,
  php,
  rb: ruby,
  sh: bash,
  bash,
  ps1: powershell,
  psm1: powershell,
};

/** The language of a file, by the end of its name. */
export function languageOf(path: string): LanguageFacts | undefined {
  const end = /\.([^./\\]+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
  return Object.hasOwn(BY_EXTENSION, end) ? BY_EXTENSION[end] : undefined;
}

export const languages: readonly LanguageFacts[] = [...new Set(Object.values(BY_EXTENSION))];
