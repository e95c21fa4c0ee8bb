import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Folder } from '../entrypoint/support/folder.ts';

/** A CA of nobody, valid until 2126. */
export const CA = `-----BEGIN CERTIFICATE-----
MIIBeTCCAR+gAwIBAgIUXJB9qrx8rio/YfMVPRgkiL4ubtkwCgYIKoZIzj0EAwIw
ETEPMA0GA1UEAwwGTm9ib2R5MCAXDTI2MTEyNDA2NTgyOFoYDzIxMjYxMDMxMDY1
ODI4WjARMQ8wDQYDVQQDDAZOb2JvZHkwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
AAT2caheiFXOscSqFvHW/OHWQIXSw5D4kw6C4dP5w794SpGnEUYG5ORwCJxooNZ/
5j4KrJKG9let1nRALD3F+CX+o1MwUTAdBgNVHQ4EFgQUc1otdEA7ExkXa2hp2hL2
cOd1bJYwHwYDVR0jBBgwFoAUc1otdEA7ExkXa2hp2hL2cOd1bJYwDwYDVR0TAQH/
BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiEA909js6TnuXpjMkddtKBorh4eetyN
Rv9VzyzsNX+IKIkCIBk6qkugjADwOnVG5wG0VoofL+C6+hDuTw5aTyU1Sj+I
-----END CERTIFICATE-----
`;

/** The same, no longer valid since 2020. */
const EXPIRED = `-----BEGIN CERTIFICATE-----
MIIBCDCBsAIBATAKBggqhkjOPQQDAjARMQ8wDQYDVQQDDAZOb2JvZHkwHhcNMTkw
MTAxMDAwMDAwWhcNMjAwMTAxMDAwMDAwWjARMQ8wDQYDVQQDDAZOb2JvZHkwWTAT
BgcqhkjOPQIBBggqhkjOPQMBBwNCAASuxfoAVumfFd7Ud03jaxA8XIIdvPlZShfF
WwDDV0eVpng/Kh1PbE5bLARcH/sbrG/OmXRqhPRgYC/rz1SCmuK6MAoGCCqGSM49
BAMCA0cAMEQCIEkj+jIbQvb47L6/CzMSjFWvw4V5VYDq3FJHB65HCGG+AiA8atC1
DVe67TaOE4hPivjPpQF/PRPBv2nrTcICX7VaOg==
-----END CERTIFICATE-----
`;

/** A key, and the certificate that was made with it. */
const KEY = `-----BEGIN EC PRIVATE KEY-----
MHcCAQEEIE/BNc4cH3a34MlbSCpgYEQBb8aFomWnKh1fjGSpWC+XoAoGCCqGSM49
AwEHoUQDQgAE6XX95k4dflwtNMxOOiRHOLC3qxeiTso804v3hQTwIE+1yMKuvHw+
W3jPfoqQO1eSoDRvoiuxul6qQrtb+hNSBA==
-----END EC PRIVATE KEY-----
`;
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBkDCCATegAwIBAgIUcVAkHNYYopFG+LLmLBjPkCEyDoMwCgYIKoZIzj0EAwIw
HTEbMBkGA1UEAwwScmVsYXkuaG9tZS5leGFtcGxlMCAXDTI2MTEyNDA4MjMwMloY
DzIxMjYxMDMxMDgyMzAyWjAdMRswGQYDVQQDDBJyZWxheS5ob21lLmV4YW1wbGUw
WTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATpdf3mTh1+XC00zE46JEc4sLerF6JO
yjzTi/eFBPAgT7XIwq68fD5beM9+ipA7V5KgNG+iK7G6XqpCu1v6E1IEo1MwUTAd
BgNVHQ4EFgQUPa6u9OjwDlh1iDIBCSVUbAu7+bYwHwYDVR0jBBgwFoAUPa6u9Ojw
Dlh1iDIBCSVUbAu7+bYwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNHADBE
AiBha+Oo5mZpJ/xrHCvJb0VTUa5VfNgHul/nI0Uy7NpBCgIgKqYPw9XNUFbo10Kd
002CrmOhQa+91GUdZ0w22t/YfT0=
-----END CERTIFICATE-----
`;

/** What the lines of the corpus find below `$FILES`. */
export function writeFiles(folder: Folder): void {
  const files: Readonly<Record<string, string | Uint8Array>> = {
    secret: 's3cret\n',
    empty: '',
    newline: '\n',
    'two-lines': 's3cret\ns3cret\n',
    'two-newlines': 's3cret\n\n',
    nul: 's3cret\0',
    latin1: Uint8Array.of(0x73, 0x33, 0xe9),
    'trailing-blank': 's3cret \n',
    text: 'nothing of the kind\n',
    'ca.pem': CA,
    'expired.pem': EXPIRED,
    'server.pem': CERTIFICATE,
    'server.key': KEY,
    'server-with-key.pem': CERTIFICATE + KEY,
    'broken.pem': '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
    'key.pem': '-----BEGIN PRIVATE KEY-----\ns3cret\n-----END PRIVATE KEY-----\n',
    header_checks: '/^Subject: secret/ HOLD\n',
    'accounts.sqlite': '',
    transport: 'example.org smtp:[192.0.2.1]:25\n',
    'env-line': 'RELAY_PASSWORD=s3cret\n',
    'yaml-line': 'password: s3cret\n',
    'sasl-line': '[mail.isp.example]:587 hoge:s3cret\n',
    utf16: Buffer.from('\ufeffs3cret\n', 'utf16le'),
    'utf16-bare': Buffer.from('s3cret\n', 'utf16le'),
    'utf16.yaml': Buffer.from('\ufeffrelay: {host: mail.isp.example}\n', 'utf16le'),
    'bom-only': '\ufeff',
    'leading-newline': '\ns3cret\n',
    tab: 's3\tcret\n',
    cr: 's3cret\r',
    'good.yaml': 'relay: {host: mail.isp.example}\n',
    'bom.yaml': '\ufeffrelay: {host: mail.isp.example}\n',
    'crlf.yaml': 'relay:\r\n  host: mail.isp.example\r\n',
    'crlf-secret': 's3cret\r\n',
    'bom-secret': '\ufeffs3cret\n',
    'odd-secret': '  #s3cret "$x" \\ \'é 密\n',
  };
  for (const [name, content] of Object.entries(files)) folder.write(name, content);
  mkdirSync(join(folder.path, 'directory'));
}
