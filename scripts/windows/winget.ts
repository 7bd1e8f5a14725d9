/** The manifest of one version for winget, Windows' package manager: three files, schema 1.6.0. */
import { stringify } from 'yaml';

export interface WingetOptions {
  readonly version: string;
  /** Where Setup of that version can be had. */
  readonly url: string;
  /** Of Setup, in hexadecimal digits. */
  readonly sha256: string;
}

const IDENTIFIER = 'OSPAiN2.OSPAiN2';
const SCHEMA = '1.6.0';

/** Their names, and what they say. */
export function wingetManifest({ version, url, sha256 }: WingetOptions): ReadonlyMap<string, string> {
  if (!/^https:\/\/./.test(url)) throw new Error(`winget wants an address with https, not '${url}'`);
  if (!/^[0-9a-f]{64}$/i.test(sha256)) throw new Error(`'${sha256}' is not a SHA-256`);
  const file = (type: string, content: object): string => {
    const all = {
      PackageIdentifier: IDENTIFIER,
      PackageVersion: version,
      ...content,
      ManifestType: type,
      ManifestVersion: SCHEMA,
    };
    const schema = `https://aka.ms/winget-manifest.${type}.${SCHEMA}.schema.json`;
    // Quoted, since a version such as 1.10 would be a number.
    return `# yaml-language-server: $schema=${schema}\n${stringify(all, { defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN' })}`;
  };
  return new Map([
    [`${IDENTIFIER}.yaml`, file('version', { DefaultLocale: 'en-US' })],
    [
      `${IDENTIFIER}.installer.yaml`,
      file('installer', {
        MinimumOSVersion: '10.0.17763.0',
        InstallerType: 'nullsoft',
        Scope: 'user',
        InstallModes: ['interactive', 'silent'],
        UpgradeBehavior: 'install',
        Commands: ['ospain2'],
        ProductCode: 'OSPAiN2',
        Dependencies: { PackageDependencies: [{ PackageIdentifier: 'Microsoft.VCRedist.2015+.x64' }] },
        Installers: [{ Architecture: 'x64', InstallerUrl: url, InstallerSha256: sha256.toUpperCase() }],
      }),
    ],
    [
      `${IDENTIFIER}.locale.en-US.yaml`,
      file('defaultLocale', {
        PackageLocale: 'en-US',
        Publisher: 'OSPAiN2',
        PackageName: 'OSPAiN2',
        License: 'MIT',
        ShortDescription:
          'A sovereign, offline AI platform for one developer: tasks, agents and models on your own machine.',
        Moniker: 'ospain2',
        Tags: ['ai', 'cli', 'llama', 'local', 'offline'],
      }),
    ],
  ]);
}
