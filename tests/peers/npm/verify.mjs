// Verifies a bundle that was signed with a key, and in no log, with Sigstore's own JavaScript library.
// usage: verify.mjs BUNDLE PUBLIC_KEY_PEM
// Prints the payload of what it accepts; 1 for what it rejects, with the reason on standard error.
import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { bundleFromJSON } from '@sigstore/bundle';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { toSignedEntity, toTrustMaterial, Verifier } from '@sigstore/verify';

const [file, key] = process.argv.slice(2);
if (key === undefined) {
  console.error('usage: verify.mjs BUNDLE PUBLIC_KEY_PEM');
  process.exit(2);
}
const nobody = TrustedRoot.fromJSON({
  mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
});
const always = { publicKey: createPublicKey(readFileSync(key)), validFor: () => true };
const thresholds = { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 };
try {
  const bundle = bundleFromJSON(JSON.parse(readFileSync(file, 'utf8')));
  const verifier = new Verifier(toTrustMaterial(nobody, () => always), thresholds);
  verifier.verify(toSignedEntity(bundle));
  process.stdout.write(bundle.content.dsseEnvelope.payload);
} catch (error) {
  console.error(`rejected: ${error.message}`);
  process.exitCode = 1;
}
